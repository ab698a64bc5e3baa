// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.war;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Another process, which ends with status 0 if it finds the mark of a process locked. */
final class LockProbe {
  private LockProbe() {}

  static boolean findsLocked(Path mark) throws Exception {
    var classes = LockProbe.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of(classes).toString(),
                LockProbe.class.getName(),
                mark.toString())
            .inheritIO()
            .start()
            .waitFor()
        == 0;
  }

  public static void main(String[] args) throws IOException {
    try (var channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
      System.exit(channel.tryLock(Long.MAX_VALUE - 1, 1, false) == null ? 0 : 1);
    }
  }
}
