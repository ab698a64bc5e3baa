// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.multi;
import static org.waterspout.gen.Gen.spawn;
import static org.waterspout.web.Application.url;

import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.waterspout.gen.Gen;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.httpclient.HTTPClientError;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopClosedException;
import org.waterspout.log.Log;
import org.waterspout.testing.ExpectLog;
import org.waterspout.testing.GenTest;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;
import org.waterspout.websocket.WebSocketHandler;

/** What tests get from the extension. What fails them: FailingApplicationTest. */
@Timeout(60)
class ApplicationExtensionTest {
  static final class Hello extends RequestHandler {
    @Override
    protected void get() {
      write("Hello, " + getArgument("name", "world"));
    }

    @Override
    protected void post() {
      setStatus(201);
      write(request().protocol() + " " + getBodyArgument("name"));
    }
  }

  static final class Moved extends RequestHandler {
    @Override
    protected void get() {
      redirect("/?name=moved");
    }
  }

  static final class Failing extends RequestHandler {
    @Override
    protected void get() {
      throw new IllegalStateException("expected");
    }
  }

  static final class Echo extends WebSocketHandler {
    @Override
    protected void onMessage(String message) {
      var _ = writeMessage(request().protocol() + " " + message);
    }
  }

  static Application application() {
    return new Application(
        url("/", Hello::new),
        url("/moved", Moved::new),
        url("/fails", Failing::new),
        url("/echo", Echo::new));
  }

  @RegisterExtension
  static final ApplicationExtension app =
      ApplicationExtension.of(ApplicationExtensionTest::application);

  @RegisterExtension
  static final ApplicationExtension secure =
      ApplicationExtension.of(ApplicationExtensionTest::application).withHTTPS();

  @RegisterExtension
  final ApplicationExtension small =
      ApplicationExtension.of(ApplicationExtensionTest::application)
          .withOptions(HTTPServerOptions.builder().maxBodySize(10).build());

  @Test
  void fetchesByPath() {
    var answer = app.fetch("/?name=you");
    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("Hello, you");
    assertThat(answer.effectiveUrl()).isEqualTo(app.url("/?name=you"));
    assertThat(app.url("/a")).isEqualTo("http://127.0.0.1:" + app.port() + "/a");
  }

  @Test
  void fetchesWithMore() {
    var form = "application/x-www-form-urlencoded";
    var answer = app.fetch("/", r -> r.method("POST").body("name=me").header("Content-Type", form));
    assertThat(answer.code()).isEqualTo(201);
    assertThat(answer.text()).isEqualTo("http me");
  }

  @Test
  void followsRedirectsUnlessToldNotTo() {
    assertThat(app.fetch("/moved").text()).isEqualTo("Hello, moved");
    assertThat(app.fetch("/moved", r -> r.followRedirects(false)).code()).isEqualTo(302);
  }

  @Test
  void errorsAreAnswersToo() {
    assertThat(app.fetch("/nothing").code()).isEqualTo(404);
    try (var _ = new ExpectLog(Log.APPLICATION, "Uncaught exception GET /fails")) {
      assertThat(app.fetch("/fails").code()).isEqualTo(500);
    }
  }

  @Test
  void servesByHTTPS() {
    assertThat(secure.url("/")).startsWith("https://127.0.0.1:");
    assertThat(secure.fetch("/").text()).isEqualTo("Hello, world");
    assertThat(secure.fetch("/moved").text()).isEqualTo("Hello, moved");
    var answer =
        secure.fetch(
            secure
                .request("/")
                .method("POST")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body("name=me")
                .build());
    assertThat(answer.text()).isEqualTo("https me");
  }

  @Test
  void takesOptionsForTheServer() {
    assertThat(small.fetch("/", r -> r.method("POST").body("12345678901")).code()).isEqualTo(413);
  }

  @Test
  void connectsToWebSockets() {
    var socket = app.webSocket("/echo");
    var _ = socket.writeMessage("one");
    assertThat(app.call(() -> await(socket.readMessage())).text()).isEqualTo("http one");
    socket.close();

    var secureSocket = secure.webSocket("/echo", o -> o.maxMessageSize(100));
    var _ = secureSocket.writeMessage("two");
    assertThat(secure.call(() -> await(secureSocket.readMessage())).text()).isEqualTo("https two");

    assertThatExceptionOfType(HTTPClientError.class).isThrownBy(() -> app.webSocket("/"));
  }

