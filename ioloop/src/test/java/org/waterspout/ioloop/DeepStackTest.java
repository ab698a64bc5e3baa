// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Awaits below so much recursion that there may be no stack left to park, in a process of their
 * own: the JDK 25 itself sometimes ends after a stack overflow while it puts a stack aside.
 */
class DeepStackTest {
  private static final String DEFECT_OF_THE_JDK = "ShouldNotReachHere";

  @TempDir Path folder;

  @Test
  void anAwaitMayFindTooLittleStackAndTheLoopGoesOn() throws Exception {
    var process = new ProcessBuilder(command()).redirectErrorStream(true).start();
    CompletableFuture.delayedExecutor(100, TimeUnit.SECONDS).execute(process::destroyForcibly);
    try (var output = process.inputReader()) {
      var said = output.readAllAsString();
      assumeFalse(said.contains(DEFECT_OF_THE_JDK), "the JDK has ended the process by itself");
      assertThat(said)
          .contains("some returned", "CLOSED"); // whether some throw depends on the compiler
    } finally {
      process.destroyForcibly();
    }
  }

  private List<String> command() {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (System.getProperty("waterspout.test.carrier", "").equals("custom")) {
      command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"));
    }
    command.addAll(
        List.of("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + folder.resolve("error")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(DeepStacks.class.getName());
    return command;
  }
}
