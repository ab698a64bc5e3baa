// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Names for requests in logs: what a proxy in front has named them, or made up here. */
final class RequestId {
  private static final int LONGEST = 64;
  private static final String PROCESS = HexFormat.of().toHexDigits(new SecureRandom().nextInt());
  private static final AtomicLong LAST = new AtomicLong();

  private RequestId() {}

  /** The name in a header, if it can stand in any log: letters, digits and a few more. */
  static String of(@Nullable String header) {
    return header != null && isPlain(header) ? header : next();
  }

  /** A name that no other request has: one part for the process, one that counts. */
  static String next() {
    return PROCESS + "-" + Long.toHexString(LAST.incrementAndGet());
  }

  private static boolean isPlain(String name) {
    return !name.isEmpty()
        && name.length() <= LONGEST
        && name.chars()
            .allMatch(c -> c < 0x7f && (Character.isLetterOrDigit(c) || "-_.".indexOf(c) >= 0));
  }
}
