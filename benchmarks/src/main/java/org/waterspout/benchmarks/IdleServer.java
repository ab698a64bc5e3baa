// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;
import org.waterspout.websocket.CompressionOptions;
import org.waterspout.websocket.WebSocketHandler;

/**
 * Prints how many bytes of heap and of the process's memory a connection takes that an Application
 * has answered and that is idle since; and how many bytes of heap are left of it when it is closed.
 * The argument is a {@link Talk}.
 */
final class IdleServer {
  private static final int WARM_UP = 1_000;
  private static final int COUNT = 10_000;
  private static final Duration LIMIT = Duration.ofMinutes(10); // for none to be closed by it

  private IdleServer() {}

  static void main(String[] args) throws IOException, InterruptedException {
    var talk = args[0];
    var loop = BenchmarkLoop.openAndStart();
    var listening = new CompletableFuture<HTTPServer>();
    loop.addCallback(() -> listening.complete(listen()));
    int port = listening.join().port();
    long sockets = sockets();
    Clients.startFor(port, IdleClients.class, WARM_UP, talk).close();
    awaitSockets(sockets);

    var before = Footprint.now();
    Footprint during;
    try (var _ = Clients.startFor(port, IdleClients.class, COUNT, talk)) {
      during = Footprint.now();
    }
    awaitSockets(sockets);
    var after = Footprint.now();
    System.out.println(
        (during.heap() - before.heap()) / COUNT
            + " | "
            + (during.process() - before.process()) / COUNT
            + " | "
            + (after.heap() - before.heap()) / COUNT);
    loop.close();
  }

  private static HTTPServer listen() {
    var application =
        new Application(
            settings().logFunction(handler -> {}).build(), // its lines are no connection's memory
            url("/hello", HelloHandler::new),
            url("/echo", EchoHandler::new),
            url("/deflate", DeflateHandler::new));
    return application.listen(
        0, "127.0.0.1", HTTPServerOptions.builder().idleTimeout(LIMIT).build());
  }

  /** Waits until all connections are closed. */
  private static void awaitSockets(long count) throws IOException, InterruptedException {
    while (sockets() > count) {
      Thread.sleep(10);
    }
  }

  private static long sockets() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.filter(IdleServer::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  /** What a process has at one time, in bytes. */
  private record Footprint(long heap, long process) {
    static Footprint now() throws IOException {
      long heap = Heap.used(); // whose collections give back what is free
      for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          return new Footprint(heap, Long.parseLong(line.replaceAll("\\D", "")) * 1024);
        }
      }
      throw new IOException("no VmRSS in /proc/self/status");
    }
  }

  private static final class HelloHandler extends RequestHandler {
    @Override
    protected void get() {
      write("hello");
    }
  }

  private static class EchoHandler extends WebSocketHandler {
    @Override
    protected void onMessage(String message) {
      await(writeMessage(message));
    }
  }

  private static final class DeflateHandler extends EchoHandler {
    @Override
    protected @Nullable CompressionOptions compressionOptions() {
      return CompressionOptions.DEFAULT;
    }
  }
}
