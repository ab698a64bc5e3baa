// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What is logged until it is closed: messages, each with those of its exceptions behind it. */
final class LogLines implements AutoCloseable {
  final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger = Logger.getLogger("org.waterspout");
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          Object[] parameters = record.getParameters();
          var line = new StringBuilder(record.getLevel().getName()).append(' ');
          line.append(
              parameters == null || parameters.length == 0
                  ? record.getMessage()
                  : MessageFormat.format(record.getMessage(), parameters));
          for (Throwable e = record.getThrown(); e != null; e = e.getCause()) {
            line.append(" | ").append(e);
          }
          lines.add(line.toString());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  LogLines() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }
}
