// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.waterspout.web.Application.url;

import java.text.MessageFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.assertj.core.api.Assertions;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.testing.FakeClock;
import org.waterspout.web.Application;
import org.waterspout.web.Settings;

/**
 * An application with one WebSocket at {@code /ws}, on a loop of its own, for which no time passes
 * but by {@link #pass}; collects what is logged.
 */
final class Server implements AutoCloseable {
  private final FakeClock clock = new FakeClock();
  final IOLoop loop = clock.newLoop();
  final int port;
  final HTTPServer server;
  final List<LogRecord> logged = new ArrayList<>();
  private final Thread runner;
  private final Logger logger = Logger.getLogger("org.waterspout");
  private final Handler capture =
      new Handler() {
        @Override
        public synchronized void publish(LogRecord record) {
          logged.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  Server(Supplier<? extends WebSocketHandler> handler) throws Exception {
    this(Application.settings().build(), handler);
  }

  Server(Settings settings, Supplier<? extends WebSocketHandler> handler) throws Exception {
    this(settings, HTTPServerOptions.defaults(), handler);
  }

  Server(Settings settings, HTTPServerOptions options, Supplier<? extends WebSocketHandler> handler)
      throws Exception {
    logger.addHandler(capture);
    logger.setUseParentHandlers(false);
    runner = Thread.ofPlatform().daemon().name("server").start(loop::start);
    var application = new Application(settings, url("/ws(?:/(.*))?", handler));
    server = call(() -> application.listen(0, "127.0.0.1", options));
    port = server.port();
  }

  RawWebSocket connect() throws Exception {
    return new RawWebSocket(port).upgrade("");
  }

  <T> T call(Callable<T> task) throws Exception {
    return loop.spawn(task).get(20, TimeUnit.SECONDS);
  }

  /** Lets time pass in one leap: behind what is under way on the loop, before what is due then. */
  void pass(Duration time) throws Exception {
    turns(5);
    clock.advance(time);
    turns(5);
  }

  /** Returns after whole turns of the loop. */
  void turns(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      call(() -> null);
    }
  }

  List<String> messages() {
    synchronized (capture) {
      return logged.stream()
          .map(r -> r.getLevel() + " " + MessageFormat.format(r.getMessage(), r.getParameters()))
          .toList();
    }
  }

  List<Throwable> thrown() {
    synchronized (capture) {
      return logged.stream().map(LogRecord::getThrown).filter(t -> t != null).toList();
    }
  }

  @Override
  public void close() throws Exception {
    loop.stop();
    runner.join();
    loop.close(true);
    logger.removeHandler(capture);
    logger.setUseParentHandlers(true);
  }

  /** What handlers tell the test, in order. */
  static final class Events {
    private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();

    void add(String event) {
      queue.add(event);
    }

    String next() throws InterruptedException {
      var event = queue.poll(20, TimeUnit.SECONDS);
      Assertions.assertThat(event).as("an event").isNotNull();
      return event;
    }

    boolean isEmpty() {
      return queue.isEmpty();
    }
  }
}
