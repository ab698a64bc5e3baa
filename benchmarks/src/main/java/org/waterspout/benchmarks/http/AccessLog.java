// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The end of the access log: java.util.logging, which is where a System.Logger leads if nobody has
 * put anything else there, and a handler that writes each line to /dev/null, 8 KiB at a time.
 */
final class AccessLog extends Handler {
  private final OutputStream out;

  private AccessLog(OutputStream out) {
    this.out = out;
  }

  static void toNowhere() throws IOException {
    var device = Files.newOutputStream(Path.of("/dev/null"));
    LogManager.getLogManager().reset();
    Logger.getLogger("").addHandler(new AccessLog(new BufferedOutputStream(device, 8192)));
  }

  @Override
  public void publish(LogRecord event) {
    try {
      var line = event.getMillis() + " " + event.getLevel() + " " + event.getMessage() + "\n";
      out.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
