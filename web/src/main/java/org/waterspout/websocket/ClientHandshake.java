// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPHeaders;

/** What a client asks for, and what the server's answer must look like; RFC 6455 section 4.1. */
final class ClientHandshake {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final List<String> OURS =
      List.of(
          "Upgrade",
          "Connection",
          "Content-Length",
          "Transfer-Encoding",
          "Sec-WebSocket-Accept",
          "Sec-WebSocket-Extensions",
          "Sec-WebSocket-Key",
          "Sec-WebSocket-Protocol",
          "Sec-WebSocket-Version");

  private final List<String> subprotocols;
  private final @Nullable CompressionOptions compression;
  private final String key;

  /** What was agreed on. */
  record Agreed(@Nullable String subprotocol, @Nullable PerMessageDeflate deflate) {}

  ClientHandshake(List<String> subprotocols, @Nullable CompressionOptions compression) {
    this(subprotocols, compression, newKey());
  }

  ClientHandshake(List<String> subprotocols, @Nullable CompressionOptions compression, String key) {
    this.subprotocols = subprotocols;
    this.compression = compression;
    this.key = key;
  }

  private static String newKey() {
    var nonce = new byte[16];
    RANDOM.nextBytes(nonce);
    return Base64.getEncoder().encodeToString(nonce);
  }

  /** Refuses headers that are the handshake's own. */
  static void checkHeaders(HTTPHeaders headers) {
    for (String name : OURS) {
      if (headers.contains(name)) {
        throw new IllegalArgumentException(name + " is the handshake's own");
      }
    }
  }

  /** The headers of the request: those that are given, and those of the handshake. */
  HTTPHeaders request(String authority, HTTPHeaders given) {
    var headers = new HTTPHeaders();
    if (!given.contains("Host")) {
      headers.add("Host", authority);
    }
    given.forEach(headers::add);
    headers.add("Upgrade", "websocket");
    headers.add("Connection", "Upgrade");
    headers.add("Sec-WebSocket-Key", key);
    headers.add("Sec-WebSocket-Version", Handshake.VERSION);
    if (!subprotocols.isEmpty()) {
      headers.add("Sec-WebSocket-Protocol", String.join(", ", subprotocols));
    }
    if (compression != null) {
      headers.add("Sec-WebSocket-Extensions", PerMessageDeflate.offer(compression));
    }
    return headers;
  }

  /**
   * Looks at an answer 101.
   *
   * @throws IllegalArgumentException if it is not the answer to this request
   */
  Agreed check(HTTPHeaders answer) {
    requireOne(answer, "Upgrade", "websocket");
    if (!answer.listContains("Connection", "upgrade")) {
      throw new IllegalArgumentException("no \"Connection: upgrade\"");
    }
    var accept = answer.getList("Sec-WebSocket-Accept");
    if (accept.size() != 1 || !accept.getFirst().equals(Handshake.accept(key))) {
      throw new IllegalArgumentException("not the Sec-WebSocket-Accept to this key");
    }
    return new Agreed(subprotocol(answer), deflate(answer));
  }

  private static void requireOne(HTTPHeaders answer, String name, String value) {
    var values = answer.getList(name);
    if (values.size() != 1 || !values.getFirst().equalsIgnoreCase(value)) {
      throw new IllegalArgumentException("no \"" + name + ": " + value + "\"");
    }
  }

  private @Nullable String subprotocol(HTTPHeaders answer) {
    var chosen = answer.getList("Sec-WebSocket-Protocol");
    if (chosen.isEmpty()) {
      return null;
    }
    if (chosen.size() > 1 || !subprotocols.contains(chosen.getFirst())) {
      throw new IllegalArgumentException("a subprotocol that was not offered");
    }
    return chosen.getFirst();
  }

  private @Nullable PerMessageDeflate deflate(HTTPHeaders answer) {
    var extensions = ExtensionOffer.parse(answer.getList("Sec-WebSocket-Extensions"));
    if (extensions.isEmpty()) {
      return null;
    }
    if (compression == null || extensions.size() > 1) {
      throw new IllegalArgumentException("an extension that was not offered");
    }
    return PerMessageDeflate.agreed(extensions.getFirst(), compression);
  }
}
