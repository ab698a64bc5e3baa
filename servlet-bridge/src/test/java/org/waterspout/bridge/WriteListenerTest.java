// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;

/** Servlet 6.1 section 5.7: writing an answer without waiting for the client. */
class WriteListenerTest {
  private final Told told = new Told();
  private final CompletableFuture<ServletOutputStream> stream = new CompletableFuture<>();
  private final CompletableFuture<AsyncContext> begun = new CompletableFuture<>();

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private class Writer implements WriteListener {
    @Override
    public void onWritePossible() throws IOException {
      told.add("possible");
    }

    @Override
    public void onError(Throwable failure) {
      told.add("error " + failure.getMessage());
    }
  }

  private ServletContainer.Builder writing(WriteListener listener) {
    return Code.async(
        (request, response) -> {
          AsyncContext context = request.startAsync();
          context.setTimeout(0);
          var out = response.getOutputStream();
          stream.complete(out);
          begun.complete(context);
          out.setWriteListener(listener);
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void writesWhatTheListenerHas(boolean lends) throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              var out = response.getOutputStream();
              out.setWriteListener(
                  new Writer() {
                    private int left = 1000;

                    @Override
                    public void onWritePossible() throws IOException {
                      while (left > 0 && out.isReady()) {
                        out.write(new byte[5000]);
                        left--;
                      }
                      if (left == 0) {
                        left--;
                        context.complete();
                      }
                    }
                  });
            });
    try (var app = TestApp.start("", builder)) {
      app.lends = lends;
      Answer answer = app.get("/");
      assertThat(answer.body()).hasSize(5_000_000);
      assertThat(answer.cut()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void printsALineInOneWrite(boolean lends) throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              var out = response.getOutputStream();
              out.setWriteListener(
                  new Writer() {
                    @Override
                    public void onWritePossible() throws IOException {
                      out.println("line");
                      out.print("rest");
                      context.complete();
                    }
                  });
            });
    try (var app = TestApp.start("", builder)) {
      app.lends = lends;
      assertThat(app.get("/").text()).isEqualTo("line\r\nrest");
    }
  }

