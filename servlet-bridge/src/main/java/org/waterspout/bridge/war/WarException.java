// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.war;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A WAR that cannot be used. The message names the file, and within it the place. */
public final class WarException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Causes may go round in a circle. */
  private static final int MAX_CAUSES = 20;

  public WarException(String message) {
    super(message);
  }

  public WarException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** That a WAR does not start, and what can be done about it where a class is missing. */
  public static WarException ofStart(Path source, Throwable failure) {
    String reason = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    String hint =
        isClassMissing(failure)
            ? "; a WAR sees the JDK, the servlet API, what it brings in WEB-INF, and what is given"
                + " to share() on the mount"
            : "";
    return new WarException(source + ": " + reason + hint, failure);
  }

  private static boolean isClassMissing(Throwable failure) {
    Throwable each = failure;
    for (int depth = 0; each != null && depth < MAX_CAUSES; depth++) {
      if (each instanceof NoClassDefFoundError || each instanceof ClassNotFoundException) {
        return true;
      }
      each = each.getCause();
    }
    return false;
  }
}
