// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.waterspout.gen.Gen.await;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.iostream.StreamLimits;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.tcp.TCPServer;

/** Sends back every line; with a certificate and its key, by TLS. */
final class TCPEchoServer extends TCPServer {
  static final byte[] NEWLINE = "\n".getBytes(StandardCharsets.UTF_8);
  private static final int MAX_LINE = 64 * 1024;

  TCPEchoServer(@Nullable SSLOptions ssl) {
    super(ssl, StreamLimits.DEFAULT);
  }

  @Override
  protected void handleStream(IOStream stream, SocketAddress address) {
    try {
      while (true) {
        var line = await(stream.readUntil(NEWLINE, MAX_LINE));
        await(stream.write(line));
      }
    } catch (StreamClosedException e) {
      System.out.println(address + " has gone");
    }
  }

  /** Chain and key may be in one file. */
  private static @Nullable SSLOptions ssl(String certificate, String key) {
    if (certificate.isEmpty()) {
      return null;
    }
    var chain = Path.of(certificate);
    return SSLOptions.builder().certificate(chain, key.isEmpty() ? chain : Path.of(key)).build();
  }

  static void main(String[] args) {
    var options =
        Options.of("Sends back every line, without HTTP.")
            .port("port", 9000, "the port to listen on")
            .option("certificate", "", "a PEM file with a certificate and its chain, to use TLS")
            .option("key", "", "a PEM file with the key to that; empty: it is in the same file")
            .parse(args);
    int port = options.port("port");
    try {
      var server = new TCPEchoServer(ssl(options.text("certificate"), options.text("key")));
      server.listen(port);
      System.out.println("Listening on port " + server.port());
    } catch (IOException | IllegalArgumentException e) { // the port is taken; a file is not right
      Options.fail(String.valueOf(e.getMessage()));
    }
    IOLoop.current().start();
  }
}
