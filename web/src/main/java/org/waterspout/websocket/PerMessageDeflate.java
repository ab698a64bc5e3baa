// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What both ends agree on of permessage-deflate, RFC 7692 section 7.1.
 *
 * @param level of our end
 * @param serverKeepsContext whether the server's messages may refer to its earlier ones
 * @param clientKeepsContext whether the client's may
 * @param answer of the server, for Sec-WebSocket-Extensions; empty at a client
 */
record PerMessageDeflate(
    int level, boolean serverKeepsContext, boolean clientKeepsContext, String answer) {
  private static final String NAME = "permessage-deflate";
  private static final String LARGEST_WINDOW = "15"; // and the only one that the JDK has

  /**
   * What a client offers. Not {@code client_max_window_bits}: a smaller window of ours the JDK does
   * not have, and without the offer no server may ask for one.
   */
  static String offer(CompressionOptions options) {
    return NAME
        + (options.serverNoContextTakeover() ? "; server_no_context_takeover" : "")
        + (options.clientNoContextTakeover() ? "; client_no_context_takeover" : "");
  }

  /**
   * What a server has made of that offer.
   *
   * @throws IllegalArgumentException if it is no answer to it (RFC 7692 section 7.1.3)
   */
  static PerMessageDeflate agreed(ExtensionOffer answer, CompressionOptions options) {
    boolean serverKeeps = true;
    boolean clientKeeps = !options.clientNoContextTakeover();
    var seen = new HashSet<String>();
    boolean valid = answer.name().equals(NAME);
    for (var parameter : answer.parameters()) {
      var value = parameter.value();
      valid &= seen.add(parameter.name());
      switch (parameter.name()) {
        case "server_no_context_takeover" -> {
          serverKeeps = false;
          valid &= value == null;
        }
        case "client_no_context_takeover" -> {
          clientKeeps = false;
          valid &= value == null;
        }
        case "server_max_window_bits" -> valid &= value != null && isWindow(value);
        default -> valid = false;
      }
    }
    if (!valid || (serverKeeps && options.serverNoContextTakeover())) {
      throw new IllegalArgumentException("an extension that was not offered so");
    }
    return new PerMessageDeflate(options.level(), serverKeeps, clientKeeps, "");
  }

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

  /** Whether the messages of one end may refer to its earlier ones. */
  boolean keepsContext(Role sender) {
    return sender == Role.SERVER ? serverKeepsContext : clientKeepsContext;
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
