// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
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

/** Containers reuse their objects: no answer may ever come out of another's exchange. */
@ParameterizedClass
@EnumSource(Container.Kind.class)
class MixUpTest {
  @Parameter private Container.Kind kind;

  private static final int CLIENTS = 32;
  private static final int REQUESTS = 60;

  @Test
  void neverMixesAnswersWhileClientsComeAndGo() throws Exception {
    var whole = new AtomicInteger();
    try (var container = kind.of(new ServletAdapter(new TestHandlers().application())).start();
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int seed = i;
        done.add(
            clients.submit(
                () -> {
                  visit(container, seed, whole);
                  return null;
                }));
      }
      for (var client : done) {
        client.get(50, TimeUnit.SECONDS);
      }
    }
    assertThat(whole.get()).isGreaterThan(CLIENTS * REQUESTS / 2);
  }

  private static void visit(Container container, int seed, AtomicInteger whole) throws Exception {
    var random = new Random(seed);
    Client client = container.connect();
    for (int i = 0; i < REQUESTS; i++) {
      byte[] body = payload(seed, i, random);
      if (random.nextInt(4) == 0) {
        leaveInTheMiddle(client, body, random);
        client = container.connect();
      } else {
        assertThat(client.post("/echo", body).body()).isEqualTo(body);
        whole.incrementAndGet();
      }
    }
    client.close();
  }

  private static void leaveInTheMiddle(Client client, byte[] body, Random random) throws Exception {
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n");
    client.send(java.util.Arrays.copyOf(body, random.nextInt(body.length + 1)));
    if (random.nextBoolean()) {
      client.reset();
    } else {
      client.close();
    }
  }

  private static byte[] payload(int seed, int i, Random random) {
    return (seed + "/" + i + " ").repeat(1 + random.nextInt(8000)).getBytes(UTF_8);
  }
}
