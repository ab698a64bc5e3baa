// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.war;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WarFileTest {
  @TempDir Path temp;
  private WorkDirectory work;

  @BeforeEach
  void makeWorkDirectory() throws IOException {
    work = WorkDirectory.of(temp.resolve("work"));
  }

  private List<String> leftBehind() {
    try (Stream<Path> names = Files.list(temp.resolve("work/wars"))) {
      return names.map(path -> path.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void unpacksAPackedOneUnderTheHashOfItsContent() throws Exception {
    Path packed =
        Archive.of(
            temp.resolve("a.war"),
            "index.html",
            "WEB-INF/",
            "WEB-INF/classes/a/B.class",
            "WEB-INF/lib/z.jar",
            "WEB-INF/lib/a.JAR",
            "WEB-INF/lib/notes.txt",
            "WEB-INF/lib/sub/deep.jar");

    WarFile war = WarFile.open(packed, work);

    assertThat(war.root().getFileName()).asString().matches("[0-9a-f]{64}");
    assertThat(war.root()).startsWith(temp.resolve("work").toRealPath());
    assertThat(war.root().resolve("index.html")).hasContent("content of index.html");
    assertThat(war.classes().resolve("a/B.class")).exists();
    assertThat(war.libraries())
        .extracting(jar -> jar.getFileName().toString())
        .containsExactly("a.JAR", "z.jar");
  }

  @Test
  void usesAnExplodedOneInPlace() throws Exception {
    Path root = Files.createDirectories(temp.resolve("exploded/WEB-INF")).getParent();

    WarFile war = WarFile.open(root, work);

    assertThat(war.root()).isEqualTo(root.toRealPath());
    assertThat(war.libraries()).isEmpty();
  }

  @Test
  void unpacksTheSameContentOnce() throws Exception {
    Path first = Archive.of(temp.resolve("a.war"), "WEB-INF/", "x");
    Path root = WarFile.open(first, work).root();
    Files.writeString(root.resolve("x"), "changed by the application");
    Files.copy(first, temp.resolve("b.war"));

    assertThat(WarFile.open(temp.resolve("b.war"), work).root()).isEqualTo(root);
    assertThat(root.resolve("x")).hasContent("changed by the application");
  }

  @Test
  void unpacksAgainWhatSomethingHasTidiedAway() throws Exception {
    Path packed = Archive.of(temp.resolve("a.war"), "WEB-INF/", "x", "y");
    Path root = WarFile.open(packed, work).root();
    Files.delete(root.resolve("x"));

    assertThat(WarFile.open(packed, work).root()).isEqualTo(root);
    assertThat(root.resolve("x")).exists();
    assertThat(leftBehind()).containsExactly(root.getFileName().toString());
  }

  @Test
  void unpacksOnceForAllWhoComeAtTheSameTime() throws Exception {
    Path packed = Archive.of(temp.resolve("a.war"), "WEB-INF/", "x", "y/z");
    var together = new CyclicBarrier(4);
    List<Callable<Path>> openings = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      openings.add(
          () -> {
            together.await(20, TimeUnit.SECONDS);
            return WarFile.open(packed, work).root();
          });
    }
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var opened : threads.invokeAll(openings)) {
        assertThat(opened.get(20, TimeUnit.SECONDS).resolve("y/z")).exists();
      }
    }
    assertThat(leftBehind()).hasSize(1);
  }

  @Test
  void saysWhatIsNotAWar() throws Exception {
    Path text = Files.writeString(temp.resolve("text.war"), "no archive");
    Path jar = Archive.of(temp.resolve("some.jar"), "a/B.class");
    Path empty = Files.createDirectory(temp.resolve("empty"));
    Path unwritable = Archive.of(temp.resolve("long.war"), "WEB-INF/", "n".repeat(300));

    assertThatThrownBy(() -> WarFile.open(unwritable, work))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(unwritable + ": ");
    assertThatThrownBy(() -> WarFile.open(temp.resolve("none.war"), work))
        .isInstanceOf(WarException.class)
        .hasMessage(temp.resolve("none.war") + ": neither a file nor a directory");
    assertThatThrownBy(() -> WarFile.open(text, work)).hasMessageContaining("text.war: not a WAR");
    assertThatThrownBy(() -> WarFile.open(jar, work)).hasMessageContaining("no directory WEB-INF");
    assertThatThrownBy(() -> WarFile.open(empty, work)).hasMessageContaining("empty: not a WAR");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "a/../../x",
        "/x",
        "a//x",
        "./x",
        "a/./x",
        "..",
        "a\\..\\x",
        "a\u0000",
        "a\nb",
        "../",
        "/"
      })
  void refusesEntriesThatLeadElsewhere(String name) throws Exception {
    Path packed = Archive.of(temp.resolve("a.war"), "WEB-INF/", "fine", name);

    assertThatThrownBy(() -> WarFile.open(packed, work))
        .isInstanceOf(WarException.class)
        .hasMessageContaining("leads elsewhere")
        .message()
        .doesNotContainPattern("[\\x00-\\x1f]");
    assertThat(leftBehind()).isEmpty();
    assertThat(temp.resolve("work/x")).doesNotExist();
    assertThat(temp.resolve("work/wars/x")).doesNotExist();
  }

  @Test
  void refusesTwoEntriesInOnePlace() throws Exception {
    Path packed = Archive.of(temp.resolve("a.war"), "WEB-INF/", "a/one", "a/two");
    rename(packed, "a/two", "a/one");
    Path file = Archive.of(temp.resolve("b.war"), "WEB-INF/", "a", "a/b");

    assertThatThrownBy(() -> WarFile.open(packed, work))
        .hasMessageContaining("in one place: a/one");
    assertThatThrownBy(() -> WarFile.open(file, work)).hasMessageContaining("in one place: a/b");
    assertThat(leftBehind()).isEmpty();
  }

  @Test
  void refusesDamagedEntries() throws Exception {
    byte[] content = new byte[1000];
    new Random(1).nextBytes(content);
    Path packed = temp.resolve("a.war");
    try (var archive = new Archive(packed)) {
      archive.add("WEB-INF/", "").add("data", content);
    }
    byte[] bytes = Files.readAllBytes(packed);
    int data = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("data") + "data".length();
    bytes[data + 20] ^= 0x55;
    Files.write(packed, bytes);

    assertThatThrownBy(() -> WarFile.open(packed, work))
        .isInstanceOf(WarException.class)
        .hasMessageContaining("a damaged entry: data");
    assertThat(leftBehind()).isEmpty();
  }

  @Test
  void stopsAtItsLimits() throws Exception {
    Path bomb = temp.resolve("bomb.war");
    try (var archive = new Archive(bomb)) {
      archive.add("one", new byte[1_000_000]).add("two", new byte[1_000_000]);
    }
    assertThat(Files.size(bomb)).isLessThan(10_000);
    Path many = Archive.of(temp.resolve("many.war"), "a", "b", "c");

    assertThatThrownBy(() -> work.unpack(bomb, new Unpacked(10, 1_500_000)))
        .hasMessageContaining("more than 1500000 bytes");
    assertThatThrownBy(() -> work.unpack(many, new Unpacked(2, 1000)))
        .hasMessageContaining("more than 2 entries");
    assertThat(leftBehind()).isEmpty();
    assertThat(work.unpack(bomb, new Unpacked(2, 2_000_000)).resolve("two")).hasSize(1_000_000);
  }

  @Test
  void keepsItsWorkDirectoryToItself() throws Exception {
    assertThat(Files.getPosixFilePermissions(temp.resolve("work")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    Path open = Files.createDirectory(temp.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThatThrownBy(() -> WorkDirectory.of(open))
        .isInstanceOf(WarException.class)
        .hasMessageContaining("others can write to");
  }

  @Test
  void givesTemporaryDirectoriesThatCanBeDeletedWhole() throws Exception {
    Path one = work.temporary();
    Path precious = Files.writeString(temp.resolve("precious"), "not mine");
    Files.createDirectories(one.resolve("a/b"));
    Files.createSymbolicLink(one.resolve("a/link"), temp);

    assertThat(work.temporary()).isNotEqualTo(one);
    WorkDirectory.deleteTree(one);
    assertThat(one).doesNotExist();
    assertThat(precious).exists();
    WorkDirectory.deleteTree(one);
  }

  /** The mark of a process that has ended, or of one that lives as long as the channel is open. */
  private FileChannel otherProcess(String name, String uses) throws IOException {
    Path mark = Files.writeString(temp.resolve("work/processes").resolve(name), uses);
    FileChannel channel = FileChannel.open(mark, StandardOpenOption.WRITE);
    channel.lock(Long.MAX_VALUE - 1, 1, false);
    return channel;
  }

  private Path keptFor(String kind, String name, int days) throws IOException {
    Path kept = Files.createDirectories(temp.resolve("work").resolve(kind).resolve(name));
    Files.writeString(kept.resolve("x"), "x");
    Files.setLastModifiedTime(kept, FileTime.from(Instant.now().minus(Duration.ofDays(days))));
    return kept;
  }

  @Test
  void deletesTheTemporaryFilesOfProcessesThatHaveEnded() throws Exception {
    Path own = work.temporary();
    Path dead = keptFor("temp", "dead-1", 0);
    Path unknown = keptFor("temp", "unknown-1", 0);
    Path living = keptFor("temp", "living-1", 100);
    Files.writeString(temp.resolve("work/processes/dead"), "");
    try (var _ = otherProcess("living", "")) {
      work.tidy();
    }
    assertThat(own).exists();
    assertThat(living).exists();
    assertThat(dead).doesNotExist();
    assertThat(unknown).doesNotExist();
    assertThat(temp.resolve("work/processes/dead")).doesNotExist();
  }

  @Test
  void livesForOtherProcessesWhenItHasTidiedUp() throws Exception {
    var _ = work.temporary();
    work.tidy();
    try (var marks = Files.list(temp.resolve("work/processes"))) {
      assertThat(LockProbe.findsLocked(marks.findFirst().orElseThrow())).isTrue();
    }
  }

  @Test
  void deletesWhatIsKeptForNobody() throws Exception {
    Path packed = Archive.of(temp.resolve("a.war"), "WEB-INF/", "x");
    Path own = WarFile.open(packed, work).root();
    Files.setLastModifiedTime(own, FileTime.fromMillis(0));
    Path old = keptFor("wars", "old", 31);
    Path recent = keptFor("wars", "recent", 29);
    Path used = keptFor("converted", "used", 31);
    Path unused = keptFor("converted", "unused", 31);
    try (var _ = otherProcess("living", "converted/used\n")) {
      work.tidy();
    }
    assertThat(List.of(own, recent, used)).allMatch(Files::exists);
    assertThat(List.of(old, unused)).noneMatch(Files::exists);
    assertThat(leftBehind()).hasSize(2);
  }

  @Test
  void isKeptLongerForThoseWhoUseIt() throws Exception {
    Path packed = Archive.of(temp.resolve("a.war"), "WEB-INF/", "x");
    Path root = WarFile.open(packed, work).root();
    Files.setLastModifiedTime(root, FileTime.fromMillis(0));
    WarFile.open(packed, work);
    assertThat(Files.getLastModifiedTime(root).toInstant())
        .isAfter(Instant.now().minus(Duration.ofDays(1)));
  }

  /** Gives an entry the name of another one, of the same length. */
  private static void rename(Path archive, String from, String to) throws IOException {
    String all = Files.readString(archive, StandardCharsets.ISO_8859_1);
    Files.writeString(archive, all.replace(from, to), StandardCharsets.ISO_8859_1);
  }
}
