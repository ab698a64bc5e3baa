// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Answers a challenge of digest authentication, RFC 7616. Pure but for its random numbers. */
final class DigestAnswer {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final List<String> ALGORITHMS =
      List.of("SHA-256", "SHA-256-SESS", "MD5", "MD5-SESS"); // the best first

  private final Challenge challenge;
  private final Credentials credentials;
  private final String algorithm; // in upper case

  private DigestAnswer(Challenge challenge, Credentials credentials) {
    this.challenge = challenge;
    this.credentials = credentials;
    this.algorithm = algorithmOf(challenge);
  }

  /** The best challenge that can be answered, null if none can. */
  static @Nullable Challenge choose(List<Challenge> challenges) {
    Challenge best = null;
    for (var candidate : challenges) {
      if (canAnswer(candidate) && (best == null || rank(candidate) < rank(best))) {
        best = candidate;
      }
    }
    return best;
  }

  private static boolean canAnswer(Challenge challenge) {
    return challenge.scheme().equals("digest")
        && rank(challenge) >= 0
        && challenge.parameters().containsKey("realm")
        && challenge.parameters().containsKey("nonce")
        && Arrays.stream(challenge.get("qop", "").split(","))
            .anyMatch(each -> each.strip().equalsIgnoreCase("auth"));
  }

  private static int rank(Challenge challenge) {
    return ALGORITHMS.indexOf(algorithmOf(challenge));
  }

  private static String algorithmOf(Challenge challenge) {
    return challenge.get("algorithm", "MD5").toUpperCase(Locale.ROOT);
  }

  /** To be made for each challenge that is chosen, and sent with all answers to it. */
  static String newClientNonce() {
    var nonce = new byte[16];
    RANDOM.nextBytes(nonce);
    return HexFormat.of().formatHex(nonce);
  }

  /**
   * The value of Authorization, or Proxy-Authorization, that answers a chosen challenge.
   *
   * @param target as it stands in the request line
   * @param count which answer to this challenge it is, from 1 (RFC 7616 section 3.4: nc)
   */
  static String answer(
      Challenge challenge,
      Credentials credentials,
      String method,
      String target,
      int count,
      String clientNonce) {
    var nonceCount = HexFormat.of().toHexDigits(count); // eight digits
    return new DigestAnswer(challenge, credentials).value(method, target, nonceCount, clientNonce);
  }

  private String value(String method, String target, String count, String clientNonce) {
    var nonce = challenge.get("nonce", "");
    var response =
        hash(
            String.join(
                ":",
                secret(nonce, clientNonce),
                nonce,
                count,
                clientNonce,
                "auth",
                hash(method + ":" + target)));
    var value = new StringBuilder("Digest ").append(username());
    append(value, "realm", challenge.get("realm", ""));
    append(value, "nonce", nonce);
    append(value, "uri", target);
    append(value, "response", response);
    append(value, "cnonce", clientNonce);
    if (challenge.parameters().containsKey("opaque")) {
      append(value, "opaque", challenge.get("opaque", ""));
    }
    if (challenge.parameters().containsKey("algorithm")) { // as it was written
      value.append(", algorithm=").append(challenge.get("algorithm", ""));
    }
    return value.append(", qop=auth, nc=").append(count).toString();
  }

  private String secret(String nonce, String clientNonce) {
    var secret =
        hash(
            credentials.username()
                + ":"
                + challenge.get("realm", "")
                + ":"
                + credentials.password());
    return algorithm.endsWith("-SESS") ? hash(secret + ":" + nonce + ":" + clientNonce) : secret;
  }

  /** RFC 7616 3.4: other than ASCII goes by RFC 8187. */
  private String username() {
    var name = credentials.username();
    if (name.chars().allMatch(c -> c < 0x80)) {
      return "username=" + quoted(name);
    }
    var encoded = new StringBuilder("username*=UTF-8''");
    for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      if (c < 0x80 && Character.isLetterOrDigit(c)) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
      }
    }
    return encoded.toString();
  }

  private static void append(StringBuilder value, String name, String text) {
    value.append(", ").append(name).append('=').append(quoted(text));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** RFC 7616 4: text counts as UTF-8. */
  private String hash(String text) {
    try {
      var digest = MessageDigest.getInstance(algorithm.startsWith("MD5") ? "MD5" : "SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
