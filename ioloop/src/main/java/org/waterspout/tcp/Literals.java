// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses written as such. */
final class Literals {
  // The JDK takes "1" and "127.1" for addresses too; to everyone else these are names.
  private static final Pattern FOUR_NUMBERS = Pattern.compile("([0-9]{1,3}\\.){3}[0-9]{1,3}");
  private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9a-fA-F:.]+(%.+)?");

  private Literals() {}

  /** The address that a text is the usual form of; null if it is no address. No look-up. */
  static @Nullable InetAddress parse(String text) {
    try {
      if (FOUR_NUMBERS.matcher(text).matches()) {
        return InetAddress.ofLiteral(text);
      }
      return text.indexOf(':') >= 0 && IPV6_CHARACTERS.matcher(text).matches()
          ? Inet6Address.ofLiteral(text)
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
