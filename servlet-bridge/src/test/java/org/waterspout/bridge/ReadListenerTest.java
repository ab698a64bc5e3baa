// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.ioloop.IOLoop;

/** Servlet 6.1 section 3.7: reading a body without waiting for it. */
class ReadListenerTest {
  /** What a listener was told, and read. */
  private final Told told = new Told();

  private final CompletableFuture<ServletInputStream> stream = new CompletableFuture<>();

  /** Reads as long as the stream is ready. */
  private class Reader implements ReadListener {
    private final ServletInputStream in;
    private final AsyncContext context;

    Reader(ServletInputStream in, AsyncContext context) {
      this.in = in;
      this.context = context;
    }

    @Override
    public void onDataAvailable() throws IOException {
      var text = new StringBuilder();
      byte[] bytes = new byte[3];
      while (in.isReady() && !in.isFinished()) {
        int count = in.read(bytes);
        text.append(new String(bytes, 0, count, StandardCharsets.US_ASCII));
      }
      told.add("data " + text);
    }

    @Override
    public void onAllDataRead() throws IOException {
      told.add("all " + in.isFinished());
      context.complete();
    }

    @Override
    public void onError(Throwable failure) {
      told.add("error " + failure.getMessage());
    }
  }

  private ServletContainer.Builder reading() {
    return Code.async(
        (request, response) -> {
          AsyncContext context = request.startAsync();
          context.setTimeout(0);
          var in = request.getInputStream();
          in.setReadListener(new Reader(in, context));
          stream.complete(in);
        });
  }

  private static HTTPHeaders chunked() {
    var headers = new HTTPHeaders();
    headers.set("Transfer-Encoding", "chunked");
    return headers;
  }

  private static HTTPMessageDelegate begin(TestApp app, FakeConnection connection)
      throws Exception {
    return app.onLoop(() -> app.begin(connection, "POST", "/", chunked()));
  }

  private static CompletionStage<?> send(TestApp app, HTTPMessageDelegate delegate, String text)
      throws Exception {
    return app.onLoop(() -> delegate.dataReceived(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static void finish(TestApp app, HTTPMessageDelegate delegate) throws Exception {
    app.onLoop(
        () -> {
          delegate.finish();
          return null;
        });
  }

  @Test
  void tellsTheListenerOfEachPieceAndOfTheEnd() throws Exception {
    try (var app = TestApp.start("", reading())) {
      var connection = new FakeConnection(app.loop, true, false);
      HTTPMessageDelegate delegate = begin(app, connection);
      stream.get(20, TimeUnit.SECONDS);
      assertThat(told).as("nothing has come").isEmpty();
      send(app, delegate, "first");
      assertThat(told.next()).isEqualTo("data first");
      send(app, delegate, "second");
      assertThat(told.next()).isEqualTo("data second");
      finish(app, delegate);
      assertThat(told.next()).isEqualTo("all true");
      assertThat(connection.await().status()).isEqualTo(200);
      assertThat(told).isEmpty();
    }
  }

  @Test
  void readsABodyThatIsThereAlready() throws Exception {
    try (var app = TestApp.start("", reading())) {
      assertThat(app.post("/", "whole").status()).isEqualTo(200);
      assertThat(told.next()).isEqualTo("data whole");
      assertThat(told.next()).isEqualTo("all true");
    }
  }

  @Test
  void tellsOfTheEndOnlyIfThereIsNoBody() throws Exception {
    try (var app = TestApp.start("", reading())) {
      assertThat(app.get("/").status()).isEqualTo(200);
      assertThat(told.next()).isEqualTo("all true");
      assertThat(told).isEmpty();
    }
  }

  @Test
  void readsToTheEndOfStreamAsWell() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              var in = request.getInputStream();
              in.setReadListener(
                  new Reader(in, context) {
                    @Override
                    public void onDataAvailable() throws IOException {
                      byte[] bytes = new byte[100];
                      int count;
                      while (in.isReady() && (count = in.read(bytes)) != -1) {
                        told.add(new String(bytes, 0, count, StandardCharsets.US_ASCII));
                      }
                      told.add("ready " + in.isReady());
                    }
                  });
            });
    try (var app = TestApp.start("", builder)) {
      assertThat(app.post("/", "whole").status()).isEqualTo(200);
      assertThat(told.next()).isEqualTo("whole");
      assertThat(told.next()).isEqualTo("ready false");
      assertThat(told.next()).isEqualTo("all true");
    }
  }

