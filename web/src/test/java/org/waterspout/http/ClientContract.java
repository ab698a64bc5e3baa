// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every client, whoever has written it, gets from our server. */
abstract class ClientContract {
  private static final int LARGE = 20_000_000; // more than the sockets hold

  /** What a client shows of an answer. */
  record Answer(int status, Map<String, String> headers, byte[] body) {
    /** Of names in any case. */
    static Answer of(int status, Map<String, String> fields, byte[] body) {
      var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
      headers.putAll(fields);
      return new Answer(status, headers, body);
    }

    String text() {
      return new String(body, StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * A request.
   *
   * @param size of the body, which is {@link ClientAnswers#pattern}; negative: none
   * @param announced whether its length is announced; else it is sent in chunks
   */
  record Ask(String method, String url, int size, boolean announced, boolean expectContinue) {}

  final ClientAnswers answers = new ClientAnswers();

  /**
   * Sends a request, follows redirects and waits for the whole answer.
   *
   * @throws IOException if there is no whole answer
   */
  abstract Answer send(Ask ask) throws Exception;

  /** Whether the client is there and can do it at all. */
  abstract void startClient() throws Exception;

  abstract void stopClient() throws Exception;

  @BeforeEach
  void start() throws Exception {
    startClient();
  }

  @AfterEach
  void stop() throws Exception {
    stopClient();
  }

  TestServer serve() throws Exception {
    return serve(HTTPServerOptions.builder());
  }

  TestServer serve(HTTPServerOptions.Builder options) throws Exception {
    // some clients send large bodies to the end, however long that takes
    return new TestServer(answers, options.lingerTimeout(Duration.ofMinutes(1)).build());
  }

  static String url(TestServer server, String path) {
    return "http://127.0.0.1:" + server.server.port() + path;
  }

  Answer get(String url) throws Exception {
    return send(new Ask("GET", url, -1, true, false));
  }

  // Answers.

  @ParameterizedTest
  @CsvSource({
    "/length/0, 0",
    "/length/1, 1",
    "/length/100000, 100000",
    "/length/20000000, 20000000",
    "/chunks/0, 0",
    "/chunks/1, 1",
    "/chunks/100000, 100000",
    "/chunks/20000000, 20000000"
  })
  void getsAnswersOfKnownAndUnknownLength(String path, int size) throws Exception {
    try (var server = serve()) {
      var answer = get(url(server, path));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(ClientAnswers.pattern(size));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void getsAnswersThatHaveNoBody(int status) throws Exception {
    try (var server = serve()) {
      var answer = get(url(server, "/status/" + status));
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.body()).isEmpty();
      assertThat(get(url(server, "/length/3")).body()).hasSize(3);
    }
  }

  @Test
  void getsTheHeadersWithoutTheBody() throws Exception {
    try (var server = serve()) {
      for (String path : List.of("/length/1000", "/chunks/1000")) {
        var answer = send(new Ask("HEAD", url(server, path), -1, true, false));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().get("Content-Length"))
            .isEqualTo(path.startsWith("/length") ? "1000" : null);
      }
      assertThat(get(url(server, "/length/3")).body()).hasSize(3);
    }
  }

  @Test
  void followsARedirect() throws Exception {
    try (var server = serve()) {
      assertThat(get(url(server, "/redirect")).text()).isEqualTo("here");
    }
  }

  @Test
  void takesNoNoticeOfEarlyHints() throws Exception {
    try (var server = serve()) {
      var answer = get(url(server, "/hints"));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("behind the hints");
      assertThat(get(url(server, "/length/3")).body()).hasSize(3);
    }
  }

  @Test
  void readsTheBodyInFrontOfTrailers() throws Exception {
    try (var server = serve()) {
      assertThat(get(url(server, "/trailers")).text()).isEqualTo("in front");
      assertThat(get(url(server, "/length/3")).body()).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/cut/length", "/cut/chunks", "/cut/lent", "/cut/before"})
  void noticesAnAnswerThatIsCut(String path) throws Exception {
    try (var server = serve()) {
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(url(server, path)));
      assertThat(get(url(server, "/length/3")).body()).hasSize(3);
    }
  }

  @Test
  void getsAnAnswerThatIsLate() throws Exception {
    var limit = Duration.ofMillis(100);
    var options =
        HTTPServerOptions.builder().headerTimeout(limit).idleTimeout(limit).stallTimeout(limit);
    try (var server = TestServer.withoutTime(answers, options.build());
        var thread = Executors.newSingleThreadExecutor()) {
      var answering =
          thread.submit(
              () -> {
                var late = answers.waiting.poll(20, TimeUnit.SECONDS);
                server.pass(limit.multipliedBy(6));
                return server.call(() -> late.reply(200, "late"));
              });
      assertThat(get(url(server, "/late")).text()).isEqualTo("late");
      answering.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void reconnectsToAServerThatClosesAfterEachAnswer() throws Exception {
    try (var server = serve(HTTPServerOptions.builder().noKeepAlive(true))) {
      for (int i = 0; i < 3; i++) {
        assertThat(get(url(server, "/chunks/100")).body()).hasSize(100);
      }
      assertThat(answers.connections()).isEqualTo(3);
    }
  }

  @Test
  void isAnsweredMuchAtOnce() throws Exception {
    try (var server = serve();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Answer> get = () -> get(url(server, "/chunks/100000"));
      var all = threads.invokeAll(Collections.nCopies(parallel(), get));
      for (Future<Answer> one : all) {
        assertThat(one.get().body()).isEqualTo(ClientAnswers.pattern(100_000));
      }
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  int parallel() {
    return 50;
  }

  // Bodies of requests.

  @ParameterizedTest
  @CsvSource({
    "0, true",
    "1, true",
    "100000, true",
    "20000000, true",
    "0, false",
    "1, false",
    "100000, false",
    "20000000, false"
  })
  void sendsBodies(int size, boolean announced) throws Exception {
    try (var server = serve()) {
      var answer = send(new Ask("POST", url(server, "/sum"), size, announced, false));
      assertThat(answer.text()).isEqualTo(ClientAnswers.sum(ClientAnswers.pattern(size)));
      assertThat(get(url(server, "/length/3")).body()).hasSize(3);
    }
  }

  @Test
  void isHeldBackByAServerThatIsSlow() throws Exception {
    try (var server = serve()) {
      var answer = send(new Ask("PUT", url(server, "/sum/slow"), LARGE, true, false));
      assertThat(answer.text()).isEqualTo(ClientAnswers.sum(ClientAnswers.pattern(LARGE)));
    }
  }

  @Test
  void waitsUntilItsBodyIsWanted() throws Exception {
    try (var server = serve()) {
      var answer = send(new Ask("PUT", url(server, "/sum"), 100_000, true, true));
      assertThat(answer.text()).isEqualTo(ClientAnswers.sum(ClientAnswers.pattern(100_000)));
      assertThat(answers.expectations()).isEqualTo(1);
    }
  }

  @Test
  void sendsNoBodyThatIsNotWanted() throws Exception {
    try (var server = serve()) {
      var answer = send(new Ask("PUT", url(server, "/early"), 1_000_000, true, true));
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.text()).isEqualTo("not you");
      assertThat(answers.expectations()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void seesAnAnswerThatDoesNotWaitForTheBody(boolean announced) throws Exception {
    try (var server = serve()) {
      var answer = send(new Ask("PUT", url(server, "/early"), LARGE, announced, false));
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.text()).isEqualTo("not you");
      assertThat(get(url(server, "/length/3")).body()).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isToldThatItsBodyIsTooLarge(boolean announced) throws Exception {
    try (var server = serve(HTTPServerOptions.builder().maxBodySize(1_000_000))) {
      var answer = send(new Ask("PUT", url(server, "/sum"), LARGE, announced, false));
      assertThat(answer.status()).isEqualTo(413);
      assertThat(get(url(server, "/length/3")).body()).hasSize(3);
    }
  }
}
