// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Clients that are slow on purpose hold a connection and nothing else, and that not for long:
 * others are served all the while.
 */
class SlowClientsTest {
  private static final int MANY = 150;
  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final int MEGABYTES = 8 << 20;

  private final Semaphore closed = new Semaphore(0); // a permit for each connection that has ended
  private final ByteBuffer body = ByteBuffer.allocate(MEGABYTES); // one for all answers

  private final HTTPServerConnectionDelegate delegate =
      new HTTPServerConnectionDelegate() {
        @Override
        public HTTPMessageDelegate startRequest(Object server, HTTPConnection connection) {
          return new TestRequest(connection, SlowClientsTest.this::answer);
        }

        @Override
        public void onClose(Object server) {
          closed.release();
        }
      };

  private void answer(TestRequest request) {
    if (!request.target().startsWith("/big")) {
      HTTPServerTest.echo(request);
      return;
    }
    var headers = new HTTPHeaders();
    int count = Integer.parseInt(request.target().substring("/big".length()));
    headers.add("Content-Length", Integer.toString(count * MEGABYTES));
    request.connection.writeHeaders(TestRequest.status(200), headers, null);
    for (int i = 0; i < count; i++) {
      request.connection.write(body.duplicate());
    }
    request.connection.finish();
  }

  private TestServer serve(HTTPServerOptions.Builder options) throws Exception {
    return new TestServer(delegate, options.build());
  }

  private static HTTPServerOptions.Builder options() {
    return HTTPServerOptions.builder().lingerTimeout(Duration.ofMillis(300));
  }

  private static List<RawClient> connect(TestServer server, int count) throws IOException {
    var clients = new ArrayList<RawClient>();
    for (int i = 0; i < count; i++) {
      clients.add(server.connect());
    }
    return clients;
  }

  private static void close(List<RawClient> clients) throws IOException {
    for (var client : clients) {
      client.close();
    }
  }

  private void awaitConnectionsClosed(int count) throws Exception {
    assertThat(closed.tryAcquire(count, 20, TimeUnit.SECONDS)).as("closed connections").isTrue();
  }

  private static void serveAnother(RawClient other) throws IOException {
    assertThat(other.get("/other").text()).isEqualTo("GET /other ");
  }

  /**
   * Has each client send one byte after the other until it is answered, and another client be
   * served between all of that; how long it took.
   */
  private static Duration drip(List<RawClient> clients, byte[] bytes, int status, RawClient other)
      throws IOException {
    long start = System.nanoTime();
    var unanswered = new ArrayList<>(clients);
    for (int i = 0; !unanswered.isEmpty(); i++) {
      assertThat(i).as("so many bytes, and no answer to all").isLessThan(bytes.length);
      for (Iterator<RawClient> each = unanswered.iterator(); each.hasNext(); ) {
        var client = each.next();
        if (client.hasAnswer()) {
          assertThat(client.read().status()).isEqualTo(status);
          assertThat(client.rest()).isEmpty();
          each.remove();
        } else {
          client.send(new byte[] {bytes[i]});
        }
      }
      serveAnother(other);
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Test
  void headsThatDripAreCutWhileOthersAreServed() throws Exception {
    byte[] head = ("ET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(60_000)).getBytes();
    try (var server = serve(options().headerTimeout(LIMIT));
        var other = server.connect()) {
      serveAnother(other);
      var clients = new ArrayList<RawClient>();
      for (int i = 0; i < MANY; i++) {
        clients.add(server.connect().send("G")); // at once: nothing at all is cut without a word
      }
      drip(clients, head, 408, other);
      awaitConnectionsClosed(MANY); // though no client has closed
      serveAnother(other);
      close(clients);
    }
  }

  @Test
  void headsThatDripBehindARequestAreCutToo() throws Exception {
    byte[] head = "a".repeat(60_000).getBytes();
    try (var server = serve(options().headerTimeout(LIMIT));
        var other = server.connect()) {
      serveAnother(other);
      var clients = new ArrayList<RawClient>();
      for (int i = 0; i < MANY; i++) {
        clients.add(server.connect());
        serveAnother(clients.getLast()); // before it has waited for too long
      }
      assertThat(drip(clients, head, 408, other)).isGreaterThanOrEqualTo(LIMIT);
      awaitConnectionsClosed(MANY);
      close(clients);
    }
  }

  @Test
  void bodiesThatDripAreCutWhileOthersAreServed() throws Exception {
    byte[] bytes = new byte[60_000];
    try (var server = serve(options().bodyTimeout(LIMIT));
        var other = server.connect()) {
      var clients = connect(server, MANY);
      for (var client : clients) {
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
      }
      drip(clients, bytes, 408, other);
      awaitConnectionsClosed(MANY);
      close(clients);
    }
  }

  @Test
  void handshakesThatDripAreCut() throws Exception {
    var limit = LIMIT.multipliedBy(2);
    var options = options().headerTimeout(limit).ssl(TestTLS.server().build());
    try (var server = serve(options);
        var other = new RawClient(TestTLS.connect(TestTLS.client(), server.server.port()))) {
      serveAnother(other);
      var clients = connect(server, 20);
      byte[] hello = new byte[10_000];
      System.arraycopy(new byte[] {22, 3, 1, 64, 0, 1}, 0, hello, 0, 6);
      for (int i = 0; !closed.tryAcquire(clients.size()); i++) {
        assertThat(i).isLessThan(hello.length);
        for (var client : clients) {
          client.sendIfOpen(hello[i]);
        }
        serveAnother(other);
      }
      for (var client : clients) {
        client.expectNoAnswer();
        client.close();
      }
    }
  }

  /** A client whose own system takes little for it. */
  private static RawClient connectSmall(TestServer server) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(64 << 10);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.server.port()));
    return new RawClient(socket);
  }

  @Test
  void readersThatTakeNothingAreCutWhileOthersAreServed() throws Exception {
    int count = 20;
    try (var server = serve(options().stallTimeout(LIMIT));
        var other = server.connect()) {
      var clients = new ArrayList<RawClient>();
      for (int i = 0; i < count; i++) {
        clients.add(connectSmall(server).send("GET /big1 HTTP/1.1\r\nHost: a\r\n\r\n"));
      }
      while (!closed.tryAcquire(count)) {
        serveAnother(other);
      }
      for (var client : clients) {
        assertThat(client.restBeforeCut()).hasSizeLessThan(MEGABYTES);
      }
      close(clients);
    }
  }

  @Test
  void readersThatTakeLittleAreNotCut() throws Exception {
    var limit = LIMIT.multipliedBy(2);
    try (var server = serve(options().stallTimeout(limit));
        var slow = connectSmall(server);
        var other = server.connect()) {
      long start = System.nanoTime();
      slow.send("GET /big4 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(slow.line()).isEqualTo("HTTP/1.1 200 OK");
      while (!slow.line().isEmpty()) {}
      int step = MEGABYTES / 16;
      for (int i = 0; i < 4 * 16; i++) {
        slow.exactly(step);
        long next = start + (i + 1) * limit.toNanos() / 32; // twice the limit in all
        while (System.nanoTime() < next) {
          serveAnother(other);
        }
      }
      serveAnother(slow);
    }
  }
}
