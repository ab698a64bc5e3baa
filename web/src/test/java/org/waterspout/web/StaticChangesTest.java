// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.url;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.routing.Rule;

/** Files that change, and files too large to be read for their tags. */
class StaticChangesTest extends HandlerTest {
  private static final FileTime THEN = FileTime.from(Instant.parse("2020-02-03T04:05:06.789Z"));

  /** Whoever has it has not settled, however slow the test is. */
  private static final FileTime SOON = FileTime.from(Instant.now().plus(Duration.ofDays(1)));

  @TempDir Path root;

  private Path file(String content, FileTime time) throws IOException {
    var file = Files.writeString(root.resolve("a.log"), content);
    return Files.setLastModifiedTime(file, time);
  }

  /** So large that to read it takes longer than any test; without content on the disk. */
  private Path huge(FileTime time) throws IOException {
    var file = root.resolve("a.log");
    try (var channel =
        Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap("begin".getBytes()));
      channel.position(1L << 40).write(ByteBuffer.wrap("end".getBytes()));
    }
    return Files.setLastModifiedTime(file, time);
  }

  private Rule rule() {
    return url("/s/(.*)", () -> new StaticFileHandler(root));
  }

  private FakeConnection get() throws Exception {
    return get("/s/a.log", rule());
  }

  private static String tag(FakeConnection answer) {
    return String.valueOf(answer.header("ETag"));
  }

  /** What is found first grows at once. */
  private final class Growing extends StaticFileHandler {
    private boolean grown;

    Growing() {
      super(root);
    }

    @Override
    protected @Nullable StaticContent findContent(String path) throws IOException {
      var content = super.findContent(path);
      if (!grown) {
        grown = true;
        Files.writeString(root.resolve(path), "more", StandardOpenOption.APPEND);
      }
      return content;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100_000})
  void whatIsAppendedMeanwhileIsNotSent(int size) throws Exception {
    file("x".repeat(size), SOON);
    var answer = get("/s/a.log", url("/s/(.*)", Growing::new));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("x".repeat(size));
    assertThat(tag(answer)).startsWith("W/");
  }

  @Test
  void aFileThatBeginsToGrowIsFoundAgain() throws Exception {
    file("x".repeat(10), THEN);
    var answer = get("/s/a.log", url("/s/(.*)", Growing::new));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("x".repeat(10) + "more");
  }

  @Test
  void aLinkThatTakesThePlaceOfAFolderIsNotFollowed(@TempDir Path outside) throws Exception {
    var folder = Files.createDirectory(root.resolve("sub"));
    Files.writeString(folder.resolve("a.log"), "public");
    var secret = Files.writeString(outside.resolve("a.log"), "secret");
    class Swapping extends StaticFileHandler {
      Swapping() {
        super(root);
      }

      @Override
      protected @Nullable StaticContent findContent(String path) throws IOException {
        var content = super.findContent(path);
        Files.delete(outside.resolve("a.log"));
        Files.move(folder.resolve("a.log"), secret); // all of its looks are the same
        Files.delete(folder);
        Files.createSymbolicLink(folder, outside);
        return content;
      }
    }

    var answer = get("/s/sub/a.log", url("/s/(.*)", Swapping::new));
    assertThat(answer.status()).isEqualTo(403);
  }

  @Test
  void aFileThatWasJustChangedHasAWeakTag() throws Exception {
    file("changing", SOON);
    String tag = tag(get());
    assertThat(tag).matches("W/\"[A-Za-z0-9_-]{22}\"").isEqualTo(tag(get()));
    String version = tag.substring(3, 25);
    assertThat(get("/s/a.log?v=" + version, rule()).headers().names())
        .doesNotContain("Cache-Control", "Expires");
    file("changing", THEN);
    assertThat(tag(get())).doesNotStartWith("W/").doesNotContain(version);
  }

  @Test
  void aWeakTagIsGoodForNoRange() throws Exception {
    file("changing", SOON);
    String tag = tag(get());
    assertThat(with("Range", "bytes=0-0").get().body()).isEqualTo("c");
    assertThat(with("If-Range", tag).get().body()).isEqualTo("changing");
    assertThat(with("If-None-Match", tag).get().status()).isEqualTo(304);
  }

  @Override
  StaticChangesTest with(String name, String value) {
    super.with(name, value);
    return this;
  }

  @Test
  void aLargeFileIsNotReadForItsTag() throws Exception {
    huge(THEN);
    with("Range", "bytes=0-4");
    var answer = get();
    assertThat(answer.body()).isEqualTo("begin");
    assertThat(answer.header("Content-Range")).isEqualTo("bytes 0-4/" + ((1L << 40) + 3));
    String tag = tag(answer);
    assertThat(tag).matches("\"[A-Za-z0-9_-]{22}\"").isEqualTo(tag(get()));
    assertThat(get("/s/a.log?v=" + tag.substring(1, 23), rule()).header("Cache-Control"))
        .contains("immutable");
    assertThat(with("If-Range", tag).get().status()).isEqualTo(206);
    huge(FileTime.from(THEN.toInstant().plusNanos(1_000_000)));
    var head = request("HEAD", "/s/a.log", "", rule()); // GET would send all, as If-Range says
    assertThat(tag(head)).matches("\"[A-Za-z0-9_-]{22}\"").isNotEqualTo(tag);
  }

  @Test
  void aLargeFileThatGrowsIsNotReadEither() throws Exception {
    huge(SOON);
    var answer = with("Range", "bytes=-3").get("/s/a.log", url("/s/(.*)", Growing::new));
    assertThat(answer.status()).isEqualTo(206);
    assertThat(answer.body()).isEqualTo("end");
    assertThat(tag(answer)).startsWith("W/");
  }
}
