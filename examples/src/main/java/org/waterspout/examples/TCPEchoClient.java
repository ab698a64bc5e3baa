// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.waterspout.gen.Gen.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.tcp.ConnectOptions;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.tcp.TCPClient;

/**
 * Sends a line to an echo server and prints what comes back; by TLS if it is told whom to trust.
 */
final class TCPEchoClient {
  private TCPEchoClient() {}

  static void main(String[] args) throws Exception {
    var options =
        Options.of("Sends a line to an echo server and prints what comes back.")
            .option("host", "localhost", "the server's name or address")
            .option("port", "9000", "the server's port")
            .option("message", "Hello, world", "the line")
            .option("trust", "", "a PEM file with the certificates to trust, to use TLS")
            .parse(args);
    var trust = options.text("trust");
    try {
      var connect = ConnectOptions.defaults().withTimeout(Duration.ofSeconds(10));
      if (!trust.isEmpty()) {
        connect = connect.withSSL(SSLOptions.builder().trust(Path.of(trust)).build());
      }
      System.out.print(
          exchange(options.text("host"), options.port("port"), connect, options.text("message")));
    } catch (StreamClosedException e) {
      var reason = e.getCause();
      Options.fail(reason == null ? "the server has gone" : String.valueOf(reason.getMessage()));
    } catch (IOException | TimeoutException | IllegalArgumentException e) {
      Options.fail(String.valueOf(e.getMessage()));
    }
  }

  /** The server's answer to one line. */
  static String exchange(String host, int port, ConnectOptions options, String message)
      throws Exception {
    return IOLoop.current()
        .runSync(
            () -> {
              var stream = await(new TCPClient().connect(host, port, options));
              try {
                await(stream.write((message + "\n").getBytes(StandardCharsets.UTF_8)));
                var answer = await(stream.readUntil(TCPEchoServer.NEWLINE));
                return new String(answer, StandardCharsets.UTF_8);
              } finally {
                stream.close();
              }
            });
  }
}
