// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.url;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.waterspout.http.Capability;
import org.waterspout.web.Application;
import org.waterspout.web.CapabilityUse;

/** What a handler says of itself to a deployment that may lack something. */
class CapabilityTest {
  static class Plain extends WebSocketHandler {
    @Override
    protected void onMessage(String message) {
      writeMessage(message);
    }
  }

  static class Demanding extends Plain {
    @Override
    protected CompressionOptions compressionOptions() {
      return CompressionOptions.DEFAULT;
    }

    @Override
    protected Duration pingInterval() {
      return Duration.ofSeconds(1);
    }

    @Override
    protected void open() {
      ping();
      detach();
    }
  }

  private static List<String> uses(Application application) {
    return application.capabilityReport(Set.of()).losses().stream()
        .map(use -> use.capability() + " " + use.where())
        .toList();
  }

  @Test
  void aHandlerNeedsNothingButWebSocket() {
    assertThat(uses(new Application(url("/", Plain::new))))
        .containsExactly("WEBSOCKET is a WebSocketHandler");
  }

  @Test
  void whatAHandlerOverridesAndCallsIsFound() {
    assertThat(uses(new Application(url("/", Demanding::new))))
        .containsExactlyInAnyOrder(
            "WEBSOCKET is a WebSocketHandler",
            "WEBSOCKET_COMPRESSION overrides compressionOptions",
            "WEBSOCKET_PING_CONTROL overrides pingInterval",
            "WEBSOCKET_PING_CONTROL open() calls ping",
            "DETACH open() calls detach");
  }

  @Test
  void nothingIsLostWhereAllIsOffered() {
    var report =
        new Application(url("/", Demanding::new)).capabilityReport(EnumSet.allOf(Capability.class));

    assertThat(report.losses()).isEmpty();
    assertThat(report.refusals()).extracting(CapabilityUse::route).isEmpty();
  }
}
