// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.lang.ref.WeakReference;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.HTTPOutputException;
import org.waterspout.http.MissingCapabilityException;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.iostream.StreamClosedException;

/** The same as {@link ServletAdapterFaultTest} where there is no servlet API. */
@ParameterizedClass
@EnumSource(NativeServer.Kind.class)
class NativeAdapterFaultTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nHost: x\r\n";

  private final Seam seam = new Seam();
  @Parameter NativeServer.Kind kind;
  private NativeServer server;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    server = kind.start(seam.application());
    client = server.connect();
    assertThat(seam.event()).isEqualTo("start");
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
    assertThat(Threads.thatStay()).isEmpty();
  }

  @Test
  void cutsChunkedAnswer() throws Exception {
    var connection = answerBegun(client);
    Seam.abort(connection);
    assertThatExceptionOfType(EOFException.class).isThrownBy(client::chunk);
    assertFailed(Seam.write(connection, "more"));
    assertThat(seam.events).isEmpty();
  }

  @Test
  void resetsAnAnswerThatOnlyTheEndOfTheConnectionEnds() throws Exception {
    client.send("GET / HTTP/1.0\r\n\r\n");
    var connection = seam.connection();
    var _ = Seam.head(connection, null);
    await(Seam.write(connection, "begun"));
    client.head();
    assertThat(new String(client.exactly(5), UTF_8)).isEqualTo("begun");
    Seam.abort(connection);
    assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.exactly(1));
  }

  @Test
  void cutsAnswerBeforeHeaders() throws Exception {
    client.send(GET);
    Seam.abort(seam.connection());
    assertThatExceptionOfType(EOFException.class).isThrownBy(client::line);
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
    try (var next = server.connect()) { // takes the place of the last in what is kept for reuse
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
  void keepsToTheAnnouncedLengthOfAnAnswerInPieces() throws Exception {
    client.send(GET);
    var connection = seam.connection();
    var _ = Seam.head(connection, "6");
    await(Seam.write(connection, "abc"));
    await(Seam.write(connection, "def"));
    await(Seam.finish(connection));
    var answer = client.answer();
    assertThat(answer.header("Content-Length")).containsExactly("6");
    assertThat(answer.header("Transfer-Encoding")).isEmpty();
    assertThat(answer.text()).isEqualTo("abcdef");
  }

  @Test
  void refusesAnAnnouncedBodyThatIsTooLarge() throws Exception {
    client.send(POST + "Content-Length: 104857601\r\n\r\n");
    assertRefused(413);
    assertThat(seam.event()).isEqualTo("headers");
    assertThat(seam.event()).isEqualTo("close");
  }

  @Test
  void refusesABodyBeforeTheClientWasAskedToSendIt() throws Exception {
    client.send(POST + "Content-Length: 104857601\r\nExpect: 100-continue\r\n\r\n");
    assertRefused(413);
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
    client.send(POST + "Content-Length: 100\r\n\r\nabc");
    assertRefused(408);
  }

  @Test
  void refusesABrokenChunk() throws Exception {
    client.send(POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    assertThat(seam.event()).isEqualTo("headers");
    assertThat(seam.event()).isEqualTo("data");
    client.send("fffffffffffffffff\r\n");
    switch (kind) {
      case JETTY -> assertRefused(400);
      case UNDERTOW -> assertThat(client.closed()).isTrue(); // before it tells
    }
    assertThat(seam.event()).isEqualTo("close");
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
  void refusesABodyThatStallsInTheContainer() throws Exception {
    try (var impatient = kind.startImpatient(Duration.ofMillis(300), seam.application());
        var client = impatient.connect()) {
      assertThat(seam.event()).isEqualTo("start");
      client.send(POST + "Content-Length: 100\r\n\r\nabc");
      assertThat(seam.event()).isEqualTo("headers");
      assertThat(seam.event()).isEqualTo("data");
      assertThat(seam.event()).isEqualTo("close");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void saysWhatItCanDo() throws Exception {
    client.send(GET);
    var connection = seam.connection();
    var expected =
        EnumSet.of(
            Capability.ABORT,
            Capability.LONG_POLLING,
            Capability.PER_REQUEST_LIMITS,
            Capability.REQUEST_TRAILERS,
            Capability.RESPONSE_TRAILERS,
            Capability.STREAMING_REQUEST_BODY,
            Capability.STREAMING_RESPONSE,
            Capability.WEBSOCKET,
            Capability.WEBSOCKET_COMPRESSION,
            Capability.WEBSOCKET_PING_CONTROL,
            Capability.WEBSOCKET_PING_NOTICE);
    expected.add(
        switch (kind) {
          case JETTY -> Capability.INFORMATIONAL_ANSWERS;
          case UNDERTOW -> Capability.CUSTOM_REASON_PHRASE;
        });
    assertThat(connection.capabilities()).isEqualTo(expected);
    assertThat(connection.deployment())
        .matches("Jetty 12\\.1\\.\\d+ \\(core\\)|Undertow 2\\.\\S+ \\(native\\)");
    assertThatExceptionOfType(MissingCapabilityException.class)
        .isThrownBy(connection::detach)
        .withMessageContaining("DETACH")
        .withMessageContaining(connection.deployment());
    assertThat(connection.lendWriteSide()).isNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void learnsAtTheNextWritesThatAParkedClientIsGone(boolean reset) throws Exception {
    var connection = answerBegun(client);
    if (reset) {
      client.reset();
    } else {
      client.close();
    }
    CompletableFuture<Void> written;
    do { // the first one only makes the client's system say that nobody is there
      written = Seam.write(connection, "more");
    } while (!failed(written));
    assertThat(seam.event()).isEqualTo("close");
  }

  private static boolean failed(CompletableFuture<Void> written) throws Exception {
    try {
      await(written);
      return false;
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(StreamClosedException.class);
      return true;
    }
  }

  @Test
  void sendsHeadersAloneWhenTheyAreFlushed() throws Exception {
    client.send(GET);
    await(Seam.head(seam.connection(), null));
    assertThat(client.head().getFirst()).startsWith("HTTP/1.1 200");
  }

  @Test
  void sendsTrailers() throws Exception {
    var connection = answerBegun(client);
    var trailers = new HTTPHeaders();
    trailers.add("X-Sum", "1");
    trailers.add("X-Sum", "2");
    await(Seam.onLoop(connection, () -> connection.finish(trailers)));
    assertThat(client.line()).isEmpty(); // behind the chunk
    assertThat(client.line()).isEqualTo("0");
    assertThat(client.head()).containsExactly("X-Sum: 1", "X-Sum: 2");
    client.send(GET);
    assertThat(seam.connection()).isNotSameAs(connection);
  }

  @Test
  void sendsAReasonPhraseWhereItSaysSo() throws Exception {
    client.send(GET);
    var connection = seam.connection();
    await(
        Seam.onLoop(
            connection,
            () -> {
              var startLine = new ResponseStartLine("HTTP/1.1", 299, "On Purpose");
              var headers = new HTTPHeaders();
              headers.set("Content-Length", "0");
              return connection.writeHeaders(startLine, headers, null);
            }));
    await(Seam.finish(connection));
    var head = client.head();
    if (connection.capabilities().contains(Capability.CUSTOM_REASON_PHRASE)) {
      assertThat(head.getFirst()).isEqualTo("HTTP/1.1 299 On Purpose");
    } else {
      assertThat(head.getFirst()).startsWith("HTTP/1.1 299").doesNotContain("On Purpose");
    }
  }

  @Test
  void sendsAnswersBeforeTheAnswerWhereItSaysSo() throws Exception {
    client.send(POST + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    var connection = seam.connection();
    var hint = new ResponseStartLine("HTTP/1.1", 103, "Early Hints");
    var link = new HTTPHeaders();
    link.set("Link", "</a>; rel=preload");
    if (!connection.capabilities().contains(Capability.INFORMATIONAL_ANSWERS)) {
      assertThatThrownBy(
              () -> Seam.onLoop(connection, () -> connection.writeInformational(hint, link)))
          .hasCauseInstanceOf(MissingCapabilityException.class);
      return;
    }
    var first = Seam.onLoop(connection, () -> connection.writeInformational(hint, link));
    var second = Seam.onLoop(connection, () -> connection.writeInformational(hint, link));
    await(first);
    await(second);
    var statuses = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      var head = client.head();
      statuses.add(head.getFirst().split(" ")[1]);
      assertThat(head.contains("Link: </a>; rel=preload"))
          .isEqualTo(statuses.getLast().equals("103"));
    }
    assertThat(statuses).containsExactlyInAnyOrder("100", "103", "103");
    client.send("abc");
    var _ = Seam.head(connection, "2");
    var _ = Seam.write(connection, "ok");
    await(Seam.finish(connection));
    assertThat(client.answer().text()).isEqualTo("ok");
    assertThatThrownBy(
            () -> Seam.onLoop(connection, () -> connection.writeInformational(hint, link)))
        .hasCauseInstanceOf(IllegalStateException.class);
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
    server.close();
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
    try (var fatal = server.connect();
        var late = server.connect()) {
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
