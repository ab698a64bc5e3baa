// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server agrees to of permessage-deflate, RFC 7692 section 7.1.
 *
 * @param level the server's
 * @param serverKeepsContext whether the server's messages may refer to its earlier ones
 * @param clientKeepsContext whether the client's may
 * @param answer for Sec-WebSocket-Extensions
 */
record PerMessageDeflate(
    int level, boolean serverKeepsContext, boolean clientKeepsContext, String answer) {
  private static final String NAME = "permessage-deflate";
  private static final String LARGEST_WINDOW = "15"; // and the only one that the JDK has

  /** Accepts the first offer that can be kept; null if none can. */
  static @Nullable PerMessageDeflate accept(
      List<ExtensionOffer> offers, CompressionOptions options) {
    for (var offer : offers) {
      var accepted = offer.name().equals(NAME) ? accept(offer, options) : null;
      if (accepted != null) {
        return accepted;
      }
    }
    return null;
  }

  private static @Nullable PerMessageDeflate accept(
      ExtensionOffer offer, CompressionOptions options) {
    boolean serverKeeps = !options.serverNoContextTakeover();
    boolean clientKeeps = !options.clientNoContextTakeover();
    boolean window = false;
    var seen = new HashSet<String>();
    for (var parameter : offer.parameters()) {
      var value = parameter.value();
      boolean acceptable =
          switch (parameter.name()) {
            case "server_no_context_takeover" -> {
              serverKeeps = false;
              yield value == null;
            }
            case "client_no_context_takeover" -> {
              clientKeeps = false;
              yield value == null;
            }
            case "server_max_window_bits" -> {
              window = true;
              yield LARGEST_WINDOW.equals(value);
            }
            case "client_max_window_bits" -> value == null || isWindow(value);
            default -> false;
          };
      if (!acceptable || !seen.add(parameter.name())) {
        return null;
      }
    }
    return new PerMessageDeflate(
        options.level(), serverKeeps, clientKeeps, answer(serverKeeps, clientKeeps, window));
  }

  /** From 8 to 15, without leading zeros. */
  private static boolean isWindow(String value) {
    return switch (value) {
      case "8", "9", "10", "11", "12", "13", "14", LARGEST_WINDOW -> true;
      default -> false;
    };
  }

  private static String answer(boolean serverKeeps, boolean clientKeeps, boolean window) {
    return NAME
        + (serverKeeps ? "" : "; server_no_context_takeover")
        + (clientKeeps ? "" : "; client_no_context_takeover")
        + (window ? "; server_max_window_bits=" + LARGEST_WINDOW : "");
  }
}
