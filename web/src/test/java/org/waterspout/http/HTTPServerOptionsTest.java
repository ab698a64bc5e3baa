// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
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

  @Test
  void hasALimitForEverything() {
    var options = HTTPServerOptions.defaults();
    assertThat(options.maxHeaderSize()).isEqualTo(65_536);
    assertThat(options.maxBodySize()).isEqualTo(104_857_600);
    assertThat(options.chunkSize()).isEqualTo(65_536);
    assertThat(options.headerTimeout()).hasSeconds(30);
    assertThat(options.idleTimeout()).hasSeconds(75);
    assertThat(options.stallTimeout()).hasSeconds(60);
    assertThat(options.bodyTimeout()).isZero();
    assertThat(options.lingerTimeout()).hasSeconds(10);
  }
}
