// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.waterspout.gen.Gen.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.tcp.OverrideResolver;
import org.waterspout.tcp.Resolver;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;

/** A client from its beginning to its end, and where it finds nobody. */
class ClientLifeTest {
  /** Says what has come. */
  static final class Echo extends RequestHandler {
    @Override
    protected void get() {
      write(request().headers().toString());
    }
  }

  private ClientLoop client;
  private SiteServer site;

  @BeforeEach
  void start() throws Exception {
    site = new SiteServer(new Application(Application.url("/echo", Echo::new)));
    client = new ClientLoop();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    site.close();
  }

  @Test
  void isOnePerLoopAndClosedWithIt() throws Exception {
    var other = new IOLoop();
    var kept =
        other.runSync(
            () -> {
              var its = AsyncHTTPClient.current();
              await(its.fetch(site.url("/echo")));
              assertThat(AsyncHTTPClient.current()).isSameAs(its);
              assertThatIllegalStateException().isThrownBy(its::close);
              return its;
            });
    assertThat(kept).isNotSameAs(client.client);
    assertThat(kept.pool().openCount()).isEqualTo(1);
    other.close();
    assertThat(kept.pool().openCount()).isZero();
  }

  @Test
  void refusesToWorkOffItsLoopAndOnceClosed() throws Exception {
    assertThatIllegalStateException().isThrownBy(() -> client.client.fetch(site.url("/echo")));
    client.call(
        () -> {
          client.client.close();
          client.client.close();
          assertThatIllegalStateException()
              .isThrownBy(() -> client.client.fetch(site.url("/echo")))
              .withMessageContaining("closed");
          return 0;
        });
  }

  @Test
  void refusesWhatIsNoURLBeforeAnythingIsSent() throws Exception {
    client.call(
        () -> {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> client.client.fetch("ftp://example.com/"));
          return 0;
        });
    assertThat(client.call(() -> client.client.pool().isEmpty())).isTrue();
  }

  @Test
  void failsWhereNobodyListens() throws Exception {
    try (var nobody = new Socket()) { // bound, and does not listen
      nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      var failure = client.failure("http://127.0.0.1:" + nobody.getLocalPort() + "/");
      assertThat(failure)
          .isInstanceOf(HTTPStreamClosedError.class)
          .hasMessageContaining("no connection");
      assertThat(((HTTPClientError) failure).code()).isEqualTo(599);
      assertThat(((HTTPClientError) failure).response()).isNull();
    }
  }

  @Test
  void failsWhereThereIsNoSuchHost() throws Exception {
    Resolver none =
        (host, port, family) ->
            LoopFuture.failed(IOLoop.current(), new UnknownHostException("no " + host));
    try (var lost = new ClientLoop(ClientOptions.builder().resolver(none).build())) {
      assertThat(lost.failure("http://nowhere.example/"))
          .isInstanceOf(HTTPClientError.class)
          .hasMessageContaining("no nowhere.example");
    }
  }

  @Test
  void goesWhereTheResolverSays() throws Exception {
    var resolver =
        new OverrideResolver(Resolver.system())
            .with("shop.example", 80, "127.0.0.1", site.server.port());
    try (var other = new ClientLoop(ClientOptions.builder().resolver(resolver).build())) {
      assertThat(other.fetch("http://shop.example/echo").text()).contains("Host: shop.example\n");
    }
  }

  @Test
  void endsWhatIsUnderWayWhenItIsClosed() throws Exception {
    try (var silent = new ScriptedServer(ScriptedServer.Peer::awaitEnd)) {
      var fetch = client.start(HTTPRequest.builder(silent.url("/")).build());
      client.call(
          () -> {
            client.client.close();
            return 0;
          });
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> ClientLoop.get(fetch))
          .withCauseInstanceOf(HTTPClientError.class)
          .withMessageContaining("the client was closed");
    }
  }

  @Test
  void appliesItsDefaults() throws Exception {
    var options =
        ClientOptions.builder()
            .requestDefaults(request -> request.userAgent("default").header("X-D", "1"))
            .build();
    try (var other = new ClientLoop(options)) {
      assertThat(other.fetch(site.url("/echo")).text())
          .contains("User-Agent: default\n", "X-D: 1\n");
      var built = other.client.request(site.url("/echo")).userAgent("other").build();
      assertThat(other.fetch(built).text()).contains("User-Agent: other\n", "X-D: 1\n");
    }
  }
}
