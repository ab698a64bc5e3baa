// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.url;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.log.Log;

/** Resources that are no files: how much of them is read. */
class StaticResourcesTest extends HandlerTest {
  private static final String DIGITS = "0123456789";
  private static final long HUGE = 1L << 40;
  private static final long THEN = Instant.parse("2020-02-03T04:05:06Z").toEpochMilli();

  private final AtomicLong read = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();

  /** Digits in turn, so many as are told, or fewer. */
  private final class Digits extends InputStream {
    private final long size;
    private long at;

    Digits(long size) {
      this.size = size;
      open.incrementAndGet();
    }

    @Override
    public int read() {
      if (at >= size) {
        return -1;
      }
      read.incrementAndGet();
      return DIGITS.charAt((int) (at++ % 10));
    }

    @Override
    public long skip(long count) {
      long skipped = Math.clamp(size - at, 0, count);
      at += skipped;
      return skipped;
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }

  /** A class loader all of whose resources are digits. */
  private final class Loader extends ClassLoader {
    private final long told;
    private final long size;
    private final long modified;

    /** Tells a size, -1 for none, and a time, 0 for none. */
    Loader(long told, long size, long modified) {
      super(null);
      this.told = told;
      this.size = size;
      this.modified = modified;
    }

    @Override
    protected URL findResource(String name) {
      var handler =
          new URLStreamHandler() {
            @Override
            protected URLConnection openConnection(URL url) {
              return connection(url);
            }
          };
      try {
        return URL.of(URI.create("digits:/" + hashCode() + "/" + name), handler);
      } catch (MalformedURLException e) {
        throw new AssertionError(e);
      }
    }

    private URLConnection connection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() {
          return new Digits(size);
        }

        @Override
        public long getContentLengthLong() {
          return told;
        }

        @Override
        public long getLastModified() {
          return modified;
        }
      };
    }
  }

  private FakeConnection send(String method, ClassLoader loader) throws Exception {
    var files = StaticFiles.resources(loader, "site");
    read.set(0);
    var answer = request(method, "/a.txt", "", url("/(.*)", () -> new StaticFileHandler(files)));
    assertThat(open).as("streams left open").hasValue(0);
    return answer;
  }

  private static String etag(FakeConnection answer) {
    return String.valueOf(answer.header("ETag"));
  }

  @Test
  void readsNothingWhereNothingIsSent() throws Exception {
    var loader = new Loader(HUGE, HUGE, THEN);
    var head = send("HEAD", loader);
    assertThat(head.header("Content-Length")).isEqualTo("" + HUGE);
    assertThat(head.header("Last-Modified")).isEqualTo("Mon, 03 Feb 2020 04:05:06 GMT");
    assertThat(read).hasValue(0);
    with("If-None-Match", etag(head));
    assertThat(send("GET", loader).status()).isEqualTo(304);
    assertThat(read).hasValue(0);
  }

  @Test
  void readsTheRangesThatAreSentInAnyOrder() throws Exception {
    with("Range", "bytes=5000000003-5000000005,7-9");
    var answer = send("GET", new Loader(HUGE, HUGE, THEN));
    assertThat(answer.status()).isEqualTo(206);
    assertThat(answer.body()).containsSubsequence("\r\n\r\n345\r\n--", "\r\n\r\n789\r\n--");
    assertThat(read).hasValue(6);
  }

  @Test
  void sendsALargeOneInPieces() throws Exception {
    var answer = send("GET", new Loader(1_000_000, 1_000_000, THEN));
    assertThat(answer.body()).isEqualTo(DIGITS.repeat(100_000));
    assertThat(answer.calls.stream().filter(call -> call.startsWith("write ")))
        .hasSizeGreaterThan(2)
        .allMatch(call -> call.length() <= 64 * 1024 + 6);
  }

  @Test
  void readsOnceForTheTag() throws Exception {
    var loader = new Loader(1_000_000, 1_000_000, THEN);
    var first = send("HEAD", loader);
    assertThat(read).hasValue(1_000_000);
    var second = send("HEAD", loader);
    assertThat(read).hasValue(0);
    assertThat(etag(second)).isEqualTo(etag(first)).matches("\"[A-Za-z0-9_-]{22}\"");
  }

  /** Nothing else would tell two contents of that size apart. */
  @Test
  void readsALargeOneForItsTagIfItHasNoTime() throws Exception {
    long size = FileContent.MOST_HASHED + 1;
    var answer = send("HEAD", new Loader(size, size, 0));
    assertThat(answer.headers().contains("Last-Modified")).isFalse();
    assertThat(read).hasValue(size);
  }

  @Test
  void sendsOneThatDoesNotTellItsSize() throws Exception {
    var answer = send("GET", new Loader(-1, 30, 0));
    assertThat(answer.header("Content-Length")).isEqualTo("30");
    assertThat(answer.body()).isEqualTo(DIGITS.repeat(3));
  }

  @Test
  void cutsTheAnswerIfThereIsLessThanTold() throws Exception {
    try (var _ = new LogCapture(Log.APPLICATION)) {
      var answer = send("GET", new Loader(HUGE, 100_000, THEN));
      assertThat(answer.calls).last().isEqualTo("abort");
    }
  }

  @Test
  void readsEntriesOfAJar(@TempDir Path temp) throws Exception {
    byte[] content = new byte[1_000_000];
    new Random(1).nextBytes(content);
    String text = new String(content, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", ".");
    try (var loader = new URLClassLoader(new URL[] {jar(temp, text).toUri().toURL()}, null)) {
      assertThat(send("GET", loader).body().equals(text)).isTrue();
      with("Range", "bytes=900000-900009,100000-100009");
      assertThat(send("GET", loader).body())
          .containsSubsequence(text.substring(900_000, 900_010), text.substring(100_000, 100_010));
    }
  }

  private static Path jar(Path folder, String content) throws IOException {
    var jar = folder.resolve("site.jar");
    try (var system =
        FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of("create", "true"))) {
      Files.writeString(Files.createDirectory(system.getPath("/site")).resolve("a.txt"), content);
    }
    return jar;
  }
}
