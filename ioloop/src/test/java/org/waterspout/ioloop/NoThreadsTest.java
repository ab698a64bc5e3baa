// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A process that cannot start threads, as its stacks are large and its address space is not. */
class NoThreadsTest {
  private static final int KILOBYTES = 12_000_000;

  @Test
  void aRunThatFindsNoThreadsEndsAndTheNextOneIsWhole() throws Exception {
    var process =
        new ProcessBuilder(
                "bash",
                "-c",
                "ulimit -v " + KILOBYTES + " && exec \"$@\"",
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xss512m",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Crowded.class.getName())
            .redirectErrorStream(true)
            .start();
    CompletableFuture.delayedExecutor(100, TimeUnit.SECONDS).execute(process::destroyForcibly);
    try (var output = process.inputReader()) {
      assertThat(output.readAllAsString())
          .contains("cannot watch loops: there is no thread for it")
          .containsPattern("RAN|FAILED java.lang.OutOfMemoryError") // by the threads the JVM has
          .containsSubsequence("NOT RUNNING", "WHOLE", "CLOSED");
    } finally {
      process.destroyForcibly();
    }
  }

  /** The main program of that process. Its loop's leader may need a first carrier thread. */
  static final class Crowded {
    private static final CountDownLatch RELEASE = new CountDownLatch(1);

    static void main(String[] args) throws Exception {
      var loop = new IOLoop();
      var crowd = crowd();
      try {
        System.out.println(loop.<String>runSync(() -> "RAN"));
      } catch (OutOfMemoryError e) {
        System.out.println("FAILED " + e);
      }
      System.out.println(loop.isRunning() ? "RUNNING" : "NOT RUNNING");
      RELEASE.countDown();
      for (var thread : crowd) {
        thread.join();
      }
      System.out.println(loop.<String>runSync(() -> await(loop.spawn(() -> "WHOLE"))));
      loop.close();
      System.out.println("CLOSED");
    }

    private static List<Thread> crowd() {
      var crowd = new ArrayList<Thread>();
      try {
        while (true) {
          crowd.add(Thread.ofPlatform().start(Crowded::stay));
        }
      } catch (OutOfMemoryError noMoreThreads) {
        return crowd;
      }
    }

    private static void stay() {
      try {
        RELEASE.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
