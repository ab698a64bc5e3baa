// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.tcp.ConnectOptions;
import org.waterspout.tcp.SSLOptions;

/** Server and client of the echo example, on the loop of the test. */
final class TCPEchoTest {
  private static final Path CERTIFICATES =
      Path.of("../ioloop/src/test/resources/org/waterspout/tcp");
  private static final ConnectOptions PLAIN =
      ConnectOptions.defaults().withTimeout(Duration.ofSeconds(20));

  private IOLoop loop;

  @BeforeEach
  void bindLoop() {
    loop = new IOLoop();
    loop.makeCurrent();
  }

  @AfterEach
  void closeLoop() {
    IOLoop.clearCurrent();
    loop.close(true);
  }

  private static String exchange(@Nullable SSLOptions server, ConnectOptions client)
      throws Exception {
    var echo = new TCPEchoServer(server);
    echo.listen(0, "localhost");
    try {
      return TCPEchoClient.exchange("localhost", echo.port(), client, "Hello, world");
    } finally {
      echo.stop();
    }
  }

  private static SSLOptions secureServer() {
    return SSLOptions.builder()
        .certificate(CERTIFICATES.resolve("server.pem"), CERTIFICATES.resolve("server-key.pem"))
        .build();
  }

  @Test
  void theLineComesBack() throws Exception {
    assertThat(exchange(null, PLAIN)).isEqualTo("Hello, world\n");
  }

  @Test
  void theLineComesBackByTLS() throws Exception {
    var trust = SSLOptions.builder().trust(CERTIFICATES.resolve("ca.pem")).build();
    assertThat(exchange(secureServer(), PLAIN.withSSL(trust))).isEqualTo("Hello, world\n");
  }

  @Test
  void aServerThatIsNotTrustedIsNotTalkedTo() {
    assertThatThrownBy(() -> exchange(secureServer(), PLAIN.withSSL(SSLOptions.defaults())))
        .hasStackTraceContaining("unable to find valid certification path");
  }
}
