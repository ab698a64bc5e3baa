// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Headers of the PROXY protocol, version 2, as bytes; one character each. */
final class ProxyHeader {
  static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";

  /** From 192.0.2.7 port 49153 to 192.0.2.1 port 443. */
  static final String FOUR = block(0x21, 0x11, hex("c0000207 c0000201 c001 01bb"));

  /** From 2001:db8::7 port 49153 to 2001:db8::1 port 443. */
  static final String SIX =
      block(
          0x21,
          0x21,
          hex(
              "20010db8 00000000 00000000 00000007 20010db8"
                  + " 00000000 00000000 00000001 c001 01bb"));

  private ProxyHeader() {}

  static String block(int command, int family, String rest) {
    return block(command, family, rest.length(), rest);
  }

  static String block(int command, int family, int length, String rest) {
    return SIGNATURE
        + (char) command
        + (char) family
        + (char) (length >> 8)
        + (char) (length & 0xff)
        + rest;
  }

  static String hex(String digits) {
    byte[] bytes = HexFormat.of().parseHex(digits.replace(" ", ""));
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
