// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

/** Who hosts the same servlets, and on which threads. */
enum Host implements Server {
  WATERSPOUT("Waterspout", MountedServlets.class, Kind.OURS),
  WATERSPOUT_DEFAULT_CARRIER(
      "Waterspout, default carrier", MountedServlets.class, Kind.OURS_ON_DEFAULT_CARRIER),
  JETTY("Jetty, virtual threads", JettyServlets.class, Kind.PEER),
  JETTY_POOL("Jetty, pool", JettyServlets.class, Kind.PEER),
  TOMCAT("Tomcat, virtual threads", TomcatServlets.class, Kind.PEER),
  TOMCAT_POOL("Tomcat, pool", TomcatServlets.class, Kind.PEER),
  UNDERTOW("Undertow, virtual threads", UndertowServlets.class, Kind.PEER),
  UNDERTOW_POOL("Undertow, pool", UndertowServlets.class, Kind.PEER);

  private final String label;
  private final Class<?> program;
  private final Kind kind;

  Host(String label, Class<?> program, Kind kind) {
    this.label = label;
    this.program = program;
    this.kind = kind;
  }

  boolean onVirtualThreads() {
    return switch (this) {
      case WATERSPOUT, WATERSPOUT_DEFAULT_CARRIER, JETTY, TOMCAT, UNDERTOW -> true;
      case JETTY_POOL, TOMCAT_POOL, UNDERTOW_POOL -> false;
    };
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public Class<?> program() {
    return program;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public boolean takesPartIn(Workload workload) {
    return workload == Workload.HELLO || workload == Workload.POST || workload.isForServlets();
  }
}
