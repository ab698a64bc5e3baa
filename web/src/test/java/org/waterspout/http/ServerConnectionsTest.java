// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often the time limits of connections are looked at. */
class ServerConnectionsTest {
  private static final Duration SHORT = Duration.ofMillis(400);

  private static Duration interval(HTTPServerOptions.Builder options) {
    return ServerConnections.interval(options.build());
  }

  @Test
  void looksOnceASecondIfNoLimitIsShort() {
    assertThat(interval(HTTPServerOptions.builder())).isEqualTo(Duration.ofSeconds(1));
    assertThat(interval(HTTPServerOptions.builder().bodyTimeout(Duration.ofMinutes(1))))
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void looksMoreOftenForAnyShortLimit() {
    for (HTTPServerOptions.Builder options :
        List.of(
            HTTPServerOptions.builder().headerTimeout(SHORT),
            HTTPServerOptions.builder().idleTimeout(SHORT),
            HTTPServerOptions.builder().stallTimeout(SHORT),
            HTTPServerOptions.builder().lingerTimeout(SHORT),
            HTTPServerOptions.builder().bodyTimeout(SHORT))) {
      assertThat(interval(options)).isEqualTo(Duration.ofMillis(50));
    }
  }

  @Test
  void doesNotLookAllTheTime() {
    assertThat(interval(HTTPServerOptions.builder().bodyTimeout(Duration.ofMillis(1))))
        .isEqualTo(Duration.ofMillis(20));
  }
}
