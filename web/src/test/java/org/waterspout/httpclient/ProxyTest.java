// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.http.TestTLS;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.text.Product;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;

/** Through a proxy, with and without a tunnel. */
class ProxyTest {
  /** Says what has come. */
  static final class Echo extends RequestHandler {
    @Override
    protected void get() {
      write(request().uri() + "\n" + request().headers());
    }

    @Override
    protected void post() {
      get();
      write(request().body());
    }
  }

  private ClientLoop client;
  private SSLOptions trust;

  @BeforeEach
  void start() throws Exception {
    client = new ClientLoop();
    trust = SSLOptions.of(TestTLS.client());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
  }

  private static SiteServer site(boolean secure) throws Exception {
    var options = HTTPServerOptions.builder();
    if (secure) {
      options.ssl(TestTLS.server().build());
    }
    return new SiteServer(new Application(Application.url("/.*", Echo::new)), options.build());
  }

  private static Function<HTTPRequest.Builder, HTTPRequest.Builder> through(
      TestProxy proxy, Credentials credentials) {
    return request -> request.proxy(new HTTPProxy("127.0.0.1", proxy.port(), credentials));
  }

  @Test
  void handsPlainRequestsToTheProxy() throws Exception {
    try (var site = site(false);
        var proxy = new TestProxy(null)) {
      var url = site.url("/a?b").replace("//", "//u:p@");
      var response =
          client.fetch(url, through(proxy, null).andThen(r -> r.method("POST").body("body")));
      assertThat(response.text()).startsWith("/a?b\n").contains("Via: test").endsWith("body");
      assertThat(proxy.heads.getFirst())
          .startsWith("POST " + site.url("/a?b") + " HTTP/1.1\r\nHost: 127.0.0.1:")
          .contains("Authorization: Basic dTpw\r\n");
    }
  }

  @Test
  void asksForATunnelToSecureServers() throws Exception {
    try (var site = site(true);
        var proxy = new TestProxy(null)) {
      for (int i = 0; i < 3; i++) {
        var response =
            client.fetch(
                site.url("/a"),
                through(proxy, null).andThen(r -> r.ssl(trust).header("Cookie", "secret=1")));
        assertThat(response.text()).startsWith("/a\n").contains("secret=1").doesNotContain("Via");
      }
      var authority = "localhost:" + site.server.port();
      assertThat(proxy.heads)
          .containsExactly(
              "CONNECT "
                  + authority
                  + " HTTP/1.1\r\nHost: "
                  + authority
                  + "\r\nUser-Agent: "
                  + Product.NAME
                  + "\r\n\r\n");
    }
  }

  @ParameterizedTest
  @EnumSource(AuthMode.class)
  void tellsTheProxyAndNobodyElseWhoItIs(AuthMode mode) throws Exception {
    try (var plain = site(false);
        var secure = site(true);
        var proxy = new TestProxy(mode)) {
      var user = new Credentials("proxy", "open", mode);
      for (var site : new SiteServer[] {plain, secure}) {
        var response =
            client.fetch(site.url("/a"), through(proxy, user).andThen(r -> r.ssl(trust)));
        assertThat(response.code()).isEqualTo(200);
        assertThat(response.text()).startsWith("/a\n").doesNotContain("Proxy-", "Authorization");
      }
      assertThat(proxy.heads).hasSize(mode == AuthMode.BASIC ? 2 : 4);
      assertThat(proxy.heads).noneMatch(head -> head.contains("open"));
    }
  }

  @Test
  void doesNotShareTunnelsAmongUsers() throws Exception {
    try (var site = site(true);
        var proxy = new TestProxy(AuthMode.BASIC)) {
      var user = new Credentials("proxy", "open", AuthMode.BASIC);
      client.fetch(site.url("/a"), through(proxy, user).andThen(r -> r.ssl(trust)));
      var stranger =
          through(proxy, null).apply(HTTPRequest.builder(site.url("/a")).ssl(trust)).build();
      assertThat(client.failure(stranger))
          .isInstanceOf(HTTPClientError.class)
          .hasMessageContaining("the proxy refuses a tunnel: 407");
    }
  }

  @ParameterizedTest
  @EnumSource(AuthMode.class)
  void saysThatTheProxyRefuses(AuthMode mode) throws Exception {
    try (var site = site(false);
        var secure = site(true);
        var proxy = new TestProxy(mode)) {
      var wrong = new Credentials("proxy", "wrong", mode);
      assertThat(client.fetch(site.url("/"), through(proxy, wrong)).code()).isEqualTo(407);
      var request =
          through(proxy, wrong).apply(HTTPRequest.builder(secure.url("/")).ssl(trust)).build();
      assertThat(client.failure(request)).hasMessageContaining("refuses a tunnel: 407");
      assertThat(client.call(() -> client.client.pool().openCount())).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\n\r\n",
        "nonsense\r\n\r\n",
        "HTTP/1.1 2",
        ""
      })
  void failsIfThereIsNoTunnel(String answer) throws Exception {
    try (var proxy =
        new ScriptedServer(
            peer -> {
              peer.head();
              peer.say(answer);
            })) {
      var request =
          HTTPRequest.builder("https://localhost/").proxy("127.0.0.1", proxy.port()).build();
      assertThat(client.failure(request))
          .isInstanceOf(HTTPClientError.class)
          .isNotInstanceOf(HTTPTimeoutError.class);
    }
  }

  @Test
  void givesUpATunnelThatIsCancelled() throws Exception {
    var come = new CountDownLatch(1);
    var gone = new CountDownLatch(1);
    try (var proxy =
        new ScriptedServer(
            peer -> {
              peer.head();
              come.countDown();
              peer.awaitEnd();
              gone.countDown();
            })) {
      var fetch =
          client.start(
              HTTPRequest.builder("https://localhost/").proxy("127.0.0.1", proxy.port()).build());
      assertThat(come.await(20, TimeUnit.SECONDS)).isTrue();
      fetch.cancel(true);
      assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
      ClientLoop.until(() -> client.call(() -> client.client.pool().isEmpty()));
    }
  }
}