  @Test
  void callsOffTheLoopOnVirtualThreadsOneAtATime() throws Exception {
    var loader = new ClassLoader(getClass().getClassLoader()) {};
    var inside = new java.util.concurrent.atomic.AtomicInteger();
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              var in = request.getInputStream();
              in.setReadListener(
                  new Reader(in, context) {
                    @Override
                    public void onDataAvailable() throws IOException {
                      Thread thread = Thread.currentThread();
                      boolean alone = inside.incrementAndGet() == 1;
                      boolean right = thread.getContextClassLoader() == loader;
                      boolean offLoop = !IOLoop.current().onLoop();
                      told.add(alone + " " + thread.isVirtual() + " " + right + " " + offLoop);
                      while (in.isReady() && !in.isFinished()) {
                        in.read();
                      }
                      inside.decrementAndGet();
                    }
                  });
            });
    try (var app = TestApp.start("", builder.classLoader(loader))) {
      var connection = new FakeConnection(app.loop, true, false);
      HTTPMessageDelegate delegate = begin(app, connection);
      for (int i = 0; i < 200; i++) {
        send(app, delegate, "piece " + i);
      }
      finish(app, delegate);
      connection.await();
      assertThat(told).hasSizeBetween(2, 201);
      String last = null;
      for (String what : told) {
        assertThat(what).isIn("true true true true", "all true");
        last = what;
      }
      assertThat(last).isEqualTo("all true");
    }
  }

  @Test
  void callsAgainOnlyWhenTheStreamWasNotReady() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              context.setTimeout(0);
              var in = request.getInputStream();
              in.setReadListener(
                  new Reader(in, context) {
                    @Override
                    public void onDataAvailable() throws IOException {
                      told.add("one " + (char) in.read());
                    }
                  });
              stream.complete(in);
            });
    try (var app = TestApp.start("", builder)) {
      var connection = new FakeConnection(app.loop, true, false);
      HTTPMessageDelegate delegate = begin(app, connection);
      send(app, delegate, "ab");
      assertThat(told.next()).isEqualTo("one a");
      send(app, delegate, "c");
      ServletInputStream in = stream.get();
      assertThat(in.isReady()).isTrue();
      assertThat((char) in.read()).isEqualTo('b');
      assertThat((char) in.read()).isEqualTo('c');
      assertThat(told).isEmpty();
      assertThat(in.isReady()).isFalse();
      send(app, delegate, "d");
      assertThat(told.next()).isEqualTo("one d");
      finish(app, delegate);
      assertThat(told.next()).isEqualTo("all true");
    }
  }

  @Test
  void refusesToReadWhatIsNotThere() throws Exception {
    try (var app = TestApp.start("", reading())) {
      var connection = new FakeConnection(app.loop, true, false);
      HTTPMessageDelegate delegate = begin(app, connection);
      ServletInputStream in = stream.get(20, TimeUnit.SECONDS);
      assertThat(in.isReady()).isFalse();
      assertThat(in.isFinished()).isFalse();
      assertThatIllegalStateException().isThrownBy(in::read).withMessageContaining("not ready");
      assertThatIllegalStateException().isThrownBy(() -> in.read(new byte[1]));
      assertThatIllegalStateException().isThrownBy(in::readAllBytes);
      assertThatIllegalStateException().isThrownBy(() -> in.readNBytes(1));
      assertThatIllegalStateException().isThrownBy(() -> in.readLine(new byte[1], 0, 1));
      assertThatIllegalStateException().isThrownBy(() -> in.readNBytes(new byte[1], 0, 1));
      finish(app, delegate);
      assertThat(told.next()).isEqualTo("all true");
    }
  }

  @Test
  void refusesListenersThatNobodyWouldCall() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              var in = request.getInputStream();
              var listener = new Reader(in, null);
              assertThatIllegalStateException()
                  .isThrownBy(() -> in.setReadListener(listener))
                  .withMessageContaining("not asynchronous");
              if (request.getDispatcherType() == DispatcherType.ASYNC) {
                response.getWriter().print("refused");
                return;
              }
              AsyncContext context = request.startAsync();
              assertThatNullPointerException().isThrownBy(() -> in.setReadListener(null));
              in.setReadListener(listener);
              assertThatIllegalStateException()
                  .isThrownBy(() -> in.setReadListener(listener))
                  .withMessageContaining("has a listener");
              context.dispatch();
            });
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/").text()).isEqualTo("refused");
    }
  }

  @Test
  void holdsTheSenderBackAsLongAsTheListenerDoesNotRead() throws Exception {
    var waiting = new CompletableFuture<AsyncContext>();
    var lazy =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              context.setTimeout(0);
              var in = request.getInputStream();
              in.setReadListener(
                  new Reader(in, context) {
                    @Override
                    public void onDataAvailable() {
                      waiting.complete(context);
                    }
                  });
              stream.complete(in);
            });
    try (var app = TestApp.start("", lazy.bodyBuffer(100))) {
      var connection = new FakeConnection(app.loop, true, false);
      HTTPMessageDelegate delegate = begin(app, connection);
      CompletionStage<?> held = send(app, delegate, "x".repeat(100));
      waiting.get(20, TimeUnit.SECONDS);
      assertThat(held).isNotNull();
      assertThat(held.toCompletableFuture().isDone()).isFalse();
      assertThat(stream.get().read(new byte[100])).isEqualTo(100);
      held.toCompletableFuture().get(20, TimeUnit.SECONDS);
      finish(app, delegate);
      assertThat(told.next()).isEqualTo("all true");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tellsTheListenerWhatItThrewAndShowsTheError(boolean atTheEnd) throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              context.addListener(
                  new SilentListener() {
                    @Override
                    public void onError(AsyncEvent event) {
                      told.add("async " + event.getThrowable().getMessage());
                    }
                  });
              var in = request.getInputStream();
              in.setReadListener(
                  new Reader(in, context) {
                    @Override
                    public void onDataAvailable() throws IOException {
                      if (!atTheEnd) {
                        throw new IOException("data");
                      }
                      super.onDataAvailable();
                    }

                    @Override
                    public void onAllDataRead() throws IOException {
                      throw new IOException("end");
                    }
                  });
            });
    try (var app = TestApp.start("", builder)) {
      assertThat(app.post("/", "body").status()).isEqualTo(500);
      if (atTheEnd) {
        assertThat(told.next()).isEqualTo("data body");
      }
      String what = atTheEnd ? "end" : "data";
      assertThat(told.next()).isEqualTo("error " + what);
      assertThat(told.next()).isEqualTo("async " + what);
    }
  }

  @Test
  void leavesTheEndToTheListenerThatIsToldOfAnError() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              var in = request.getInputStream();
              in.setReadListener(
                  new Reader(in, context) {
                    @Override
                    public void onDataAvailable() throws IOException {
                      throw new IOException("data");
                    }

                    @Override
                    public void onError(Throwable failure) {
                      context.complete();
                    }
                  });
            });
    try (var app = TestApp.start("", builder)) {
      assertThat(app.post("/", "body").status()).isEqualTo(200);
    }
  }

  @Test
  void tellsTheListenerThatTheClientIsGone() throws Exception {
    try (var app = TestApp.start("", reading())) {
      var connection = new FakeConnection(app.loop, true, false);
      HTTPMessageDelegate delegate = begin(app, connection);
      send(app, delegate, "half");
      assertThat(told.next()).isEqualTo("data half");
      app.vanish(delegate);
      assertThat(told.next()).contains("error").contains("closed the connection");
      assertThat(connection.await().cut()).isTrue();
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> stream.get().read());
    }
  }

  @Test
  void parksWithoutAThreadBetweenPieces() throws Exception {
    try (var app = TestApp.start("", reading().maxConcurrent(1).maxQueue(5))) {
      var connection = new FakeConnection(app.loop, true, false);
      HTTPMessageDelegate delegate = begin(app, connection);
      send(app, delegate, "a");
      assertThat(told.next()).isEqualTo("data a");
      assertThat(app.get("/").status()).as("the only turn is free").isEqualTo(200);
      assertThat(told.next()).isEqualTo("all true");
      finish(app, delegate);
      assertThat(told.next()).isEqualTo("all true");
    }
  }

  @Test
  void refusesABlockingReadOnTheLoopAndSaysWhere() throws Exception {
    var streams = new CompletableFuture<ServletInputStream>();
    var builder =
        Code.async(
            (request, response) -> {
              request.startAsync();
              streams.complete(request.getInputStream());
            });
    try (var app = TestApp.start("", builder)) {
      var connection = new FakeConnection(app.loop, true, false);
      HTTPMessageDelegate delegate = begin(app, connection);
      ServletInputStream in = streams.get(20, TimeUnit.SECONDS);
      String message =
          app.onLoop(
              () -> {
                try {
                  return "read " + in.read();
                } catch (IllegalStateException e) {
                  return e.getMessage();
                }
              });
      assertThat(message).contains("on the loop").contains("ReadListenerTest.java:");
      app.vanish(delegate);
    }
  }
}
