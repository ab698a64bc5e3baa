// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/**
 * No byte crosses between requests: delegates that await in every call, while pipelined bytes
 * arrive on their own and on other connections in pieces of any size.
 */
class IsolationTest {
  private static final int CONNECTIONS = 24;
  private static final int REQUESTS = 25;

  private final AtomicInteger parked = new AtomicInteger();
  private final AtomicInteger mostParked = new AtomicInteger();
  private final AtomicLong seeds = new AtomicLong();
  private final Semaphore answerRead = new Semaphore(0);
  private final CountDownLatch begun = new CountDownLatch(CONNECTIONS);
  private final CompletableFuture<Void> allBegun = new CompletableFuture<>();
  private final CountDownLatch ended = new CountDownLatch(CONNECTIONS * REQUESTS);

  @Test
  void eachAnswerBelongsToItsOwnRequest() throws Exception {
    HTTPServerConnectionDelegate delegate =
        (server, exchange) -> new Awaiting(exchange, random(seeds.getAndIncrement()));
    try (var server = new TestServer(delegate)) {
      List<Talk> talks = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        talks.add(new Talk(i, server.connect()));
      }
      talks.forEach(talk -> Thread.ofPlatform().daemon().start(talk::readAnswers));
      sendAll(new ArrayList<>(talks), random(-1));
      for (Talk talk : talks) {
        talk.result.get(50, TimeUnit.SECONDS);
      }
      assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(parked).hasValue(0);
      assertThat(mostParked.get()).as("calls parked at a time").isGreaterThanOrEqualTo(CONNECTIONS);
    }
  }

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /**
   * Sends a fragment here and a fragment there, so that each connection has something half read
   * while the others go on.
   */
  private void sendAll(List<Talk> unsent, RandomGenerator random) throws Exception {
    while (!unsent.isEmpty()) {
      List<Talk> ready = unsent.stream().filter(Talk::maySend).toList();
      if (ready.isEmpty()) {
        assertThat(answerRead.tryAcquire(20, TimeUnit.SECONDS)).as("an answer in time").isTrue();
        answerRead.drainPermits();
        for (Talk talk : unsent) {
          if (talk.result.isDone()) {
            talk.result.get(); // throws: it failed before all was sent
          }
        }
      } else {
        Talk talk = ready.get(random.nextInt(ready.size()));
        talk.sendFragment(random);
        if (talk.sent == talk.wire.length) {
          unsent.remove(talk);
        }
      }
    }
  }

  /** One connection as its client sees it. */
  private final class Talk {
    private final RawClient client;
    private final int window;
    private final List<String> expected = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private final byte[] wire;
    private int sent;

    Talk(int number, RawClient client) {
      RandomGenerator random = random(number);
      var all = new ByteArrayOutputStream();
      for (int i = 0; i < REQUESTS; i++) {
        byte[] body = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(3000)];
        random.nextBytes(body);
        String target = "/" + number + "/" + i;
        starts.add(all.size());
        all.writeBytes(request(target, body, i == REQUESTS - 1, random));
        expected.add(identity(target, body));
      }
      this.client = client;
      this.window = number % 4 == 0 ? REQUESTS : number % 4; // how many requests are under way
      this.wire = all.toByteArray();
    }

    /** Whether there is something to send that need not wait for an answer. */
    boolean maySend() {
      int unanswered = answers.get() + window;
      return sent < wire.length && (unanswered >= REQUESTS || sent < starts.get(unanswered));
    }

    void sendFragment(RandomGenerator random) throws IOException {
      int most = random.nextInt(3) == 0 ? 1500 : 40;
      int end = Math.min(sent + 1 + random.nextInt(most), wire.length);
      client.send(Arrays.copyOfRange(wire, sent, end));
      sent = end;
    }

    void readAnswers() {
      try (client) {
        for (String identity : expected) {
          assertThat(client.read().text()).isEqualTo(identity);
          answers.incrementAndGet();
          answerRead.release();
        }
        assertThat(client.rest()).isEmpty();
        result.complete(null);
      } catch (Throwable e) {
        result.completeExceptionally(e);
        answerRead.release();
      }
    }
  }

  private static byte[] request(String target, byte[] body, boolean last, RandomGenerator random) {
    var wire = new ByteArrayOutputStream();
    String head = "POST " + target + " HTTP/1.1\r\nHost: a\r\nX-Target: " + target + "\r\n";
    ascii(wire, last ? head + "Connection: close\r\n" : head);
    if (random.nextBoolean()) {
      ascii(wire, "Content-Length: " + body.length + "\r\n\r\n");
      wire.writeBytes(body);
      return wire.toByteArray();
    }
    ascii(wire, "Transfer-Encoding: chunked\r\n\r\n");
    for (int at = 0; at < body.length; ) {
      int count = Math.min(1 + random.nextInt(1000), body.length - at);
      ascii(wire, Integer.toHexString(count) + (random.nextBoolean() ? ";x=y\r\n" : "\r\n"));
      wire.write(body, at, count);
      ascii(wire, "\r\n");
      at += count;
    }
    ascii(wire, random.nextBoolean() ? "0\r\n\r\n" : "0\r\nX-Sum: 1\r\n\r\n");
    return wire.toByteArray();
  }

  private static void ascii(ByteArrayOutputStream wire, String text) {
    wire.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String identity(String target, byte[] body) {
    var sum = new CRC32();
    sum.update(body);
    return target + " " + body.length + " " + Long.toHexString(sum.getValue());
  }

  /** Awaits, or returns stages, in all of its calls. */
  private final class Awaiting implements HTTPMessageDelegate {
    private final HTTPConnection exchange;
    private final RandomGenerator random;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private String target = "";
    private @Nullable String calling; // the call that has not returned or whose stage is open

    Awaiting(HTTPConnection exchange, RandomGenerator random) {
      this.exchange = exchange;
      this.random = random;
    }

    @Override
    public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers) {
      enter("headersReceived");
      target = ((RequestStartLine) startLine).target();
      if (target.endsWith("/0")) {
        awaitFirstOfAll();
      }
      pause();
      assertThat(headers.get("X-Target")).isEqualTo(target);
      return leave();
    }

    @Override
    public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
      enter("dataReceived");
      byte[] before = chunk.clone();
      pause();
      assertThat(chunk).isEqualTo(before);
      body.writeBytes(chunk);
      return leave();
    }

    @Override
    public void finish() {
      enter("finish");
      pause();
      byte[] answer = identity(target, body.toByteArray()).getBytes(StandardCharsets.US_ASCII);
      var headers = new HTTPHeaders();
      if (random.nextBoolean()) {
        headers.add("Content-Length", Integer.toString(answer.length));
      }
      int split = random.nextInt(answer.length);
      await(
          exchange.writeHeaders(
              new ResponseStartLine("HTTP/1.1", 200, "OK"),
              headers,
              ByteBuffer.wrap(answer, 0, split)));
      pause();
      await(exchange.write(ByteBuffer.wrap(answer, split, answer.length - split)));
      if (random.nextBoolean()) {
        pause();
      }
      exchange.finish();
      pause(); // the next request need not wait for this
      calling = null;
      ended.countDown();
    }

    private void enter(String call) {
      assertThat(calling).as("still open when " + call + " came").isNull();
      calling = call;
    }

    private @Nullable CompletionStage<?> leave() {
      if (random.nextBoolean()) {
        calling = null;
        return null;
      }
      LoopFuture<Void> released = later();
      return released.thenRun(() -> calling = null);
    }

    private void pause() {
      if (random.nextInt(4) == 0) {
        return;
      }
      park(later());
    }

    /** The first request of each connection waits for those of all others. */
    private void awaitFirstOfAll() {
      begun.countDown();
      if (begun.getCount() == 0) {
        allBegun.complete(null);
      }
      park(allBegun);
    }

    private void park(CompletableFuture<Void> until) {
      mostParked.accumulateAndGet(parked.incrementAndGet(), Math::max);
      await(until);
      parked.decrementAndGet();
    }

    private LoopFuture<Void> later() {
      IOLoop loop = exchange.loop();
      var future = new LoopFuture<Void>(loop);
      if (random.nextBoolean()) {
        loop.addCallback(() -> future.complete(null));
      } else {
        loop.callLater(Duration.ofMillis(random.nextInt(3)), () -> future.complete(null));
      }
      return future;
    }
  }
}
