// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.StartLine;
import org.waterspout.routing.Mount;
import org.waterspout.web.Application;

/** Stands behind the seams and reports what comes through. */
final class Seam implements Mount {
  final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  final BlockingQueue<HTTPConnection> connections = new LinkedBlockingQueue<>();

  /** Run when headers arrive, on the loop. */
  volatile Consumer<HTTPConnection> onHeaders = connection -> {};

  /** What dataReceived returns. */
  volatile @Nullable CompletionStage<?> hold;

  Application application() {
    return new Application(Application.mount("", this));
  }

  @Override
  public void start(String prefix) {
    events.add("start");
  }

  @Override
  public void stop() {
    events.add("stop");
  }

  @Override
  public HTTPMessageDelegate startRequest(Object serverConnection, HTTPConnection connection) {
    return new HTTPMessageDelegate() {
      @Override
      public @Nullable CompletionStage<?> headersReceived(
          StartLine startLine, HTTPHeaders headers) {
        events.add("headers");
        connections.add(connection);
        onHeaders.accept(connection);
        return null;
      }

      @Override
      public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
        events.add("data");
        return hold;
      }

      @Override
      public void trailersReceived(HTTPHeaders trailers) {
        events.add("trailers " + trailers.getAll());
      }

      @Override
      public void finish() {
        events.add("finish");
      }

      @Override
      public void onConnectionClose() {
        events.add("close");
      }
    };
  }

  String event() throws InterruptedException {
    return events.poll(20, TimeUnit.SECONDS);
  }

  HTTPConnection connection() throws InterruptedException {
    return connections.poll(20, TimeUnit.SECONDS);
  }

  /** The result of a call on the connection's loop, or its exception. */
  static <T> T onLoop(HTTPConnection connection, Callable<T> call) throws Exception {
    var result = new CompletableFuture<T>();
    connection
        .loop()
        .addCallback(
            () -> {
              try {
                result.complete(call.call());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            });
    return result.get(20, TimeUnit.SECONDS);
  }

  static CompletableFuture<Void> head(HTTPConnection connection, @Nullable String length)
      throws Exception {
    return onLoop(
        connection,
        () -> {
          var headers = new HTTPHeaders();
          if (length != null) {
            headers.set("Content-Length", length);
          }
          return connection.writeHeaders(
              new ResponseStartLine("HTTP/1.1", 200, "OK"), headers, null);
        });
  }

  static CompletableFuture<Void> write(HTTPConnection connection, String text) throws Exception {
    return onLoop(connection, () -> connection.write(ByteBuffer.wrap(text.getBytes(UTF_8))));
  }

  static CompletableFuture<Void> finish(HTTPConnection connection) throws Exception {
    return onLoop(connection, connection::finish);
  }

  static void abort(HTTPConnection connection) throws Exception {
    onLoop(
        connection,
        () -> {
          connection.abort();
          return true;
        });
  }
}
