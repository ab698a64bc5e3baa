// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.RequestStartLine;
import org.waterspout.ioloop.IOLoop;

/** A container on a loop of its own, called without a socket. */
final class TestApp implements AutoCloseable {
  final IOLoop loop;
  final ServletContainer container;
  private final Thread thread;
  private boolean stopped;
  boolean lends = true;
  String protocol = "http";

  private TestApp(ServletContainer container, IOLoop loop) {
    this.container = container;
    this.loop = loop;
    thread = Thread.ofPlatform().daemon().name("test loop").start(loop::start);
  }

  static TestApp start(String prefix, ServletContainer.Builder builder) throws Exception {
    return start(prefix, builder, new IOLoop());
  }

  /** On a loop that goes by a clock of the test's. */
  static TestApp start(String prefix, ServletContainer.Builder builder, IOLoop loop)
      throws Exception {
    var container = builder.build();
    container.start(prefix);
    return new TestApp(container, loop);
  }

  /** Sends a request without a body. */
  Answer get(String target, String... headers) throws Exception {
    return send("GET", target, null, headers);
  }

  /** Sends a form. */
  Answer post(String target, String form, String... headers) throws Exception {
    var all = new ArrayList<>(List.of("Content-Type", "application/x-www-form-urlencoded"));
    all.addAll(List.of(headers));
    return send("POST", target, form, all.toArray(String[]::new));
  }

  Answer send(String method, String target, String body, String... headers) throws Exception {
    return open(method, target, body, headers).await();
  }

  /** Begins a request, and delivers the whole of its body. */
  FakeConnection open(String method, String target, String body, String... headers)
      throws Exception {
    var fields = new HTTPHeaders();
    fields.set("Host", "example.org");
    for (int i = 0; i < headers.length; i += 2) {
      fields.add(headers[i], headers[i + 1]);
    }
    byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    if (body != null) {
      fields.set("Content-Length", Integer.toString(bytes.length));
    }
    var connection = new FakeConnection(loop, lends, method.equals("HEAD"));
    connection.protocol = protocol;
    onLoop(
        () -> {
          var delegate = begin(connection, method, target, fields);
          if (bytes.length > 0) {
            var unused = delegate.dataReceived(bytes);
          }
          delegate.finish();
          return null;
        });
    return connection;
  }

  /** Begins a request of which the caller delivers the body. On the loop. */
  HTTPMessageDelegate begin(
      FakeConnection connection, String method, String target, HTTPHeaders fields)
      throws Exception {
    HTTPMessageDelegate delegate = container.startRequest(this, connection);
    var unused = delegate.headersReceived(new RequestStartLine(method, target, "HTTP/1.1"), fields);
    return delegate;
  }

  /** Begins a request without a body on a connection of the caller's. */
  HTTPMessageDelegate deliver(FakeConnection connection, String target) throws Exception {
    return onLoop(
        () -> {
          HTTPMessageDelegate delegate = begin(connection, "GET", target, new HTTPHeaders());
          delegate.finish();
          return delegate;
        });
  }

  /** The client of a request goes. */
  void vanish(HTTPMessageDelegate delegate) throws Exception {
    onLoop(
        () -> {
          delegate.onConnectionClose();
          return null;
        });
  }

  /** What runs on the loop. */
  interface LoopTask<T> {
    T run() throws Exception;
  }

  <T> T onLoop(LoopTask<T> task) throws Exception {
    var result = new CompletableFuture<T>();
    loop.addCallback(
        () -> {
          try {
            result.complete(task.run());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    try {
      return result.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Stops the container; the loop goes on until the end of the test. */
  void stopContainer() {
    if (!stopped) {
      stopped = true;
      container.stop();
    }
  }

  /** Ends the loop, as a server does that goes down before its applications. */
  void endLoop() throws Exception {
    loop.stop();
    thread.join(20_000);
    loop.close();
  }

  @Override
  public void close() throws Exception {
    stopContainer();
    endLoop();
  }
}
