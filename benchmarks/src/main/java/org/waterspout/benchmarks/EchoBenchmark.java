// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A message that a server reads and sends back. The clients are in a process of their own, which
 * nobody measures, and have one message each on its way.
 */
@State(Scope.Benchmark)
public class EchoBenchmark {
  private static final int ECHOES = 6_400;

  // By count: on a busy machine two seconds end long before the compiler does, and its time counts.
  private static final int ECHOES_TO_WARM_UP = 200_000;

  /** Who answers. */
  public enum Server {
    /** A selector loop on a platform thread, with nothing around it: what the machine costs. */
    BARE,
    /** A reader that is handed the bytes, and writes them. */
    PUSH,
    /** A callback that awaits a message, then its writing, and so on. */
    PULL
  }

  /** How many clients there are. */
  @Param({"1", "64"})
  public int connections;

  /** Who answers. */
  @Param public Server server = Server.BARE;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private @Nullable Clients clients; // from setup on

  /** Connects the clients, and echoes until the compiler has done its part. */
  @Setup
  public void open() throws IOException {
    clients = Clients.start(EchoClients.class, connections);
    opened.add(clients);
    var channels = clients.channels();
    opened.addFirst(
        switch (server) {
          case BARE -> new BareEcho(channels);
          case PUSH -> StreamEcho.push(channels);
          case PULL -> StreamEcho.pull(channels);
        });
    clients.repeat(ECHOES_TO_WARM_UP / connections);
  }

  /** Ends server and clients. */
  @TearDown
  public void close() throws Exception {
    for (var each : opened) {
      each.close();
    }
  }

  /** From one client to the server and back. */
  @Benchmark
  @OperationsPerInvocation(ECHOES)
  public void echo() throws IOException {
    requireNonNull(clients).repeat(ECHOES / connections);
  }
}
