// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSessionStoreTest {
  private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00.123Z");
  private static final Instant ACCESSED = Instant.parse("2026-01-01T01:00:00.456Z");
  private static final StoredSession SESSION = session("AbC-_1", Duration.ofMinutes(30));

  @TempDir private Path parent;
  private Path root;
  private FileSessionStore store;

  private static StoredSession session(String id, Duration timeout) {
    return new StoredSession(id, CREATED, ACCESSED, timeout, new byte[] {1, 2, 3});
  }

  @BeforeEach
  void start() throws IOException {
    root = parent.resolve("sessions");
    store = new FileSessionStore(root);
    store.start("/app");
  }

  @AfterEach
  void stop() {
    store.stop();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("%2Fapp"))) {
      return files.filter(file -> !file.endsWith("lock")).toList();
    }
  }

  private static void assertSame(StoredSession read, StoredSession written) {
    assertThat(read).usingRecursiveComparison().isEqualTo(written);
  }

  @Test
  void givesBackWhatItWasGiven() throws Exception {
    assertThat(store.load(SESSION.id())).isNull();
    store.save(SESSION);
    assertSame(store.load(SESSION.id()), SESSION);
    store.delete(SESSION.id());
    assertThat(store.load(SESSION.id())).isNull();
    store.delete(SESSION.id());
    assertThat(files()).isEmpty();
  }

  @Test
  void replacesWhatItHas() throws Exception {
    store.save(session(SESSION.id(), Duration.ZERO));
    store.save(SESSION);
    assertSame(store.load(SESSION.id()), SESSION);
    assertThat(files()).hasSize(1);
  }

  @Test
  void outlivesARestart() throws Exception {
    store.save(SESSION);
    store.stop();
    store = new FileSessionStore(root);
    store.start("/app");
    assertSame(store.load(SESSION.id()), SESSION);
  }

  @Test
  void keepsMountsApart() throws Exception {
    store.save(SESSION);
    for (String path : List.of("", "/other", "/app/below")) {
      var other = new FileSessionStore(root);
      other.start(path);
      assertThat(other.load(SESSION.id())).isNull();
      other.stop();
    }
  }

  @Test
  void belongsToOneMountAtATime() throws Exception {
    var second = new FileSessionStore(root);
    assertThatThrownBy(() -> second.start("/app"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use by another mount");
    assertThatThrownBy(() -> store.start("/other"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("two mounts");
    store.stop();
    second.start("/app");
    second.stop();
  }

  @Test
  void isOfNoUseBeforeStartAndAfterStop() {
    store.stop();
    assertThatThrownBy(() -> store.load("x")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.save(SESSION)).isInstanceOf(IOException.class);
    store.stop();
  }

  @Test
  void isForTheUserOfTheServerOnly() throws Exception {
    store.save(SESSION);
    for (Path path : List.of(root, root.resolve("%2Fapp"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rwx------");
    }
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> new FileSessionStore(root).start("/other"))
        .hasMessageContaining("others can write");
  }

  @Test
  void knowsWhatHasTimedOut() throws Exception {
    store.save(session("soon", Duration.ofMinutes(30)));
    store.save(session("later", Duration.ofMinutes(31)));
    store.save(session("never", Duration.ZERO));
    Instant end = ACCESSED.plus(Duration.ofMinutes(30));
    assertThat(store.expired(end.minusMillis(1))).isEmpty();
    assertThat(store.expired(end)).containsExactly("soon");
    assertThat(store.expired(end.plus(Duration.ofDays(9999)))).contains("soon", "later");
  }

  @Test
  void losesASessionWhoseFileIsDamagedAnywhere() throws Exception {
    store.save(SESSION);
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 1;
      Files.write(file, damaged);
      assertThat(store.load(SESSION.id())).as("byte " + i).isNull();
      assertThat(file).doesNotExist();
      Files.write(file, Arrays.copyOf(whole, i));
      assertThat(store.load(SESSION.id())).as("cut at " + i).isNull();
      assertThat(file).doesNotExist();
    }
  }

  @Test
  void doesNotTakeAFileOfAnotherName() throws Exception {
    store.save(SESSION);
    Path file = files().getFirst();
    Files.copy(file, file.resolveSibling("aBc-_1.session"));
    assertThat(store.load("aBc-_1")).isNull();
    assertThat(store.load(SESSION.id())).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "../x", "a/b", "a\0", "a.session", "ä", "lock "})
  void makesNoPathOfAnId(String id) {
    assertThatThrownBy(() -> store.load(id)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.delete(id)).isInstanceOf(IOException.class);
  }

  @Test
  void dropsWhatACrashHasLeftHalfWritten() throws Exception {
    Path half = Files.writeString(root.resolve("%2Fapp").resolve("session1.tmp"), "half");
    store.stop();
    store.start("/app");
    assertThat(half).doesNotExist();
  }
}
