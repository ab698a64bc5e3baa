// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

/** A client that is measured. */
enum ClientContestant {
  OURS("Waterspout", WaterspoutFetches.class, Kind.OURS),
  OURS_DEFAULT_CARRIER(
      "Waterspout, default carrier", WaterspoutFetches.class, Kind.OURS_ON_DEFAULT_CARRIER),
  JDK("JDK HttpClient", JDKFetches.class, Kind.PEER),
  VERTX("Vert.x WebClient", VertxFetches.class, Kind.PEER),
  JETTY("Jetty HttpClient", JettyFetches.class, Kind.PEER);

  /** As the tables call it. */
  final String label;

  final Class<?> program;
  final Kind kind;

  ClientContestant(String label, Class<?> program, Kind kind) {
    this.label = label;
    this.program = program;
    this.kind = kind;
  }
}
