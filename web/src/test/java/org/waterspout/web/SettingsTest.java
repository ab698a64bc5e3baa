// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.web.Application.settings;

import org.junit.jupiter.api.Test;

/** The settings that are the user's own. */
class SettingsTest {
  @Test
  void keepsWhatTheUserSets() {
    var pool = new Object();
    var settings = settings().set("pool", pool).set("size", 1).set("size", 2).build();

    assertThat(settings.get("pool")).isSameAs(pool);
    assertThat(settings.require("pool", Object.class)).isSameAs(pool);
    assertThat(settings.require("size", Number.class)).isEqualTo(2);
  }

  @Test
  void doesNotChangeWithItsBuilder() {
    var builder = settings().set("a", "1");
    var settings = builder.build();
    builder.set("a", "2").set("b", "2");

    assertThat(settings.get("a")).isEqualTo("1");
    assertThat(settings.get("b")).isNull();
  }

  @Test
  void tellsWhatIsMissing() {
    var settings = settings().build();

    assertThat(settings.get("pool")).isNull();
    assertThatThrownBy(() -> settings.require("pool", String.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the setting \"pool\" has to be a java.lang.String, but is not there");
  }

  @Test
  void tellsWhatHasAnotherTypeButNotItsValue() {
    var settings = settings().set("key", "a secret").build();

    assertThatThrownBy(() -> settings.require("key", Integer.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the setting \"key\" has to be a java.lang.Integer, but is a java.lang.String");
  }
}
