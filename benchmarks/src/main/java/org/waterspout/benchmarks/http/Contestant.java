// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.util.ArrayList;
import java.util.List;

/** A server that is compared with others. */
enum Contestant implements Server {
  BARE("bare", BareServer.class, Kind.YARDSTICK),
  RAW("Waterspout, delegate", DelegateServer.class, Kind.OURS),
  RAW_DEFAULT_CARRIER(
      "Waterspout, delegate, default carrier", DelegateServer.class, Kind.OURS_ON_DEFAULT_CARRIER),
  HANDLER("Waterspout, RequestHandler", HandlerServer.class, Kind.OURS),
  NETTY("Netty", NettyServer.class, Kind.PEER),
  NETTY_EPOLL("Netty, epoll", NettyServer.class, Kind.PEER),
  UNDERTOW("Undertow", UndertowServer.class, Kind.PEER),
  VERTX("Vert.x", VertxServer.class, Kind.PEER),
  JETTY("Jetty", JettyServer.class, Kind.PEER);

  private final String label;
  private final Class<?> program;
  private final Kind kind;

  Contestant(String label, Class<?> program, Kind kind) {
    this.label = label;
    this.program = program;
    this.kind = kind;
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
    return switch (this) {
      case BARE -> workload == Workload.HELLO || workload == Workload.PIPELINED;
      case RAW -> workload != Workload.WEBSOCKET && !workload.isForServlets();
      case RAW_DEFAULT_CARRIER -> workload == Workload.HELLO;
      case HANDLER, NETTY, NETTY_EPOLL, UNDERTOW, VERTX, JETTY -> !workload.isForServlets();
    };
  }

  /**
   * The same for all, but for what ours documents as its own. A JVM that has one core takes the
   * serial collector by itself; here it does so on any machine.
   */
  static List<String> jvmArguments(Kind kind) {
    var arguments = new ArrayList<>(List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC"));
    arguments.add("--sun-misc-unsafe-memory-access=allow"); // others' memory by Unsafe
    arguments.add("--enable-native-access=ALL-UNNAMED"); // epoll's
    arguments.add("-Dslf4j.internal.verbosity=ERROR"); // nothing is bound to it
    if (kind == Kind.OURS) { // examples/jvm.args
      arguments.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
      arguments.add("--add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED");
    }
    return arguments;
  }
}
