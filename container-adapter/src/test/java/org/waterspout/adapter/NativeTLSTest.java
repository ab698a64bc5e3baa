// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.url;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;
import org.waterspout.web.StreamRequestBody;

/** What goes both ways at once where the container does the TLS. */
@ParameterizedClass
@EnumSource(NativeServer.Kind.class)
class NativeTLSTest {
  private static final int ROUNDS = 10;

  @Parameter NativeServer.Kind kind;
  private NativeServer server;

  /** Sends every piece back before it takes the next. */
  @StreamRequestBody
  static final class Mirror extends RequestHandler {
    @Override
    protected void dataReceived(byte[] chunk) {
      write(chunk);
      await(flush());
    }

    @Override
    protected void post() {}
  }

  @BeforeEach
  void start() throws Exception {
    server = kind.startSecure(TLS.server(), new Application(url("/mirror", Mirror::new)));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void carriesBothDirectionsAtOnce() throws Exception {
    byte[] body = new byte[2 << 20];
    new Random(11).nextBytes(body);
    try (var client = new Client(TLS.connect(server.port(), false));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < ROUNDS; i++) {
        var sent = threads.submit(() -> send(client, body));
        assertThat(client.answer().body()).isEqualTo(body);
        assertThat(sent.get(20, TimeUnit.SECONDS)).isEqualTo(client);
      }
    }
  }

  private static Client send(Client client, byte[] body) throws IOException {
    client.send(
        "POST /mirror HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length + "\r\n\r\n");
    return client.send(body);
  }
}
