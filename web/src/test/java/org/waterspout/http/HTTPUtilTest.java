// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class HTTPUtilTest {
  @Test
  void formatsTimestampsAsImfFixdate() {
    assertThat(HTTPUtil.formatTimestamp(Instant.ofEpochSecond(784111777)))
        .isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
  }

  @Test
  void knowsReasonPhrases() {
    assertThat(HTTPStatus.reason(404)).isEqualTo("Not Found");
    assertThat(HTTPStatus.reason(799)).isEqualTo("Unknown");
  }
}
