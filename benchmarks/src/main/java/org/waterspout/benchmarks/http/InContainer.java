// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.util.ArrayList;
import java.util.List;

/** A way to answer, in a servlet container. */
record InContainer(Container container, Way way) implements Server {
  /** With what it has by itself, but for what its program says. */
  enum Container {
    JETTY("Jetty", JettyServlets.class),
    TOMCAT("Tomcat", TomcatServlets.class),
    UNDERTOW("Undertow", UndertowServlets.class);

    private final String label;
    private final Class<?> program;

    Container(String label, Class<?> program) {
      this.label = label;
      this.program = program;
    }
  }

  static List<InContainer> all() {
    List<InContainer> all = new ArrayList<>();
    for (var container : Container.values()) {
      for (var way : Way.values()) {
        all.add(new InContainer(container, way));
      }
    }
    return all;
  }

  /** What has this {@link #name}. */
  static InContainer named(String name) {
    return all().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  @Override
  public String name() {
    return container + "_" + way;
  }

  @Override
  public String label() {
    return container.label + ", " + way.label;
  }

  @Override
  public Kind kind() {
    return way.kind;
  }

  @Override
  public Class<?> program() {
    return container.program;
  }

  @Override
  public boolean takesPartIn(Workload workload) {
    return workload == Workload.HELLO || workload == Workload.POST;
  }
}