  @Test
  void isNotReadyUntilWhatWasWrittenHasLeft() throws Exception {
    try (var app = TestApp.start("", writing(new Writer()))) {
      var connection = new FakeConnection(app.loop, false, false);
      connection.stall();
      app.onLoop(
          () -> {
            app.begin(connection, "GET", "/", new HTTPHeaders()).finish();
            return null;
          });
      ServletOutputStream out = get(stream);
      assertThat(told.next()).isEqualTo("possible");
      assertThat(out.isReady()).isTrue();
      var large = ByteBuffer.allocate(100_000);
      out.write(large);
      assertThat(out.isReady()).isFalse();
      assertThatIllegalStateException().isThrownBy(() -> out.write(1));
      assertThatIllegalStateException().isThrownBy(() -> out.write(new byte[1]));
      assertThatIllegalStateException().isThrownBy(() -> out.print("x"));
      assertThatIllegalStateException().isThrownBy(out::flush).withMessageContaining("not ready");
      assertThat(connection.firstWrite.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(told).isEmpty();

      connection.proceed();
      assertThat(told.next()).isEqualTo("possible");
      assertThat(large.hasRemaining()).isFalse();
      assertThat(out.isReady()).isTrue();
      out.write(7);
      get(begun).complete();
      assertThat(connection.await().body()).hasSize(100_001).endsWith(7);
      assertThat(told).isEmpty();
    }
  }

  @Test
  void keepsOneWriteOfASlowClientAndNoMore() throws Exception {
    var context = new CompletableFuture<AsyncContext>();
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext started = request.startAsync();
              started.setTimeout(0);
              context.complete(started);
              var out = response.getOutputStream();
              out.setWriteListener(
                  new Writer() {
                    private int written;

                    @Override
                    public void onWritePossible() throws IOException {
                      while (written < 64 && out.isReady()) {
                        out.write(new byte[1 << 20]);
                        written++;
                      }
                      told.add("written " + written);
                      if (written == 64 && out.isReady()) {
                        started.complete();
                      }
                    }
                  });
            });
    try (var app = TestApp.start("", builder)) {
      var connection = new FakeConnection(app.loop, false, false);
      connection.stall();
      app.onLoop(
          () -> {
            app.begin(connection, "GET", "/", new HTTPHeaders()).finish();
            return null;
          });
      assertThat(told.next()).isEqualTo("written 1");
      assertThat(connection.firstWrite.await(20, TimeUnit.SECONDS)).isTrue();
      app.onLoop(() -> null);
      assertThat(told).isEmpty();
      assertThat(connection.unsentWrites()).isEqualTo(1);
      connection.proceed();
      assertThat(connection.await().body()).hasSize(64 << 20);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closesBehindWhatIsUnderWay(boolean byComplete) throws Exception {
    try (var app = TestApp.start("", writing(new Writer()))) {
      var connection = new FakeConnection(app.loop, false, false);
      connection.stall();
      app.onLoop(
          () -> {
            app.begin(connection, "GET", "/", new HTTPHeaders()).finish();
            return null;
          });
      assertThat(told.next()).isEqualTo("possible");
      ServletOutputStream out = get(stream);
      out.write(new byte[100_000]);
      if (byComplete) {
        get(begun).complete();
      } else {
        out.close();
        out.write(1); // dropped
      }
      assertThat(connection.answer.isDone()).isFalse();
      connection.proceed();
      assertThat(connection.await().body()).hasSize(100_000);
      assertThat(connection.await().cut()).isFalse();
      if (!byComplete) {
        get(begun).complete();
      }
      assertThat(told).isEmpty();
    }
  }

  @Test
  void dispatchesBehindWhatIsUnderWayWithTheStreamClosed() throws Exception {
    var seen = new CompletableFuture<Boolean>();
    var connection = new CompletableFuture<FakeConnection>();
    var builder =
        Code.async(
            (request, response) -> {
              var out = response.getOutputStream();
              if (request.getDispatcherType() == DispatcherType.ASYNC) {
                seen.complete(get(connection).answer.isDone());
                out.print("dropped");
                return;
              }
              AsyncContext context = request.startAsync();
              out.setWriteListener(
                  new Writer() {
                    @Override
                    public void onWritePossible() throws IOException {
                      out.write(new byte[100_000]);
                      context.dispatch();
                      told.add("dispatched");
                    }
                  });
            });
    try (var app = TestApp.start("", builder)) {
      var stalled = new FakeConnection(app.loop, false, false);
      stalled.stall();
      connection.complete(stalled);
      app.onLoop(
          () -> {
            app.begin(stalled, "GET", "/", new HTTPHeaders()).finish();
            return null;
          });
      assertThat(told.next()).isEqualTo("dispatched");
      assertThat(stalled.firstWrite.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(seen).isNotDone();
      stalled.proceed();
      assertThat(get(seen)).isTrue();
      assertThat(stalled.await().body()).hasSize(100_000);
    }
  }

  @Test
  void refusesListenersThatNobodyWouldCall() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              var out = response.getOutputStream();
              assertThat(out.isReady()).isTrue();
              assertThatIllegalStateException()
                  .isThrownBy(() -> out.setWriteListener(new Writer()))
                  .withMessageContaining("not asynchronous");
              AsyncContext context = request.startAsync();
              assertThatNullPointerException().isThrownBy(() -> out.setWriteListener(null));
              out.setWriteListener(new Writer());
              assertThatIllegalStateException()
                  .isThrownBy(() -> out.setWriteListener(new Writer()))
                  .withMessageContaining("has a listener");
              out.print("refused");
              context.complete();
            });
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/").text()).isEqualTo("refused");
    }
  }

  @Test
  void tellsTheListenerWhatItThrewAndShowsTheError() throws Exception {
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
              var out = response.getOutputStream();
              out.setWriteListener(
                  new Writer() {
                    @Override
                    public void onWritePossible() throws IOException {
                      out.print("never seen");
                      throw new IOException("thrown");
                    }
                  });
            });
    try (var app = TestApp.start("", builder)) {
      Answer answer = app.get("/");
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.text()).doesNotContain("never seen").contains("</html>");
      assertThat(told.next()).isEqualTo("error thrown");
      assertThat(told.next()).isEqualTo("async thrown");
    }
  }

  @Test
  void tellsTheListenerThatTheClientIsGone() throws Exception {
    try (var app = TestApp.start("", writing(new Writer()))) {
      var connection = new FakeConnection(app.loop, false, false);
      connection.stall();
      HTTPMessageDelegate delegate = app.deliver(connection, "/");
      assertThat(told.next()).isEqualTo("possible");
      ServletOutputStream out = get(stream);
      out.write(new byte[100_000]);
      assertThat(out.isReady()).isFalse();
      assertThat(connection.firstWrite.await(20, TimeUnit.SECONDS)).isTrue();
      app.vanish(delegate);
      assertThat(told.next()).contains("error").contains("closed the connection");
      assertThat(connection.await().cut()).isTrue();
      assertThat(told).isEmpty();
    }
  }

  @Test
  void refusesABlockingWriteOnTheLoopAndSaysWhere() throws Exception {
    var builder = Code.async((request, response) -> begun.complete(request.startAsync()));
    try (var app = TestApp.start("", builder)) {
      FakeConnection connection = app.open("GET", "/", null);
      AsyncContext context = get(begun);
      String message =
          app.onLoop(
              () -> {
                try {
                  context.getResponse().getOutputStream().print("fits the buffer");
                  context.getResponse().flushBuffer();
                  return "written";
                } catch (IllegalStateException e) {
                  return e.getMessage();
                }
              });
      assertThat(message).contains("on the loop").contains("WriteListenerTest.java:");
      app.onLoop(
          () -> {
            context.complete();
            return null;
          });
      assertThat(connection.await().text()).isEqualTo("fits the buffer");
    }
  }

  @Test
  void writesFromTheLoopWithoutHoldingItUp() throws Exception {
    try (var app = TestApp.start("", writing(new Writer()))) {
      FakeConnection connection = app.open("GET", "/", null);
      assertThat(told.next()).isEqualTo("possible");
      ServletOutputStream out = get(stream);
      app.onLoop(
          () -> {
            out.write(new byte[100_000]);
            return null;
          });
      get(begun).complete();
      assertThat(connection.await().body()).hasSize(100_000);
    }
  }
}
