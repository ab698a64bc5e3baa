// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A process whose descriptors are gone before its loop has waited for the first time. */
class NoDescriptorsTest {
  @Test
  void theFirstWaitNeedsNone() throws Exception {
    var process =
        new ProcessBuilder(
                "bash",
                "-c",
                "ulimit -n 100 && exec \"$@\"",
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Exhausted.class.getName())
            .redirectErrorStream(true)
            .start();
    CompletableFuture.delayedExecutor(100, TimeUnit.SECONDS).execute(process::destroyForcibly);
    try (var output = process.inputReader()) {
      assertThat(output.readAllAsString()).contains("NONE LEFT", "WENT ON", "ENDED");
    } finally {
      process.destroyForcibly();
    }
  }

  /** The main program of that process, without a carrier. What it needs is loaded before. */
  static final class Exhausted {
    private static final List<Pipe> PIPES = new ArrayList<>(); // open to the end

    static void main(String[] args) {
      var loop = new IOLoop();
      Runnable goOn =
          () -> {
            System.out.println("WENT ON");
            loop.stop();
          };
      loop.addCallback(
          () -> {
            loop.removeTimeout(loop.callLater(Duration.ofHours(1), goOn));
            PIPES.addAll(takeAll());
            System.out.println("NONE LEFT");
            loop.callLater(Duration.ofMillis(200), goOn);
          });
      loop.start();
      System.out.println("ENDED");
    }

    private static List<Pipe> takeAll() {
      var pipes = new ArrayList<Pipe>();
      try {
        while (true) {
          pipes.add(Pipe.open());
        }
      } catch (IOException none) {
        return pipes;
      }
    }
  }
}
