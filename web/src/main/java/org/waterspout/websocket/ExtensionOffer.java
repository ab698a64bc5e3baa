// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An element of Sec-WebSocket-Extensions, RFC 6455 section 9.1.
 *
 * @param parameters as they stand there, repeated ones too
 */
record ExtensionOffer(String name, List<Parameter> parameters) {
  /**
   * A parameter.
   *
   * @param value without quotes; null if it has none
   */
  record Parameter(String name, @Nullable String value) {}

  /**
   * Reads all fields of the header, in order.
   *
   * @throws IllegalArgumentException if they break the grammar
   */
  static List<ExtensionOffer> parse(List<String> fields) {
    var offers = new ArrayList<ExtensionOffer>();
    for (var field : fields) {
      var in = new Tokens(field);
      do {
        if (in.atElement()) { // RFC 9110 section 5.6.1.2: a list may have empty elements
          offers.add(offer(in));
        }
      } while (in.skip(','));
      in.requireEnd();
    }
    return offers;
  }

  private static ExtensionOffer offer(Tokens in) {
    var name = in.token();
    var parameters = new ArrayList<Parameter>();
    while (in.skip(';')) {
      var parameter = in.token();
      parameters.add(new Parameter(parameter, in.skip('=') ? in.value() : null));
    }
    return new ExtensionOffer(name, parameters);
  }
}