  @GenTest(timeout = 20)
  void worksOnTheLoopOfATest(IOLoop loop) {
    loop.checkOnLoop("the test");
    assertThat(app.loop()).isNotSameAs(loop);
    var two =
        await(
            multi(
                spawn(() -> app.fetch("/?name=a").text()),
                spawn(() -> app.fetch("/?name=b").text())));
    assertThat(two).containsExactly("Hello, a", "Hello, b");
    assertThat(app.call(() -> IOLoop.current())).isSameAs(app.loop());
    loop.checkOnLoop("the test, still");
  }

  @Test
  void worksOnTheLoopOfTheApplication() {
    assertThat(app.call(() -> app.call(() -> app.fetch("/").text()))).isEqualTo("Hello, world");
  }

  @Test
  void theApplicationsLoopRidesTheCarrierOfTheRun() {
    var wanted = System.getProperty("waterspout.test.carrier", "").equals("custom");
    assertThat(app.loop().customCarrier()).isEqualTo(wanted);
  }

  @Test
  void callsThrowWhatTheirTaskThrows() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                app.call(
                    () -> {
                      throw new IllegalStateException("expected");
                    }));
  }

  // ---- life

  static final List<Integer> ports = new ArrayList<>();
  static final List<Application> applications = new ArrayList<>();

  static class OneForAll {
    @RegisterExtension
    static final ApplicationExtension its =
        ApplicationExtension.of(ApplicationExtensionTest::application);

    @Test
    void first() {
      ports.add(its.port());
      applications.add(its.application());
    }

    @Test
    void second() {
      first();
    }

    @Nested
    class Inner {
      @Test
      void third() {
        first();
      }
    }
  }

  @Test
  void aStaticFieldIsOneApplicationForAllTestsAndNestedOnes() {
    ports.clear();
    applications.clear();
    Samples.assertPasses(OneForAll.class, 3);
    assertThat(applications).hasSize(3).containsOnly(applications.getFirst());
    assertThat(ports).containsOnly(ports.getFirst());
    assertGone(ports.getFirst());
    assertThatIllegalStateException()
        .isThrownBy(() -> OneForAll.its.fetch("/"))
        .withMessageContaining("@RegisterExtension");
  }

  private static void assertGone(int port) {
    assertThatThrownBy(() -> new Socket("127.0.0.1", port).close())
        .isInstanceOf(ConnectException.class);
  }

  static class OneForEach {
    @RegisterExtension
    final ApplicationExtension its = ApplicationExtension.of(ApplicationExtensionTest::application);

    @Test
    void first() {
      applications.add(its.application());
      assertThat(its.fetch("/").code()).isEqualTo(200);
    }

    @Test
    void second() {
      first();
    }
  }

  @Test
  void anyOtherFieldIsAnApplicationPerTest() {
    applications.clear();
    Samples.assertPasses(OneForEach.class, 2);
    assertThat(applications).hasSize(2).doesNotHaveDuplicates();
  }

  static CompletableFuture<Throwable> end;
  static IOLoop ended;

  static class LeavesARequest {
    @RegisterExtension
    final ApplicationExtension its =
        ApplicationExtension.of(() -> new Application(url("/", Parked::new)));

    static final CompletableFuture<Void> parked = new CompletableFuture<>();

    static final class Parked extends RequestHandler {
      @Override
      protected void get() {
        try {
          parked.complete(null);
          await(Gen.sleep(Duration.ofHours(1)));
        } catch (Throwable e) {
          end.complete(e);
          throw e;
        }
      }
    }

    @Test
    void leavesIt() throws Exception {
      ended = its.loop();
      its.loop().addCallback(() -> spawn(() -> its.fetch("/")));
      parked.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void nothingIsLeftOfWhatATestHasBegun() throws Exception {
    end = new CompletableFuture<>();
    Samples.assertPasses(LeavesARequest.class, 1);
    assertThat(end.get(20, TimeUnit.SECONDS)).isInstanceOf(LoopClosedException.class);
    assertThat(ended.isRunning()).isFalse();
  }
}
