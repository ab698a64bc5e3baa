// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What closed connections leave behind: nothing. */
class ClosedConnectionsTest {
  private static final int MANY = 500;

  /** Of each connection one object, that all which belongs to the connection has. */
  private final Queue<WeakReference<ConnectionContext>> contexts = new ConcurrentLinkedQueue<>();

  private final Semaphore closed = new Semaphore(0);

  private final HTTPServerConnectionDelegate delegate =
      new HTTPServerConnectionDelegate() {
        @Override
        public HTTPMessageDelegate startRequest(Object server, HTTPConnection connection) {
          contexts.add(new WeakReference<>(connection.context()));
          return new TestRequest(connection, ClosedConnectionsTest::answerOrDetach);
        }

        @Override
        public void onClose(Object server) {
          closed.release();
        }
      };

  private static void answerOrDetach(TestRequest request) {
    if (request.target().equals("/detach")) {
      var stream = request.connection.detach();
      stream.setCloseCallback(() -> assertThat(stream.closed()).isTrue());
    } else {
      HTTPServerTest.echo(request);
    }
  }

  @Test
  void leaveNothingIfTheyWereIdle() throws Exception {
    try (var server = new TestServer(delegate)) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        var client = server.connect();
        clients.add(client);
        assertThat(client.get("/idle").text()).isEqualTo("GET /idle ");
      }
      for (var client : clients) {
        client.close();
      }

      expectAllClosedAndCollected(server);
    }
  }

  @Test
  void leaveNothingIfTheyWereDetached() throws Exception {
    try (var server = new TestServer(delegate)) {
      for (int i = 0; i < MANY; i++) {
        try (var client = server.connect()) {
          client.send("GET /detach HTTP/1.1\r\nHost: a\r\n\r\n");
        }
      }

      expectAllClosedAndCollected(server);
    }
  }

  private void expectAllClosedAndCollected(TestServer server) throws Exception {
    assertThat(closed.tryAcquire(MANY, 20, TimeUnit.SECONDS)).as("closed connections").isTrue();
    assertThat(contexts).hasSize(MANY);
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    long left = MANY;
    while (left > 0 && System.nanoTime() < deadline) {
      server.turns(2); // what is on the loop's stack is not collected
      System.gc();
      left = contexts.stream().filter(context -> context.get() != null).count();
    }
    assertThat(left).as("connections that can still be reached").isZero();
  }
}
