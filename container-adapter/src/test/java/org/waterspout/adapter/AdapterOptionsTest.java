// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.url;

import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;

@ParameterizedClass
@EnumSource(Container.Kind.class)
class AdapterOptionsTest {
  @Parameter private Container.Kind kind;

  static final class Loop extends RequestHandler {
    @Override
    protected void get() {
      write("" + System.identityHashCode(IOLoop.current()));
    }
  }

  @Test
  void servesOnAsManyLoopsAsWereAskedFor() throws Exception {
    var loops = new HashSet<String>();
    try (var container =
            kind.of(new ServletAdapter(new Application(url("/", Loop::new))))
                .withInitParameter("loops", "2")
                .start();
        var client = container.connect()) {
      for (int i = 0; i < 6; i++) {
        loops.add(client.get("/").text());
      }
    }
    assertThat(loops).hasSize(2);
    assertThat(Threads.thatStay()).isEmpty();
  }

  @Test
  void believesTheProxyWhereItIsToldTo() throws Exception {
    String request =
        "GET /headers HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\n"
            + "X-Forwarded-For: 192.0.2.9, 192.0.2.7, 192.0.2.8\r\n\r\n";
    var site = new TestHandlers().application();
    try (var container =
            kind.of(new ServletAdapter(site))
                .withInitParameter("xheaders", "true")
                .withInitParameter("trustedDownstream", "192.0.2.8, 192.0.2.6")
                .start();
        var client = container.connect()) {
      assertThat(client.send(request).answer().text()).isEqualTo("192.0.2.7 https x");
    }
    try (var container = kind.of(new ServletAdapter(new TestHandlers().application())).start();
        var client = container.connect()) {
      assertThat(client.send(request).answer().text()).isEqualTo("127.0.0.1 http x");
    }
  }

  @Test
  void refusesBodiesThatAreLargerThanAllowed() throws Exception {
    try (var container =
            kind.of(new ServletAdapter(new TestHandlers().application()))
                .withInitParameter("maxBodySize", "10")
                .start();
        var client = container.connect()) {
      assertThat(client.post("/echo", new byte[10]).status()).isEqualTo(200);
      byte[] tooLarge = new byte[11];
      Arrays.fill(tooLarge, (byte) 'x');
      assertThat(client.post("/echo", tooLarge).status()).isEqualTo(413);
    }
  }
}
