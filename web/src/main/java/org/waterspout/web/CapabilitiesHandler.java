// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.waterspout.http.Capability;

/**
 * Tells as JSON what the deployment offers and what the application loses in it: {@code
 * url("/capabilities", CapabilitiesHandler::new)}.
 *
 * <pre>{@code
 * {"deployment": "Jetty 12.1.12 (servlet, async)",
 *  "capabilities": [{"name": "DETACH", "meaning": "take over ...", "offered": false}, ...],
 *  "losses": [{"route": "/chat", "handler": "org.example.Chat", "capability": "WEBSOCKET",
 *              "where": "is a WebSocketHandler", "required": true}, ...],
 *  "unknown": ["/later"]}
 * }</pre>
 *
 * <p>Losses are as in {@link CapabilityReport}. The answer names classes of the application: where
 * that is nobody's business, check in {@code prepare} of a subclass who asks.
 */
public class CapabilitiesHandler extends RequestHandler {
  /** For routes. */
  public CapabilitiesHandler() {}

  @Override
  protected void get() {
    var connection = request().connection();
    var offered = connection.capabilities();
    var report = application().capabilityReport(offered);
    var answer = new LinkedHashMap<String, Object>();
    answer.put("deployment", connection.deployment());
    answer.put(
        "capabilities",
        Stream.of(Capability.values())
            .map(
                capability ->
                    Map.of(
                        "name", capability.name(),
                        "meaning", capability.meaning(),
                        "offered", offered.contains(capability)))
            .toList());
    answer.put("losses", report.losses());
    answer.put("unknown", report.unknown());
    writeJSON(answer);
  }
}
