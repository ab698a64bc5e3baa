// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;
import org.waterspout.tcp.Resolver;
import org.waterspout.testing.GenTest;

/** Connections for those who go on by themselves. */
class HTTPConnectorTest {
  private static LoopFuture<IOStream> connect(HTTPRequest.Builder request) {
    return HTTPConnector.connect(request.build(), Resolver.system());
  }

  private static String exchange(IOStream stream) {
    stream.write("ping\n".getBytes(StandardCharsets.US_ASCII));
    var answer = new String(await(stream.readUntilClose()), StandardCharsets.US_ASCII);
    assertThat(stream.closed()).isTrue();
    return answer;
  }

  private static ScriptedServer pong() throws Exception {
    return new ScriptedServer(
        peer -> {
          assertThat(peer.bytes(5)).isEqualTo("ping\n");
          peer.say("pong");
        });
  }

  @GenTest(timeout = 20)
  void sendsNothingByItself() throws Exception {
    try (var server = pong()) {
      assertThat(exchange(await(connect(HTTPRequest.builder(server.url("/")))))).isEqualTo("pong");
    }
  }

  @GenTest(timeout = 20)
  void hasATunnelThroughAProxyWhateverTheScheme() throws Exception {
    try (var server = pong();
        var proxy = new TestProxy(null)) {
      var request = HTTPRequest.builder(server.url("/")).proxy("127.0.0.1", proxy.port());
      assertThat(exchange(await(connect(request)))).isEqualTo("pong");
      assertThat(proxy.heads.getFirst())
          .startsWith("CONNECT 127.0.0.1:" + server.port() + " HTTP/1.1\r\n");
    }
  }

  @GenTest(timeout = 20)
  void saysWhyThereIsNoConnection() throws Exception {
    try (var taken = new Socket()) {
      taken.bind(new InetSocketAddress("127.0.0.1", 0)); // so that nobody listens there meanwhile
      var request = HTTPRequest.builder("http://127.0.0.1:" + taken.getLocalPort());
      assertThatThrownBy(() -> await(connect(request))).isInstanceOf(HTTPStreamClosedError.class);
    }
  }

  @GenTest(timeout = 20)
  void whoCancelsLeavesNothingOpen() throws Exception {
    var loop = IOLoop.current();
    var asked = new LoopFuture<Void>(loop);
    var left = new LoopFuture<Void>(loop);
    try (var proxy =
        new ScriptedServer(
            peer -> {
              peer.head();
              asked.complete(null);
              peer.awaitEnd();
              left.complete(null);
            })) {
      var connecting =
          connect(HTTPRequest.builder("http://a.example").proxy("127.0.0.1", proxy.port()));
      await(asked);
      connecting.cancel(false);
      await(left);
    }
  }
}
