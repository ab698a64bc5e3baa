// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadDumpsTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong now = new AtomicLong(-7 * SECOND); // a clock may be negative
  private final ThreadDumps dumps = new ThreadDumps(() -> now.getAndAdd(SECOND));
  private final Object monitor = new Object();
  private final CountDownLatch owned = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private Thread waiting;
  private Thread alsoWaiting;
  @TempDir Path folder;

  @BeforeEach
  void waitForMonitor() throws Exception {
    Thread.ofPlatform().name("its owner").start(this::ownMonitor);
    assertThat(owned.await(40, TimeUnit.SECONDS)).isTrue();
    waiting = Thread.ofPlatform().start(this::needMonitor);
    alsoWaiting = Thread.ofVirtual().start(this::needMonitor);
    awaitBlocked(waiting);
    awaitBlocked(alsoWaiting);
  }

  private void ownMonitor() {
    synchronized (monitor) {
      owned.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void needMonitor() {
    synchronized (monitor) {
      assertThat(Thread.holdsLock(monitor)).isTrue();
    }
  }

  private static void awaitBlocked(Thread thread) {
    while (thread.getState() != Thread.State.BLOCKED || !isIn(thread, "needMonitor")) {
      assertThat(thread.isAlive()).isTrue();
      Thread.onSpinWait();
    }
  }

  private static boolean isIn(Thread thread, String method) {
    var stack = thread.getStackTrace();
    return stack.length > 0 && stack[0].getMethodName().equals(method);
  }

  @AfterEach
  void end() throws Exception {
    dumps.endLook();
    release.countDown();
    assertThat(waiting.join(RunningLoop.DEADLINE)).isTrue();
    assertThat(alsoWaiting.join(RunningLoop.DEADLINE)).isTrue();
  }

  @Test
  void oneDumpServesAllLoopsOfALook() throws Exception {
    dumps.beginLook(0);
    assertThat(dumps.ownerOfMonitor(waiting)).contains("\"its owner\"").contains("ownMonitor");
    long after = now.get();
    assertThat(dumps.ownerOfMonitor(alsoWaiting)).contains("\"its owner\"");
    assertThat(now).as("no second dump was timed").hasValue(after);
  }

  /** With this clock, a dump takes a second. */
  @Test
  void theNextDumpComesNotBeforeAHundredTimesTheLastHasPassed() throws Exception {
    dumps.beginLook(0);
    assertThat(dumps.ownerOfMonitor(waiting)).contains("\"its owner\"");
    dumps.endLook();
    long until = now.get() - SECOND + ThreadDumps.REST * SECOND;
    now.set(until - 1);
    dumps.beginLook(0);
    assertThat(dumps.ownerOfMonitor(waiting))
        .contains("was not looked up")
        .doesNotContain("owner\"");
    dumps.endLook();
    now.set(until);
    dumps.beginLook(0);
    assertThat(dumps.ownerOfMonitor(waiting)).contains("\"its owner\"");
  }

  @Test
  void noDumpIsMadeWhileVeryManyCoroutinesAreParked() throws Exception {
    dumps.beginLook(ThreadDumps.MAX_PARKED + 1);
    assertThat(dumps.ownerOfMonitor(waiting)).contains("coroutines are parked");
    dumps.endLook();
    dumps.beginLook(ThreadDumps.MAX_PARKED);
    assertThat(dumps.ownerOfMonitor(waiting)).contains("\"its owner\"");
  }

  @Test
  void aLookLeavesNoFile() throws Exception {
    dumps.beginLook(0);
    assertThat(dumps.ownerOfMonitor(waiting)).isNotEmpty();
    var field = ThreadDumps.class.getDeclaredField("directory");
    field.setAccessible(true);
    var directory = (Path) field.get(dumps);
    assertThat(directory).isNotEmptyDirectory();
    dumps.endLook();
    assertThat(directory).doesNotExist();
  }

  @Test
  void readsADumpInWhichTheOwnerComesFirstOrIsMissing() throws Exception {
    var lines =
        List.of(
            "1234",
            "2026-11-21T08:00:00Z",
            "",
            "#7 \"a\" virtual WAITING 2026",
            "    at A.a(A.java:1)",
            "    - locked <java.lang.Object@1>",
            "",
            "#8 \"b\" BLOCKED 2026",
            "    at B.b(B.java:1)",
            "    - waiting to lock <java.lang.Object@1>",
            "",
            "#88 \"c\" BLOCKED 2026",
            "    - waiting to lock <java.lang.Object@2>",
            "",
            "#9 \"d\" WAITING 2026");
    var dump = Files.write(folder.resolve("dump"), lines);
    assertThat(ThreadDumps.ownerOfMonitor(8, dump))
        .isEqualTo(
            "\nIt waits for <java.lang.Object@1> of " + String.join("\n", lines.subList(3, 6)));
    assertThat(ThreadDumps.ownerOfMonitor(88, dump)).isEmpty();
    assertThat(ThreadDumps.ownerOfMonitor(9, dump)).isEmpty();
    assertThat(ThreadDumps.ownerOfMonitor(10, dump)).isEmpty();
  }

  @Test
  void readsADumpOfAnySizeInLittleMemory() throws Exception {
    var dump = folder.resolve("dump");
    try (var out = Files.newBufferedWriter(dump)) {
      out.write("#1 \"a\" BLOCKED 2026\n    - waiting to lock <java.lang.Object@1>\n\n");
      for (int id = 2; id < 20_000; id++) {
        out.write("#" + id + " \"b\" WAITING 2026\n" + "    at B.b(B.java:1)\n".repeat(50) + "\n");
      }
      out.write("#0 \"owner\" WAITING 2026\n    - locked <java.lang.Object@1>\n");
    }
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx8m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Reader.class.getName(),
            dump.toString());
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var output = process.inputReader()) {
      assertThat(output.readAllAsString()).contains("\"owner\"");
    } finally {
      process.destroyForcibly();
    }
  }

  /** The main program of a small JVM. */
  static final class Reader {
    static void main(String[] args) throws IOException {
      System.out.println(ThreadDumps.ownerOfMonitor(1, Path.of(args[0])));
    }
  }
}
