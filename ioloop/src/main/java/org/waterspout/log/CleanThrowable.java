// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.log;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands in a log for a throwable whose text could be taken for further entries: the same stacks,
 * causes and suppressed ones, with the control characters of their messages escaped.
 */
final class CleanThrowable extends Throwable {
  private static final long serialVersionUID = 1L;

  private final String text;

  private CleanThrowable(String text, @Nullable String message, @Nullable Throwable cause) {
    super(message, cause, true, true);
    this.text = text;
  }

  /** The throwable itself if nothing in it has to be escaped, as is the rule. */
  static Throwable of(Throwable thrown) {
    try {
      return isClean(thrown, newSet()) ? thrown : copy(thrown, newSet());
    } catch (RuntimeException | StackOverflowError e) { // its own methods fail, or it has no end
      var bare = new CleanThrowable(thrown.getClass().getName(), null, null);
      bare.setStackTrace(e.getStackTrace());
      return bare;
    }
  }

  private static Set<Throwable> newSet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private static boolean isClean(@Nullable Throwable thrown, Set<Throwable> seen) {
    if (thrown == null || !seen.add(thrown)) {
      return true;
    }
    if (!textOf(thrown).chars().allMatch(CleanThrowable::isPlain)
        || !isClean(thrown.getCause(), seen)) {
      return false;
    }
    for (var suppressed : thrown.getSuppressed()) {
      if (!isClean(suppressed, seen)) {
        return false;
      }
    }
    return true;
  }

  private static CleanThrowable copy(Throwable thrown, Set<Throwable> seen) {
    seen.add(thrown);
    var cause = thrown.getCause();
    var copyOfCause = cause == null || seen.contains(cause) ? null : copy(cause, seen);
    var message = thrown.getMessage() == null ? null : escaped(thrown.getMessage());
    var copy = new CleanThrowable(escaped(textOf(thrown)), message, copyOfCause);
    copy.setStackTrace(thrown.getStackTrace());
    for (var suppressed : thrown.getSuppressed()) {
      if (!seen.contains(suppressed)) {
        copy.addSuppressed(copy(suppressed, seen));
      }
    }
    return copy;
  }

  private static String textOf(Throwable thrown) {
    return String.valueOf(thrown.toString());
  }

  private static String escaped(String text) {
    var escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPlain(c)) {
        escaped.append(c);
      } else {
        escaped.append(String.format("\\u%04x", (int) c));
      }
    }
    return escaped.toString();
  }

  /** Neither ends a line nor moves about on a terminal; U+2028 and U+2029 separate lines too. */
  private static boolean isPlain(int c) {
    return c == '\t' || !(Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
  }

  @Override
  @SuppressWarnings("OverrideThrowableToString") // it begins with the name of the other's class
  public String toString() {
    return text;
  }
}
