// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.HTTPOutputException;
import org.waterspout.http.MissingCapabilityException;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.StreamClosedException;

@ParameterizedClass
@CsvSource({
  "JETTY, ASYNC",
  "JETTY, SYNC",
  "TOMCAT, ASYNC",
  "TOMCAT, SYNC",
  "UNDERTOW, ASYNC",
  "UNDERTOW, SYNC"
})
class ServletAdapterFaultTest {
  @Parameter(0)
  private Container.Kind kind;

  @Parameter(1)
  private Mode mode;

  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nHost: x\r\n";

  private final Seam seam = new Seam();
  private Container container;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    container = kind.of(adapter()).start();
    client = container.connect();
    assertThat(seam.event()).isEqualTo("start");
  }

  private ServletAdapter adapter() {
    return new ServletAdapter(seam.application(), options());
  }

  private AdapterOptions options() {
    return AdapterOptions.defaults().withMode(mode);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    container.close();
  }

  @Test
  void cutsChunkedAnswer() throws Exception {
    cutsChunkedAnswer(client);
  }

  private void cutsChunkedAnswer(Client client) throws Exception {
    var connection = answerBegun(client);
    Seam.abort(connection);
    assertThatExceptionOfType(EOFException.class).isThrownBy(client::chunk);
    assertFailed(Seam.write(connection, "more"));
    assertThat(seam.events).isEmpty();
  }

  @Test
  void cutsAnswerBeforeHeaders() throws Exception {
    client.send(GET);
    Seam.abort(seam.connection());
    if (kind != Container.Kind.TOMCAT) {
      assertThatExceptionOfType(EOFException.class).isThrownBy(client::line);
    } else { // cannot be kept from answering
      assertThat(client.answer().status()).isEqualTo(500);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void cutsThroughAFiltersWrapper() throws Exception {
    class Wrapping extends HttpFilter {
      @Override
      protected void doFilter(
          HttpServletRequest request, HttpServletResponse response, FilterChain chain)
          throws IOException, ServletException {
        var wrapper =
            new HttpServletResponseWrapper(response) {
              @Override
              public void sendError(int status) {
                throw new IllegalArgumentException("a status of " + status);
              }
            };
        chain.doFilter(request, wrapper);
      }
    }
    try (var other = kind.of(adapter()).withFilter("wrapping", new Wrapping(), true).start();
        var client = other.connect()) {
      assertThat(seam.event()).isEqualTo("start");
      cutsChunkedAnswer(client);
    }
  }

  @Test
  void cutsAnAnswerThatIsStuckInASlowReader() throws Exception {
    var connection = answerBegun(client);
    var stuck = Seam.onLoop(connection, () -> connection.write(ByteBuffer.allocate(64 << 20)));
    Seam.abort(connection);
    assertFailed(stuck);
    assertThat(client.closed()).isTrue();
  }

  @Test
  void entersNoCodeThatHangsOnAWriteFromInsideTheWriter() throws Exception {
    var connection = answerBegun(client);
    var frames =
        Seam.onLoop(
            connection,
            () -> {
              var first = connection.write(ByteBuffer.wrap(new byte[] {1}));
              var second = connection.write(ByteBuffer.wrap(new byte[] {2}));
              return CompletableFuture.allOf(first, second) // runs where the last one is completed
                  .thenApply(
                      taken -> {
                        connection.abort();
                        return List.of(new Throwable().getStackTrace());
                      });
            });
    assertThat(frames.get(20, TimeUnit.SECONDS))
        .extracting(StackTraceElement::getClassName)
        .contains(LoopFuture.class.getName())
        .doesNotContain(AnswerWriter.class.getName(), Funnel.class.getName());
    assertThat(client.closed()).isTrue();
  }

  @Test
  void cutsAnAnswerShorterThanAnnounced() throws Exception {
    client.send(GET);
    var connection = seam.connection();
    var _ = Seam.head(connection, "10");
    await(Seam.write(connection, "12345"));
    assertThatThrownBy(() -> Seam.finish(connection)).hasCauseInstanceOf(HTTPOutputException.class);
    assertThatExceptionOfType(EOFException.class).isThrownBy(client::answer);
  }

  @Test
  void cutsAnAnswerLongerThanAnnounced() throws Exception {
    client.send(GET);
    var connection = seam.connection();
    var _ = Seam.head(connection, "3");
    assertThatThrownBy(() -> Seam.write(connection, "12345"))
        .hasCauseInstanceOf(HTTPOutputException.class);
    assertThat(client.closed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noticesAClientThatGoesInTheMiddleOfItsBody(boolean reset) throws Exception {
    client.send(POST + "Content-Length: 100\r\n\r\nabc");
    assertThat(seam.event()).isEqualTo("headers");
    assertThat(seam.event()).isEqualTo("data");
    if (reset) {
      client.reset();
    } else {
      client.socket.shutdownOutput();
    }
    assertThat(seam.event()).isEqualTo("close");
    assertFailed(Seam.head(seam.connection(), null));
  }

  @Test
  void noticesAClientThatGoesWhileAWriteIsStuck() throws Exception {
    var connection = answerBegun(client);
    var stuck = Seam.onLoop(connection, () -> connection.write(ByteBuffer.allocate(64 << 20)));
    client.reset();
    assertFailed(stuck);
    assertThat(seam.event()).isEqualTo("close");
  }

  @Test
  void forgetsAnExchangeWhoseClientIsGone() throws Exception {
    client.send(POST + "Content-Length: 100\r\n\r\nabc");
    assertThat(seam.event()).isEqualTo("headers");
    assertThat(seam.event()).isEqualTo("data");
    client.reset();
    assertThat(seam.event()).isEqualTo("close");
    var connection = new WeakReference<>(seam.connection());
    try (var next = container.connect()) { // takes the place of the last in what is kept for reuse
      next.send(GET);
      var _ = seam.connection();
      assertThat(Collected.within(Duration.ofSeconds(20), connection)).isTrue();
    }
  }

  @Test
  void answersAfterTheClientHasClosedItsSendingSide() throws Exception {
    client.send(GET);
    client.socket.shutdownOutput();
    var connection = seam.connection();
    var _ = Seam.head(connection, "2");
    var _ = Seam.write(connection, "ok");
    await(Seam.finish(connection));
    assertThat(client.answer().text()).isEqualTo("ok");
  }

  @Test
  void refusesAnAnnouncedBodyThatIsTooLarge() throws Exception {
    client.send(POST + "Content-Length: 104857601\r\n\r\n");
    if (kind == Container.Kind.TOMCAT && mode == Mode.SYNC) { // it waits for some of the body
      assertThat(client.answer().status()).isEqualTo(413);
    } else {
      assertRefused(413);
    }
    assertThat(seam.event()).isEqualTo("headers");
    assertThat(seam.event()).isEqualTo("close");
  }

  @Test
  void refusesABodyBeforeTheClientWasAskedToSendIt() throws Exception {
    client.send(POST + "Content-Length: 104857601\r\nExpect: 100-continue\r\n\r\n");
    if (kind == Container.Kind.UNDERTOW) {
      // its 100 (Continue) comes from another thread, and may come between head and body
      assertThat(client.rest()).contains("413: Content Too Large");
      return;
    }
    var head = client.head();
    if (kind == Container.Kind.TOMCAT && head.getFirst().startsWith("HTTP/1.1 100")) {
      head = client.head(); // it asks by itself
    }
    assertThat(head.getFirst()).startsWith("HTTP/1.1 413");
  }

  @Test
  void refusesAChunkedBodyThatGetsTooLarge() throws Exception {
    seam.onHeaders = connection -> connection.setMaxBodySize(10);
    client.send(POST + "Transfer-Encoding: chunked\r\n\r\n14\r\n01234567890123456789\r\n0\r\n\r\n");
    assertRefused(413);
    assertThat(seam.event()).isEqualTo("headers");
    assertThat(seam.event()).isEqualTo("close");
  }

  @Test
  void allowsALargerBodyWhereTheRequestMay() throws Exception {
    seam.onHeaders = connection -> connection.setMaxBodySize(1L << 40);
    client.send(POST + "Content-Length: 104857601\r\n\r\nabc");
    assertThat(seam.event()).isEqualTo("headers");
    assertThat(seam.event()).isEqualTo("data");
  }

  @Test
  void refusesABodyThatTakesTooLong() throws Exception {
    seam.onHeaders = connection -> connection.setBodyTimeout(Duration.ofMillis(50));
    try (var impatient = impatient();
        var client = impatient.connect()) {
      client.send(POST + "Content-Length: 100\r\n\r\nabc");
      assertGivenUp(client, 408);
    }
  }

  @Test
  void refusesABodyThatStalls() throws Exception {
    try (var impatient = impatient();
        var client = impatient.connect()) {
      client.send(POST + "Content-Length: 100\r\n\r\nabc");
      assertGivenUp(client, 408);
    }
  }

  /** In sync mode the container's own limit ends the wait, and whether it then lets us answer. */
  private void assertGivenUp(Client client, int status) throws Exception {
    if (mode == Mode.ASYNC) {
      assertThat(client.answer().status()).isEqualTo(status);
    }
    assertThat(client.closed()).isTrue();
    assertThat(seam.event()).isEqualTo("headers");
    assertThat(seam.event()).isEqualTo("data");
    assertThat(seam.event()).isEqualTo("close");
  }

  @Test
  void cutsAnAnswerThatNobodyTakes() throws Exception {
    try (var impatient = impatient();
        var client = impatient.connect()) {
      var connection = answerBegun(client);
      assertFailed(Seam.onLoop(connection, () -> connection.write(ByteBuffer.allocate(64 << 20))));
      assertThat(seam.event()).isEqualTo("close");
    }
  }

  private Container impatient() throws Exception {
    var options = options().withStallTimeout(Duration.ofMillis(200));
    var impatient = kind.of(new ServletAdapter(seam.application(), options));
    if (mode == Mode.SYNC) {
      impatient.withIdleTimeout(Duration.ofMillis(200));
    }
    impatient.start();
    assertThat(seam.event()).isEqualTo("start");
    return impatient;
  }

  @Test
  void refusesABrokenChunk() throws Exception {
    try (var impatient = impatient();
        var client = impatient.connect()) {
      client.send(POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n");
      // Undertow does not tell, and waits
      if (kind != Container.Kind.UNDERTOW || mode == Mode.ASYNC) {
        assertThat(client.answer().status()).isEqualTo(kind == Container.Kind.UNDERTOW ? 408 : 400);
      }
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void refusesABodyWhoseStreamAFilterHasTaken() throws Exception {
    refusesABodyThatAFilterHasRead(HttpServletRequest::getReader);
  }

  @Test
  void refusesABodyThatAFilterHasRead() throws Exception {
    try (var log = new CapturedLog()) {
      refusesABodyThatAFilterHasRead(request -> request.getInputStream().readAllBytes());
      assertThat(log.text()).contains("a filter in front has read the body");
    }
  }

  @FunctionalInterface
  private interface Reading {
    void read(HttpServletRequest request) throws IOException;
  }

  private void refusesABodyThatAFilterHasRead(Reading reading) throws Exception {
    class Reader extends HttpFilter {
      @Override
      protected void doFilter(
          HttpServletRequest request, HttpServletResponse response, FilterChain chain)
          throws IOException, ServletException {
        reading.read(request);
        chain.doFilter(request, response);
      }
    }
    try (var other = kind.of(adapter()).withFilter("reader", new Reader(), true).start();
        var client = other.connect()) {
      assertThat(seam.event()).isEqualTo("start");
      client.send(POST + "Content-Type: application/x-www-form-urlencoded\r\n");
      client.send("Content-Length: 3\r\n\r\na=b");
      assertThat(client.answer().status()).isEqualTo(500);
      assertThat(seam.event()).isEqualTo("headers");
      assertThat(seam.event()).isEqualTo("close");
    }
  }

  @Test
  void answersADelegateThatThrows() throws Exception {
    answersADelegateThatThrows(new IllegalStateException("on purpose"), 500);
  }

  @Test
  void answersADelegateThatRefuses() throws Exception {
    answersADelegateThatThrows(new HTTPInputException(431, "on purpose"), 431);
  }

  private void answersADelegateThatThrows(RuntimeException failure, int status) throws Exception {
    seam.onHeaders =
        connection -> {
          throw failure;
        };
    client.send(GET);
    assertRefused(status);
    assertThat(seam.event()).isEqualTo("headers");
    assertThat(seam.event()).isEqualTo("close");
  }

  @Test
  void cutsTheAnswerOfADelegateThatFailsLater() throws Exception {
    var held = new CompletableFuture<Void>();
    seam.hold = held;
    client.send(POST + "Content-Length: 100\r\n\r\nabc");
    assertThat(seam.event()).isEqualTo("headers");
    assertThat(seam.event()).isEqualTo("data");
    var connection = seam.connection();
    var _ = Seam.head(connection, null);
    await(Seam.write(connection, "begun"));
    held.completeExceptionally(new IllegalStateException("on purpose"));
    assertThat(seam.event()).isEqualTo("close");
    assertThatExceptionOfType(EOFException.class).isThrownBy(client::answer);
  }

  @Test
  void saysWhatItCannotDo() throws Exception {
    client.send(GET);
    var connection = seam.connection();
    assertThat(connection.capabilities())
        .containsExactlyInAnyOrderElementsOf(
            EnumSet.of(
                Capability.ABORT,
                mode == Mode.SYNC ? Capability.ABORT : Capability.LONG_POLLING,
                Capability.PER_REQUEST_LIMITS,
                kind == Container.Kind.TOMCAT ? Capability.ABORT : Capability.REQUEST_TRAILERS,
                Capability.RESPONSE_TRAILERS,
                Capability.STREAMING_REQUEST_BODY,
                Capability.STREAMING_RESPONSE));
    assertThat(connection.deployment())
        .startsWith(kind.shown())
        .endsWith(" (servlet, " + mode + ")");
    assertThatExceptionOfType(MissingCapabilityException.class)
        .isThrownBy(connection::detach)
        .withMessageContaining("DETACH")
        .withMessageContaining(kind.shown());
    assertThat(connection.lendWriteSide()).isNull();
  }

  @Test
  void refusesCallsOffTheLoopAndInTheWrongOrder() throws Exception {
    client.send(GET);
    var connection = seam.connection();
    assertThatThrownBy(connection::finish).hasMessageContaining("addCallback");
    assertThatThrownBy(() -> Seam.write(connection, "early"))
        .hasRootCauseInstanceOf(IllegalStateException.class);
    var _ = Seam.head(connection, null);
    assertThatThrownBy(() -> Seam.head(connection, null))
        .hasRootCauseInstanceOf(IllegalStateException.class);
    await(Seam.finish(connection));
    assertThatThrownBy(() -> Seam.write(connection, "late"))
        .hasRootCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void endsOpenExchangesWhenTheWebApplicationStops() throws Exception {
    client.send(GET);
    var connection = seam.connection();
    assertThat(seam.event()).isEqualTo("headers");
    assertThat(seam.event()).isEqualTo("finish");
    container.close();
    assertThat(seam.event()).isEqualTo("close");
    assertThat(seam.event()).isEqualTo("stop");
    assertThat(client.closed()).isTrue();
    assertThat(connection.loop()).isNotNull();
  }

  @Test
  void leavesNobodyWaitingWhenTheLoopDies() throws Exception {
    client.send(GET);
    assertThat(seam.connection().capabilities()).isNotEmpty();
    seam.onHeaders =
        connection -> {
          throw new OutOfMemoryError("on purpose");
        };
    try (var fatal = container.connect();
        var late = container.connect()) {
      fatal.send(GET);
      assertThat(client.closed()).isTrue();
      assertThat(fatal.closed()).isTrue();
      assertThat(late.get("/").status()).isEqualTo(503);
    }
  }

  private HTTPConnection answerBegun(Client client) throws Exception {
    client.send(GET);
    var connection = seam.connection();
    assertThat(seam.event()).isEqualTo("headers");
    assertThat(seam.event()).isEqualTo("finish");
    var _ = Seam.head(connection, null);
    await(Seam.write(connection, "begun"));
    client.head();
    assertThat(new String(client.chunk(), UTF_8)).isEqualTo("begun");
    return connection;
  }

  private void assertRefused(int status) throws Exception {
    var answer = client.answer();
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).contains(status + ": ");
    assertThat(client.closed()).isTrue();
  }

  private static void await(CompletableFuture<Void> future) throws Exception {
    future.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static void assertFailed(CompletableFuture<Void> future) {
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> await(future))
        .withCauseInstanceOf(StreamClosedException.class);
  }
}
