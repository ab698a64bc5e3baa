// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients that end their output behind a request, and are not taken for gone. */
class HalfCloseTest {
  private final BlockingQueue<TestRequest> waiting = new LinkedBlockingQueue<>();

  private HTTPServerConnectionDelegate allowing() {
    return (server, connection) -> {
      connection.allowHalfClose();
      return new TestRequest(connection, waiting::add);
    };
  }

  private TestRequest next() throws InterruptedException {
    TestRequest request = waiting.poll(20, TimeUnit.SECONDS);
    assertThat(request).isNotNull();
    return request;
  }

  /** The client has sent its end: the loop comes to see it. */
  private static void turnOften(TestServer server) throws Exception {
    for (int i = 0; i < 20; i++) {
      server.call(() -> null);
    }
  }

  @Test
  void getTheirAnswerAndThenTheEnd() throws Exception {
    try (var server = new TestServer(allowing());
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").endOutput();
      TestRequest request = next();
      turnOften(server);
      server.call(() -> request.reply(200, "late"));
      assertThat(client.read().text()).isEqualTo("late");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void getAllTheirAnswers() throws Exception {
    try (var server = new TestServer(allowing());
        var client = server.connect()) {
      String get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
      client.send(get + get).endOutput();
      for (String text : new String[] {"one", "two"}) {
        TestRequest request = next();
        turnOften(server);
        server.call(() -> request.reply(200, text));
        assertThat(client.read().text()).isEqualTo(text);
      }
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void getALongAnswerWholeAlsoWhenTheyAreSlow() throws Exception {
    int size = 8 << 20;
    try (var server = new TestServer(allowing());
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").endOutput();
      TestRequest request = next();
      turnOften(server);
      server.call(() -> request.reply(200, "x".repeat(size)));
      turnOften(server);
      assertThat(client.read().body()).hasSize(size);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void areGoneIfTheirRequestIsNotWhole() throws Exception {
    try (var server = new TestServer(allowing());
        var client = server.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf").endOutput();
      assertThat(client.rest()).isEmpty();
      assertThat(waiting).isEmpty();
    }
  }
}
