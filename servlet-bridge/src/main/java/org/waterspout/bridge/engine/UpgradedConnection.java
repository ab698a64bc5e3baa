// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.VirtualThreads;
import org.waterspout.iostream.IOStream;
import org.waterspout.log.Log;

/**
 * A connection that has left HTTP, Servlet 6.1 section 2.3.3.5.
 *
 * <p>Life: {@code init}; listeners of the streams; when the connection is closed, by whomever,
 * {@code destroy}, once. All that one after the other, on virtual threads that live as long as
 * there is something to call. One side may end before the other; a connection of which one has, and
 * on which nothing moves for a minute, is closed.
 */
final class UpgradedConnection implements WebConnection, StreamCallbacks {
  private static final Duration HALF_CLOSED = Duration.ofMinutes(1);

  private enum Step {
    INIT,
    READ,
    WRITE,
    FAIL,
    DESTROY,
    PARK
  }

  private final WebApp app;
  private final IOStream stream;
  private final HttpUpgradeHandler handler;
  private final BodyStream input;
  private final UpgradedOutput output;

  // ---- on the loop

  private final HalfClosed halfClosed;
  private boolean outputEnded;

  // ---- guarded by this

  private boolean running;
  private boolean begun;
  private boolean closed;
  private boolean destroyed;

  /** What has broken the connection and was not told yet; null if nothing has. */
  private @Nullable Throwable failure;

  private UpgradedConnection(WebApp app, IOStream stream, HttpUpgradeHandler handler) {
    this.app = app;
    this.stream = stream;
    this.handler = handler;
    var body = new Body(stream.loop(), app.options().limits().bodyBuffer());
    this.input = new BodyStream(body, this);
    this.output = new UpgradedOutput(this);
    this.halfClosed = new HalfClosed(stream.loop(), HALF_CLOSED, stream::close);
    stream.startReading(new UpgradedInput(this, stream, body));
  }

  /** Takes a stream over. On the loop. What it calls, it calls on threads of its own. */
  static UpgradedConnection on(WebApp app, IOStream stream, HttpUpgradeHandler handler) {
    var connection = new UpgradedConnection(app, stream, handler);
    app.upgraded().add(connection);
    connection.due();
    return connection;
  }

  // ---- what the handler has in hand

  @Override
  public ServletInputStream getInputStream() {
    return input;
  }

  @Override
  public ServletOutputStream getOutputStream() {
    return output;
  }

  /** Closes the connection behind what was written. From any thread; it does not wait. */
  @Override
  public void close() {
    VirtualThreads.unstarted("servlet close", this::closeBehindOutput).start();
  }

  private void closeBehindOutput() {
    try {
      output.side().block();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop().addCallback(stream::close);
  }

  // ---- writing

  IOLoop loop() {
    return stream.loop();
  }

  /** Writes, and waits until the bytes have left. */
  void send(ByteBuffer bytes) throws IOException {
    onLoop(
        () -> {
          used();
          return stream.write(bytes);
        });
  }

  /** Tells the peer that nothing more comes. All that was written has left. */
  void endOutput() throws IOException {
    onLoop(
        () -> {
          stream.endOutput();
          outputEnded = true;
          if (stream.inputEnded()) {
            stream.close();
          } else {
            halfClosed.begin();
          }
          return LoopFuture.done(loop());
        });
  }

  private void onLoop(Supplier<CompletionStage<Void>> call) throws IOException {
    try {
      var _ = new LoopCall<Void>(loop()).make(call);
    } catch (ExecutionException e) {
      throw new IOException("the connection is closed", e.getCause());
    }
  }

  // ---- what the loop tells

  /** Something has moved. */
  void used() {
    halfClosed.used();
  }

  /** The peer has ended its output; whether this side goes on. */
  boolean inputEnded() {
    halfClosed.begin();
    return !outputEnded;
  }

  void closed(@Nullable Throwable reason) {
    halfClosed.end();
    ended(reason);
  }

  private void ended(@Nullable Throwable reason) {
    synchronized (this) {
      closed = true;
      failure = reason;
    }
    due();
  }

  /** From any thread. */
  void applicationStops() {
    loop().addCallback(stream::close);
    if (!loop().isRunning()) {
      ended(new IOException("the loop of the connection has ended"));
    }
  }

  // ---- calling

  @Override
  public void checkListening(String call) {}

  @Override
  public void failed(Throwable reason) {
    loop().addCallback(() -> stream.close(reason));
  }

  @Override
  public synchronized void due() {
    if (!running && !destroyed) {
      running = true;
      Thread thread = VirtualThreads.unstarted("servlet upgraded", this::work);
      thread.setContextClassLoader(app.deployment().classLoader());
      app.running().add(thread, this::applicationStops);
      thread.start();
    }
  }

  private void work() {
    loop().makeCurrent();
    try {
      Step step;
      do {
        step = next();
        perform(step);
      } while (step != Step.PARK);
    } finally {
      IOLoop.clearCurrent();
      app.running().remove(Thread.currentThread());
    }
  }

  private synchronized Step next() {
    if (!begun) {
      begun = true;
      return Step.INIT;
    }
    if (input.isDue()) {
      return Step.READ;
    }
    if (closed && failure != null) {
      return Step.FAIL;
    }
    if (closed && !destroyed) {
      destroyed = true;
      return Step.DESTROY;
    }
    if (!closed && output.side().isDue()) {
      return Step.WRITE;
    }
    running = false;
    return Step.PARK;
  }

  private void perform(Step step) {
    try {
      switch (step) {
        case INIT -> handler.init(this);
        case READ -> input.tell();
        case WRITE -> output.side().tell();
        case FAIL -> fail();
        case DESTROY -> destroy();
        case PARK -> {}
      }
    } catch (Throwable e) {
      thrown(step, e);
    }
  }

  private void fail() {
    Throwable reason = takeFailure();
    tell(() -> input.fail(reason));
    tell(() -> output.side().fail(reason));
  }

  private synchronized Throwable takeFailure() {
    Throwable taken = failure;
    failure = null;
    return taken == null
        ? new ClientGoneException()
        : new IOException("the connection broke", taken);
  }

  private void destroy() {
    try {
      handler.destroy();
    } finally {
      app.upgraded().remove(this);
    }
  }

  private void thrown(Step step, Throwable thrown) {
    Log.APPLICATION.log(
        Level.ERROR, "an upgrade handler failed: " + handler.getClass(), Log.cleaned(thrown));
    if (step == Step.READ) {
      tell(() -> input.failed(thrown));
    } else if (step == Step.WRITE) {
      tell(() -> output.side().fail(thrown));
    }
    loop().addCallback(stream::close);
  }

  private static void tell(Runnable listener) {
    try {
      listener.run();
    } catch (Throwable e) {
      Log.APPLICATION.log(Level.ERROR, "a listener of a stream failed in onError", Log.cleaned(e));
    }
  }

  @Override
  public String toString() {
    return "upgraded connection of " + handler.getClass().getName();
  }
}
