// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HTTPServerOptionsTest {
  @Test
  void refusesTimesThatNoClockCounts() {
    var forever = Duration.ofSeconds(Long.MAX_VALUE);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HTTPServerOptions.builder().idleTimeout(forever).build())
        .withMessageContaining("idleTimeout")
        .withMessageContaining("36500 days");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HTTPServerOptions.builder().bodyTimeout(forever).build())
        .withMessageContaining("bodyTimeout");
  }
}
