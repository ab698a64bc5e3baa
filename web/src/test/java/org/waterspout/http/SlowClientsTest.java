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
  private static final int STEPS = 20; // in which the limit passes
  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final Duration LINGER = Duration.ofMillis(300);
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
    return TestServer.withoutTime(delegate, options.build());
  }

  private static HTTPServerOptions.Builder options() {
    return HTTPServerOptions.builder().lingerTimeout(LINGER);
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
   * Has each client send one byte after the other for as long as the limit, and another client be
   * served between all of that; then all are answered, and cut though they do not close.
   */
  private void drip(TestServer server, List<RawClient> clients, byte[] bytes, RawClient other)
      throws Exception {
    for (int i = 0; i < STEPS; i++) {
      long before = server.server.counters().bytesReceived();
      for (var client : clients) {
        assertThat(client.hasAnswer()).as("an answer within the limit").isFalse();
        client.send(new byte[] {bytes[i]});
      }
      server.awaitReceived(before + clients.size());
      serveAnother(other);
      server.pass(LIMIT.dividedBy(STEPS));
    }
    for (var client : clients) {
      assertThat(client.read().status()).isEqualTo(408);
      assertThat(client.rest()).isEmpty();
    }
    serveAnother(other);
    server.pass(LINGER);
    awaitConnectionsClosed(clients.size());
    serveAnother(other);
  }

  @Test
  void headsThatDripAreCutWhileOthersAreServed() throws Exception {
    byte[] head = "GET / HTTP/1.1\r\nHost: a\r\n".getBytes();
    try (var server = serve(options().headerTimeout(LIMIT));
        var other = server.connect()) {
      serveAnother(other);
      var clients = connect(server, MANY);
      drip(server, clients, head, other);
      close(clients);
    }
  }

  @Test
  void headsThatDripBehindARequestAreCutToo() throws Exception {
    byte[] head = "GET / HTTP/1.1\r\nHost: a\r\n".getBytes();
    try (var server = serve(options().headerTimeout(LIMIT));
        var other = server.connect()) {
      serveAnother(other);
      var clients = connect(server, MANY);
      for (var client : clients) {
        serveAnother(client);
      }
      server.pass(LIMIT.multipliedBy(2)); // less than they may be idle
      drip(server, clients, head, other);
      close(clients);
    }
  }

  @Test
  void bodiesThatDripAreCutWhileOthersAreServed() throws Exception {
    String head = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n";
    try (var server = serve(options().bodyTimeout(LIMIT));
        var other = server.connect()) {
      var clients = connect(server, MANY);
      for (var client : clients) {
        client.send(head);
      }
      server.awaitReceived(MANY * head.length());
      drip(server, clients, new byte[STEPS], other);
      close(clients);
    }
  }

  @Test
  void handshakesThatDripAreCut() throws Exception {
    int count = 20;
    var options = options().headerTimeout(LIMIT).ssl(TestTLS.server().build());
    try (var server = serve(options);
        var other = new RawClient(TestTLS.connect(TestTLS.client(), server.server.port()))) {
      serveAnother(other);
      var clients = connect(server, count);
      server.awaitConnections(1 + count);
      byte[] hello = new byte[10_000];
      System.arraycopy(new byte[] {22, 3, 1, 64, 0, 1}, 0, hello, 0, 6);
      for (int i = 0; i < STEPS; i++) {
        assertThat(closed.availablePermits()).as("cut within the limit").isZero();
        for (var client : clients) {
          client.send(new byte[] {hello[i]});
        }
        serveAnother(other);
        server.pass(LIMIT.dividedBy(STEPS));
      }
      awaitConnectionsClosed(count);
      serveAnother(other);
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
      for (int i = 0; !closed.tryAcquire(count); i++) {
        assertThat(i).as("steps until all are cut").isLessThan(10_000);
        serveAnother(other);
        server.pass(LIMIT.dividedBy(STEPS));
      }
      for (var client : clients) {
        assertThat(client.restBeforeCut()).hasSizeLessThan(MEGABYTES);
      }
      close(clients);
    }
  }

  @Test
  void readersThatTakeLittleAreNotCut() throws Exception {
    int steps = 4 * 16;
    try (var server = serve(options().stallTimeout(LIMIT));
        var slow = connectSmall(server);
        var other = server.connect()) {
      slow.send("GET /big4 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(slow.line()).isEqualTo("HTTP/1.1 200 OK");
      while (!slow.line().isEmpty()) {}
      for (int i = 0; i < steps; i++) {
        slow.exactly(MEGABYTES / 16);
        serveAnother(other);
        server.pass(LIMIT.multipliedBy(2).dividedBy(steps)); // twice the limit in all
      }
      serveAnother(slow);
    }
  }
}
