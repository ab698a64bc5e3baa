// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The server's side of digest authentication, by the book and by itself. */
final class DigestCheck {
  private static final Pattern FIELD = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|([^,]*))");

  private DigestCheck() {}

  /** Whether a header's value shows that the user knows the password. */
  static boolean holds(String value, String method, String password) throws Exception {
    if (!value.startsWith("Digest ")) {
      return false;
    }
    Map<String, String> fields = new TreeMap<>();
    var matcher = FIELD.matcher(value.substring(7));
    while (matcher.find()) {
      fields.put(matcher.group(1), matcher.group(2) == null ? matcher.group(3) : matcher.group(2));
    }
    var algorithm = "SHA-256".equals(fields.get("algorithm")) ? "SHA-256" : "MD5";
    var secret =
        hash(algorithm, fields.get("username") + ":" + fields.get("realm") + ":" + password);
    var expected =
        hash(
            algorithm,
            secret
                + ":"
                + fields.get("nonce")
                + ":"
                + fields.get("nc")
                + ":"
                + fields.get("cnonce")
                + ":auth:"
                + hash(algorithm, method + ":" + fields.get("uri")));
    return expected.equals(fields.get("response"));
  }

  private static String hash(String algorithm, String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** The value of a field of a head; empty if there is none. */
  static String field(String head, String name) {
    var matcher = Pattern.compile("(?im)^" + name + ": ([^\r]*)").matcher(head);
    return matcher.find() ? matcher.group(1) : "";
  }
}
