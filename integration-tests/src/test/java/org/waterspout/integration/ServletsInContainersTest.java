// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.mount;
import static org.waterspout.web.Application.url;

import io.undertow.Undertow;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.CookieManager;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Random;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.waterspout.adapter.ServletAdapter;
import org.waterspout.adapter.jetty.JettyAdapter;
import org.waterspout.adapter.undertow.UndertowAdapter;
import org.waterspout.bridge.ServletContainer;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;

/**
 * A ServletContainer in an Application that is itself served by a container: there is no write side
 * to lend, so its answers are posted to the loop.
 */
final class ServletsInContainersTest {
  private static final int LARGE = 4 * 1024 * 1024;

  @ParameterizedTest
  @EnumSource
  void servletsKeepSessionsBesideHandlers(Host host) throws Exception {
    try (var running = host.start(application());
        var client = HttpClient.newBuilder().cookieHandler(new CookieManager()).build()) {
      assertThat(send(client, running.request("/hello")).body()).isEqualTo("handler");
      assertThat(send(client, running.request("/old/count")).body())
          .isEqualTo(host.context + "/old 1");
      assertThat(send(client, running.request("/old/count")).body())
          .isEqualTo(host.context + "/old 2");
      assertThat(send(client, running.request("/old/none")).statusCode()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @EnumSource
  void servletsStreamLargeBodiesBothWays(Host host) throws Exception {
    byte[] body = new byte[LARGE];
    new Random(1).nextBytes(body);
    try (var running = host.start(application());
        var client = HttpClient.newHttpClient()) {
      var post = running.request("/old/echo").POST(BodyPublishers.ofByteArray(body)).build();
      assertThat(client.send(post, BodyHandlers.ofByteArray()).body()).isEqualTo(body);
    }
  }

  @ParameterizedTest
  @EnumSource
  void servletsAnswerAfterTheyHaveReturned(Host host) throws Exception {
    try (var running = host.start(application());
        var client = HttpClient.newHttpClient()) {
      assertThat(send(client, running.request("/old/later")).body()).isEqualTo("later");
    }
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request)
      throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static Application application() {
    var old =
        ServletContainer.builder()
            .servlet("count", new Count(), "/count")
            .servlet("echo", new Echo(), "/echo")
            .servlet(
                "later",
                new Later(),
                registration -> {
                  registration.setAsyncSupported(true);
                  registration.addMapping("/later");
                })
            .build();
    return new Application(url("/hello", Hello::new), mount("/old", old));
  }

  static final class Hello extends RequestHandler {
    @Override
    protected void get() {
      write("handler");
    }
  }

  private static final class Count extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      var session = request.getSession();
      int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
      session.setAttribute("count", count);
      response.getWriter().print(request.getContextPath() + " " + count);
    }
  }

  private static final class Echo extends HttpServlet {
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setContentLengthLong(request.getContentLengthLong());
      request.getInputStream().transferTo(response.getOutputStream());
    }
  }

  private static final class Later extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
      var async = request.startAsync();
      async.start(
          () -> {
            try {
              response.getWriter().print("later");
            } catch (IOException e) {
              throw new AssertionError(e);
            } finally {
              async.complete();
            }
          });
    }
  }

  /** Where the Application runs. */
  enum Host {
    JETTY_SERVLET("/app") {
      @Override
      Running start(Application application) throws Exception {
        var context = new ServletContextHandler("/app", ServletContextHandler.NO_SESSIONS);
        var holder = new ServletHolder("app", new ServletAdapter(application));
        holder.setInitOrder(1);
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/*");
        return jetty(context, "/app");
      }
    },
    JETTY("") {
      @Override
      Running start(Application application) throws Exception {
        return jetty(new JettyAdapter(application), "");
      }
    },
    UNDERTOW("") {
      @Override
      Running start(Application application) {
        var adapter = new UndertowAdapter(application);
        adapter.start();
        var undertow =
            Undertow.builder().addHttpListener(0, "127.0.0.1").setHandler(adapter).build();
        undertow.start();
        var address = (InetSocketAddress) undertow.getListenerInfo().getFirst().getAddress();
        return new Running(
            address.getPort(),
            "",
            () -> {
              undertow.stop();
              adapter.close();
            });
      }
    };

    /** The context path that the container gives it. */
    final String context;

    Host(String context) {
      this.context = context;
    }

    abstract Running start(Application application) throws Exception;

    private static Running jetty(Handler handler, String context) throws Exception {
      var server = new Server();
      var connector = new ServerConnector(server);
      connector.setHost("127.0.0.1");
      server.addConnector(connector);
      server.setHandler(handler);
      server.start();
      return new Running(connector.getLocalPort(), context, server::stop);
    }
  }

  @FunctionalInterface
  private interface Stop {
    void run() throws Exception;
  }

  private record Running(int port, String context, Stop stop) implements AutoCloseable {
    HttpRequest.Builder request(String path) {
      return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + context + path))
          .timeout(Duration.ofSeconds(30));
    }

    @Override
    public void close() throws Exception {
      stop.run();
    }
  }
}
