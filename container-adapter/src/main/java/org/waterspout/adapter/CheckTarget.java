// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.waterspout.adapter.exchange.Deployment;

/** The containers that {@link Check} knows, by what {@link Quirks} says of them. */
enum CheckTarget {
  JETTY_12_1("jetty/12.1.x", Mode.ASYNC),
  JETTY_12_1_SYNC("jetty/12.1.x", Mode.SYNC),
  TOMCAT_11("Apache Tomcat/11.0.x", Mode.ASYNC),
  TOMCAT_11_SYNC("Apache Tomcat/11.0.x", Mode.SYNC),
  TOMCAT_10_1("Apache Tomcat/10.1.x", Mode.ASYNC),
  TOMCAT_10_1_SYNC("Apache Tomcat/10.1.x", Mode.SYNC),
  UNDERTOW_2_4("Undertow - 2.4.x", Mode.ASYNC),
  UNDERTOW_2_4_SYNC("Undertow - 2.4.x", Mode.SYNC),
  UNDERTOW_2_3("Undertow - 2.3.x", Mode.ASYNC),
  UNDERTOW_2_3_SYNC("Undertow - 2.3.x", Mode.SYNC);

  private final String serverInfo;
  private final Mode mode;

  CheckTarget(String serverInfo, Mode mode) {
    this.serverInfo = serverInfo;
    this.mode = mode;
  }

  /**
   * The one of a name.
   *
   * @throws IllegalArgumentException that says all names, if there is none
   */
  static CheckTarget of(String name) {
    return Arrays.stream(values())
        .filter(target -> target.toString().equals(name))
        .findAny()
        .orElseThrow(
            () -> new IllegalArgumentException("--for " + name + ": known are " + names()));
  }

  static String names() {
    return Arrays.stream(values()).map(CheckTarget::toString).collect(Collectors.joining(", "));
  }

  Deployment deployment() {
    var quirks = Quirks.of(serverInfo);
    return mode == Mode.SYNC ? quirks.sync() : quirks.async();
  }

  /** As it is written on the command line: {@code tomcat-10.1-sync}. */
  @Override
  public String toString() {
    return name()
        .toLowerCase(Locale.ROOT)
        .replaceFirst("_", "-")
        .replaceFirst("_(?=[0-9])", ".")
        .replace('_', '-');
  }
}
