// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.url;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.waterspout.gen.Gen;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPServerConnectionDelegate;
import org.waterspout.http.RequestStartLine;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.StartLine;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.log.Log;
import org.waterspout.web.ApplicationTest.Named;

/** Requests that a handler hands over to something else. */
class FallbackHandlerTest extends HandlerTest {
  /** Notes what it gets, and answers with 202. */
  private class Legacy implements HTTPMessageDelegate {
    private final HTTPConnection connection;

    Legacy(HTTPConnection connection) {
      this.connection = connection;
    }

    @Override
    public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers) {
      var line = (RequestStartLine) startLine;
      events.add(line.method() + " " + line.target() + " " + headers.get("Host"));
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
      events.add(new String(chunk, StandardCharsets.UTF_8));
      return null;
    }

    @Override
    public void trailersReceived(HTTPHeaders trailers) {
      events.add("trailers " + trailers.getAll());
    }

    @Override
    public void finish() {
      var headers = new HTTPHeaders();
      headers.add("Content-Length", "6");
      var body = ByteBuffer.wrap("legacy".getBytes(StandardCharsets.UTF_8));
      var _ =
          connection.writeHeaders(new ResponseStartLine("HTTP/1.1", 202, "Fine"), headers, body);
      var _ = connection.finish();
    }

    @Override
    public void onConnectionClose() {
      events.add("close");
    }
  }

  private final HTTPServerConnectionDelegate legacy = (_, connection) -> new Legacy(connection);

  /** Says no where asked to, and otherwise hands over what it gets. */
  private class Guarded extends FallbackHandler {
    Guarded() {
      super(legacy);
    }

    @Override
    protected void prepare() throws Exception {
      setHeader("X-Ours", "lost");
      if (getQueryArgument("who", "").equals("evil")) {
        throw new HTTPError(403);
      }
      await(Gen.sleep(Duration.ZERO));
      super.prepare();
    }

    @Override
    protected void onFinish() {
      events.add("onFinish");
    }
  }

  @Test
  void leavesForgedRequestsToTheDelegate() throws Exception {
    var application =
        new Application(
            Application.settings().xsrfCookies(true).build(),
            url("/", () -> new FallbackHandler(legacy)));
    assertThat(request(application, "POST", "/", "a=b").status()).isEqualTo(202);
  }

  @Test
  void handsTheRequestOverAsItWasSent() throws Exception {
    try (var access = new LogCapture(Log.ACCESS)) {
      var answer = request("PROPFIND", "/a%20b?c=d", "body", url(".*", Guarded::new));

      assertThat(events).containsExactly("PROPFIND /a%20b?c=d example.org", "onFinish", "body");
      assertThat(answer.status()).isEqualTo(202);
      assertThat(answer.body()).isEqualTo("legacy");
      assertThat(answer.headers().getAll()).hasSize(1);
      assertThat(access.lines()).isEmpty();
    }
  }

  @Test
  void letsTheHandlerAnswerInstead() throws Exception {
    var answer = request("POST", "/?who=evil", "body", url(".*", Guarded::new));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(events).containsExactly("onFinish");
  }

  @Test
  void handsOverToAnotherApplication() throws Exception {
    var other = new Application(url("/x", () -> new Named("other")));
    var rule = url("/.*", () -> new FallbackHandler(other));

    assertThat(get("/x", rule).body()).isEqualTo("other");
    assertThat(get("/y", rule).status()).isEqualTo(404);
  }

  @Test
  void tellsWhoHasTheRequestThatTheClientHasGone() throws Exception {
    var connection = connection();
    onLoop(
        () -> {
          var application = new Application(url(".*", Guarded::new));
          var delegate = begin(application, connection, "PUT", "/");
          var _ = delegate.dataReceived("half".getBytes(StandardCharsets.UTF_8));
          delegate.trailersReceived(new HTTPHeaders());
          delegate.onConnectionClose();
          return null;
        });

    assertThat(events)
        .containsExactly("PUT / example.org", "onFinish", "half", "trailers []", "close");
  }

  @Test
  void handsNothingOverWhenTheClientHasGone() throws Exception {
    class Slow extends FallbackHandler {
      Slow() {
        super(legacy);
      }

      @Override
      protected void prepare() throws Exception {
        request().connection(); // the client goes while it prepares
        gone.run();
        super.prepare();
      }

      private Runnable gone = () -> {};
    }
    var connection = connection();
    onLoop(
        () -> {
          var begun = new HTTPMessageDelegate[1];
          var application =
              new Application(
                  url(
                      ".*",
                      () -> {
                        var slow = new Slow();
                        slow.gone = () -> begun[0].onConnectionClose();
                        return slow;
                      }));
          begun[0] = application.startRequest(connection, connection);
          var _ =
              begun[0].headersReceived(
                  new RequestStartLine("GET", "/", "HTTP/1.1"), new HTTPHeaders());
          return null;
        });

    assertThat(events).isEmpty();
  }

  @Test
  void leavesWhatTheDelegateThrowsToTheConnection() throws Exception {
    HTTPServerConnectionDelegate refusing =
        (_, _) -> {
          throw new HTTPInputException(400, "not such a path");
        };
    var connection = connection();
    onLoop(
        () -> {
          var application = new Application(url(".*", () -> new FallbackHandler(refusing)));
          assertThatThrownBy(() -> begin(application, connection, "GET", "/"))
              .isInstanceOf(HTTPInputException.class)
              .hasMessage("not such a path");
          return null;
        });
    assertThat(connection.calls).isEmpty();
  }

  @Test
  void leavesTheWaitForTheDelegateToTheConnection() throws Exception {
    var room = new LoopFuture<Void>(loop);
    HTTPServerConnectionDelegate slow =
        (_, connection) ->
            new Legacy(connection) {
              @Override
              public CompletionStage<?> headersReceived(StartLine line, HTTPHeaders headers) {
                return room;
              }
            };
    onLoop(
        () -> {
          var application = new Application(url(".*", () -> new FallbackHandler(slow)));
          var delegate = application.startRequest(this, connection());
          var line = new RequestStartLine("GET", "/", "HTTP/1.1");
          assertThat(delegate.headersReceived(line, new HTTPHeaders())).isSameAs(room);
          return null;
        });
  }

  @Authenticated
  private final class ForUsers extends FallbackHandler {
    ForUsers() {
      super(legacy);
    }

    @Override
    protected @Nullable Object getCurrentUser() {
      return getCookie("user");
    }
  }

  @Test
  void handsOverForKnownUsersOnly() throws Exception {
    var application =
        new Application(
            Application.settings().loginUrl("/login").build(), url("/.*", ForUsers::new));
    assertThat(request(application, "GET", "/a", "").header("Location"))
        .isEqualTo("/app/login?next=%2Fapp%2Fa");
    assertThat(request(application, "POST", "/a", "x").status()).isEqualTo(403);
    assertThat(events).isEmpty();

    with("Cookie", "user=me");
    assertThat(request(application, "GET", "/a", "").status()).isEqualTo(202);
  }

  @Test
  void servesWhereBodiesCannotBeStreamed() {
    var application = new Application(url(".*", () -> new FallbackHandler(legacy)));
    var offered = EnumSet.complementOf(EnumSet.of(Capability.STREAMING_REQUEST_BODY));

    assertThat(application.capabilityReport(offered).refusals()).isEmpty();
  }
}
