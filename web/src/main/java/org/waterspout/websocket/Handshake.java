// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.web.HTTPError;

/** What a client's request must look like, RFC 6455 section 4.2.1. Pure. */
final class Handshake {
  static final String VERSION = "13";
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int KEY_SIZE = 16;
  private static final int ENCODED_KEY_SIZE = 24;

  private Handshake() {}

  /**
   * Refuses what asks for no WebSocket.
   *
   * @throws HTTPError with status 400
   */
  static void requireUpgrade(HTTPServerRequest request) {
    if (request.version().equals("HTTP/1.0")) {
      throw new HTTPError(400, "a WebSocket needs HTTP/1.1");
    }
    requireItem(request.headers(), "Upgrade", "websocket");
    requireItem(request.headers(), "Connection", "upgrade");
  }

  private static void requireItem(HTTPHeaders headers, String name, String item) {
    if (!headers.listContains(name, item)) {
      throw new HTTPError(400, "a WebSocket needs \"" + name + ": " + item + "\"");
    }
  }

  static boolean hasVersion(HTTPHeaders headers) {
    return headers.getList("Sec-WebSocket-Version").equals(List.of(VERSION));
  }

  /**
   * The client's key.
   *
   * @throws HTTPError with status 400 if it is none
   */
  static String key(HTTPHeaders headers) {
    var keys = headers.getList("Sec-WebSocket-Key");
    try {
      if (keys.size() == 1
          && keys.getFirst().length() == ENCODED_KEY_SIZE
          && Base64.getDecoder().decode(keys.getFirst()).length == KEY_SIZE) {
        return keys.getFirst();
      }
    } catch (IllegalArgumentException e) {
      throw new HTTPError(400, "a Sec-WebSocket-Key that is not base64", e);
    }
    throw new HTTPError(400, "no Sec-WebSocket-Key of 16 bytes");
  }

  /** What proves to the client that its key was understood. */
  static String accept(String key) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /**
   * The subprotocols that the client offers, in its order.
   *
   * @throws HTTPError with status 400 if they break the grammar
   */
  static List<String> subprotocols(HTTPHeaders headers) {
    try {
      return List.copyOf(Tokens.list(headers.getList("Sec-WebSocket-Protocol")));
    } catch (IllegalArgumentException e) {
      throw new HTTPError(400, "Sec-WebSocket-Protocol: " + e.getMessage(), e);
    }
  }

  /**
   * The extensions that the client offers.
   *
   * @throws HTTPError with status 400 if they break the grammar
   */
  static List<ExtensionOffer> extensions(HTTPHeaders headers) {
    try {
      return ExtensionOffer.parse(headers.getList("Sec-WebSocket-Extensions"));
    } catch (IllegalArgumentException e) {
      throw new HTTPError(400, "Sec-WebSocket-Extensions: " + e.getMessage(), e);
    }
  }

  /** Whether an origin is on the host (and port) that the client asked for. */
  static boolean isSameOrigin(String origin, String host) {
    int scheme = origin.indexOf("://");
    var authority = scheme < 0 ? "" : origin.substring(scheme + 3);
    return !authority.isEmpty()
        && authority.toLowerCase(Locale.ROOT).equals(host.toLowerCase(Locale.ROOT));
  }
}
