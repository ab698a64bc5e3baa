// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.waterspout.http.Capability;

class QuirksTest {
  @Test
  void namesContainersAsUsersDo() {
    assertThat(Quirks.of("jetty/12.1.12").async().name())
        .isEqualTo("Jetty 12.1.12 (servlet, async)");
    assertThat(Quirks.of("Apache Tomcat/11.0.14").container()).isEqualTo("Tomcat 11.0.14");
    assertThat(Quirks.of("Undertow - 2.3.18.Final").container()).isEqualTo("Undertow 2.3.18.Final");
  }

  @Test
  void claimsToCutOnlyWhereThatWasTried() {
    assertThat(Quirks.of("jetty/12.1.12").async().capabilities()).contains(Capability.ABORT);
    assertThat(Quirks.of("jetty/12.0.16").async().capabilities()).doesNotContain(Capability.ABORT);
    assertThat(Quirks.of("jetty/12.0.16").measured()).isFalse();
  }
}
