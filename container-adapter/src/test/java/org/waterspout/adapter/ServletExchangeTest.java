// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.url;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;

@ParameterizedClass
@CsvSource({
  "JETTY, ASYNC",
  "JETTY, SYNC",
  "TOMCAT, ASYNC",
  "TOMCAT, SYNC",
  "UNDERTOW, ASYNC",
  "UNDERTOW, SYNC"
})
class ServletExchangeTest {
  @Parameter(0)
  private Container.Kind kind;

  @Parameter(1)
  private Mode mode;

  /** Counts in the container's session. */
  private static final class Count extends RequestHandler {
    @Override
    protected void get() {
      var session = await(ServletExchange.of(request()).session(true));
      int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
      session.setAttribute("count", count);
      write("" + count);
    }
  }

  private static final class Who extends RequestHandler {
    @Override
    protected void get() {
      var exchange = ServletExchange.of(request());
      var principal = await(exchange.principal());
      write((principal == null ? "nobody" : principal.getName()) + " ");
      write(await(exchange.isUserInRole("admin")) + " " + await(exchange.attribute("left")));
      write(" " + await(exchange.session(false)));
    }
  }

  private static final class Keep extends RequestHandler {
    private final BlockingQueue<HTTPServerRequest> kept;

    Keep(BlockingQueue<HTTPServerRequest> kept) {
      this.kept = kept;
    }

    @Override
    protected void get() {
      kept.add(request());
    }
  }

  private static final class Form extends RequestHandler {
    @Override
    protected void post() {
      write(request().headers().get("Content-Type", "") + " ");
      write(getQueryArguments("a") + " " + getBodyArguments("a") + " " + getBodyArguments("b"));
    }
  }

  private final BlockingQueue<HTTPServerRequest> kept = new LinkedBlockingQueue<>();

  @Test
  void readsAndWritesTheContainersSession() throws Exception {
    try (var container = kind.of(adapter()).start();
        var client = container.connect()) {
      var first = client.get("/count");
      assertThat(first.text()).isEqualTo("1");
      String cookie = first.header("Set-Cookie").getFirst().split(";")[0];
      client.send("GET /count HTTP/1.1\r\nHost: x\r\nCookie: " + cookie + "\r\n\r\n");
      assertThat(client.answer().text()).isEqualTo("2");
      assertThat(client.get("/count").text()).isEqualTo("1");
    }
  }

  @Test
  void knowsWhoHasLoggedInAndWhatAFilterHasLeft() throws Exception {
    class Login extends HttpFilter {
      @Override
      protected void doFilter(
          HttpServletRequest request, HttpServletResponse response, FilterChain chain)
          throws IOException, ServletException {
        request.setAttribute("left", "there");
        chain.doFilter(
            new HttpServletRequestWrapper(request) {
              @Override
              public Principal getUserPrincipal() {
                return () -> "ann";
              }

              @Override
              public boolean isUserInRole(String role) {
                return role.equals("admin");
              }
            },
            response);
      }
    }
    try (var container = kind.of(adapter()).withFilter("login", new Login(), true).start();
        var client = container.connect()) {
      assertThat(client.get("/who").text()).isEqualTo("ann true there null");
    }
    try (var container = kind.of(adapter()).start();
        var client = container.connect()) {
      assertThat(client.get("/who").text()).isEqualTo("nobody false null null");
    }
  }

  @Test
  void letsNobodyTouchARequestThatIsOver() throws Exception {
    try (var container = kind.of(adapter()).start();
        var client = container.connect()) {
      assertThat(client.get("/keep").status()).isEqualTo(200);
      var request = kept.poll(20, TimeUnit.SECONDS);
      assertThat(client.get("/who").status()).isEqualTo(200); // with the container's objects again
      var principal =
          Seam.onLoop(request.connection(), () -> ServletExchange.of(request).principal());
      assertThatThrownBy(() -> principal.toCompletableFuture().get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the exchange is over");
    }
  }

  @Test
  void writesAFormAgainThatAFilterHasRead() throws Exception {
    class Reader extends HttpFilter {
      @Override
      protected void doFilter(
          HttpServletRequest request, HttpServletResponse response, FilterChain chain)
          throws IOException, ServletException {
        request.getParameter("a");
        chain.doFilter(request, response);
      }
    }
    try (var container = kind.of(adapter()).withFilter("reader", new Reader(), true).start();
        var client = container.connect()) {
      String form = "a=2+3&b=%26&a=4";
      client.send(
          "POST /form?a=1&c HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded"
              + "\r\nContent-Length: "
              + form.length()
              + "\r\n\r\n"
              + form);
      assertThat(client.answer().text())
          .isEqualTo("application/x-www-form-urlencoded [1] [2 3, 4] [&]");
    }
  }

  private ServletAdapter adapter() {
    var application =
        new Application(
            url("/count", Count::new),
            url("/who", Who::new),
            url("/keep", () -> new Keep(kept)),
            url("/form", Form::new));
    return new ServletAdapter(application, AdapterOptions.defaults().withMode(mode));
  }
}
