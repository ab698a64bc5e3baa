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

/** The same as {@link MixUpTest} where there is no servlet API. */
@ParameterizedClass
@EnumSource(NativeServer.Kind.class)
class NativeMixUpTest {
  private static final int CLIENTS = 32;
  private static final int REQUESTS = 60;

  @Parameter NativeServer.Kind kind;

  @Test
  void neverMixesAnswersWhileClientsComeAndGo() throws Exception {
    var whole = new AtomicInteger();
    try (var server = kind.start(new TestHandlers().application());
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int seed = i;
        done.add(
            clients.submit(
                () -> {
                  visit(server, seed, whole);
                  return null;
                }));
      }
      for (var client : done) {
        client.get(50, TimeUnit.SECONDS);
      }
    }
    assertThat(whole.get()).isGreaterThan(CLIENTS * REQUESTS / 2);
  }

  private static void visit(NativeServer server, int seed, AtomicInteger whole) throws Exception {
    var random = new Random(seed);
    Client client = server.connect();
    for (int i = 0; i < REQUESTS; i++) {
      byte[] body = payload(seed, i, random);
      if (random.nextInt(4) == 0) {
        leaveInTheMiddle(client, body, random);
        client = server.connect();
      } else {
        assertThat(client.post("/echo", body).body()).isEqualTo(body);
        whole.incrementAndGet();
      }
    }
    client.close();
  }

  private static void leaveInTheMiddle(Client client, byte[] body, Random random) throws Exception {
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n");
    client.send(Arrays.copyOf(body, random.nextInt(body.length + 1)));
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
