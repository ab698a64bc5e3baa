// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Containers reuse their objects: no answer may ever come out of another's exchange. In a soak the
 * clients go on for its time in each container, and for two minutes at least.
 */
@ParameterizedClass
@EnumSource(Container.Kind.class)
class MixUpTest {
  private static final int CLIENTS = 500;
  private static final int REQUESTS = 6; // of each client, if it is not a soak
  private static final long SOAK_NANOS = soakNanos();

  @Parameter private Container.Kind kind;

  @Test
  void neverMixesAnswersWhileClientsComeAndGo() throws Exception {
    var whole = new AtomicInteger();
    long end = System.nanoTime() + SOAK_NANOS;
    try (var container = kind.of(new ServletAdapter(new TestHandlers().application())).start();
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int seed = i;
        done.add(
            clients.submit(
                () -> {
                  visit(container, seed, end, whole);
                  return null;
                }));
      }
      for (var client : done) {
        client.get(SOAK_NANOS + TimeUnit.SECONDS.toNanos(120), TimeUnit.NANOSECONDS);
      }
      try (var client = container.connect()) {
        assertThat(client.get("/echo/after").status()).isEqualTo(200);
      }
    }
    assertThat(whole.get()).isGreaterThan(CLIENTS * REQUESTS / 2);
  }

  private static long soakNanos() {
    long seconds = Long.getLong("soak.seconds", 0);
    return TimeUnit.SECONDS.toNanos(seconds == 0 ? 0 : Math.max(120, seconds));
  }

  private static void visit(Container container, int seed, long end, AtomicInteger whole)
      throws Exception {
    var random = new Random(seed);
    Client client = container.connect();
    for (int i = 0; i < REQUESTS || (SOAK_NANOS > 0 && System.nanoTime() < end); i++) {
      byte[] body = payload(seed, i, random);
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          leaveWhileSending(client, body, random);
          client = container.connect();
        }
        case 2 -> {
          leaveWhileReading(client, body, random);
          client = container.connect();
        }
        default -> {
          byte[] answer = client.post("/echo", body).body();
          assertThat(Arrays.mismatch(answer, body))
              .as("where %s bytes differ from the %s sent", answer.length, body.length)
              .isEqualTo(-1);
          whole.incrementAndGet();
        }
      }
    }
    client.close();
  }

  private static void leaveWhileSending(Client client, byte[] body, Random random)
      throws Exception {
    client.send(head(body.length));
    client.send(Arrays.copyOf(body, random.nextInt(body.length + 1)));
    leave(client, random);
  }

  private static void leaveWhileReading(Client client, byte[] body, Random random)
      throws Exception {
    client.send(head(body.length)).send(body);
    client.head();
    int length = random.nextInt(body.length);
    assertThat(client.exactly(length)).isEqualTo(Arrays.copyOf(body, length));
    leave(client, random);
  }

  private static void leave(Client client, Random random) throws Exception {
    if (random.nextBoolean()) {
      client.reset();
    } else {
      client.close();
    }
  }

  private static String head(int length) {
    return "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n";
  }

  private static byte[] payload(int seed, int i, Random random) {
    return (seed + "/" + i + " ").repeat(1 + random.nextInt(8000)).getBytes(UTF_8);
  }
}
