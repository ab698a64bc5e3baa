// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentValuesTest {
  private static String value(String name, String value) {
    var headers = HTTPHeaders.parse(name + ": " + value);
    headers.compact();
    assertThat(headers.get(name)).isEqualTo(value);
    return headers.get(name);
  }

  @Test
  void keptHeadersShareWhatManyClientsSay() {
    for (String name : new String[] {"Host", "user-agent", "Origin"}) {
      assertThat(value(name, "of recent values")).isSameAs(value(name, "of recent values"));
    }
  }

  @Test
  void secretsAndWhatIsLongAreNotHeld() {
    for (String name : new String[] {"Cookie", "Authorization", "Sec-WebSocket-Key", "X"}) {
      assertThat(value(name, "secret")).isNotSameAs(value(name, "secret"));
    }
    var large = "x".repeat(257);
    assertThat(value("Host", large)).isNotSameAs(value("Host", large));
  }

  @Test
  void anyNumberOfValuesMayCome() {
    for (int i = 0; i < 1000; i++) {
      assertThat(value("Host", "h" + i)).isEqualTo("h" + i);
    }
  }
}
