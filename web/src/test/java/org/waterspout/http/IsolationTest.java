// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final CountDownLatch ended = new CountDownLatch(CONNECTIONS * REQUESTS);

  @Test
  void eachAnswerBelongsToItsOwnRequest() throws Exception {
    HTTPServerConnectionDelegate delegate =
        (server, exchange) -> new Awaiting(exchange, random(System.identityHashCode(exchange)));
    try (var server = new TestServer(delegate)) {
      List<CompletableFuture<Void>> clients = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(client(server, i));
      }
      for (CompletableFuture<Void> client : clients) {
        client.get(50, TimeUnit.SECONDS);
      }
      assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(parked).hasValue(0);
      assertThat(mostParked.get()).as("calls parked at a time").isGreaterThan(CONNECTIONS / 4);
    }
  }

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  private static CompletableFuture<Void> client(TestServer server, int number) {
    var result = new CompletableFuture<Void>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                talk(server, number);
                result.complete(null);
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            });
    return result;
  }

  /** Sends all requests without waiting for answers, and compares those as they come. */
  private static void talk(TestServer server, int number) throws Exception {
    RandomGenerator random = random(number);
    var wire = new ByteArrayOutputStream();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      byte[] body = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(5000)];
      random.nextBytes(body);
      String target = "/" + number + "/" + i;
      boolean last = i == REQUESTS - 1;
      wire.writeBytes(request(target, body, last, random));
      expected.add(identity(target, body));
    }
    byte[] bytes = wire.toByteArray();
    try (var client = server.connect()) {
      var sender = Thread.ofPlatform().daemon().start(() -> send(client, bytes, random));
      for (String identity : expected) {
        assertThat(client.read().text()).isEqualTo(identity);
      }
      assertThat(client.rest()).isEmpty();
      sender.join();
    }
  }

  private static void send(RawClient client, byte[] bytes, RandomGenerator random) {
    try {
      for (int at = 0; at < bytes.length; ) {
        int most = random.nextInt(3) == 0 ? 5 : 3000;
        int count = Math.min(1 + random.nextInt(most), bytes.length - at);
        client.send(Arrays.copyOfRange(bytes, at, at + count));
        at += count;
        if (random.nextInt(8) == 0) {
          Thread.yield();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
      pause();
      target = ((RequestStartLine) startLine).target();
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
      mostParked.accumulateAndGet(parked.incrementAndGet(), Math::max);
      await(later());
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
