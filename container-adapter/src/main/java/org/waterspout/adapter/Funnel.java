// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one way to the end of an exchange, and the guard of its request and response.
 *
 * <pre>
 *   OPEN        the loop may touch them, within ifOpen
 *     COMPLETING  one party, which won the step from OPEN, ends the exchange
 *       GONE        they belong to another request: nobody touches them
 * </pre>
 *
 * <p>The container may end an exchange at any moment, from a thread of its own, and reuse the
 * objects as soon as its listener call returns. So the step out of OPEN waits for the loop to leave
 * what it has entered, which is a few non-blocking calls and never user code.
 *
 * <p>It does not wait for ever. Tomcat calls its listener while it holds the lock of the socket,
 * and takes that lock in calls of the loop, {@code setWriteListener} among them: each would wait
 * for the other. After {@value #PATIENCE_MILLIS} milliseconds the container's thread goes on, and
 * the loop with it, whose call then finds nothing to do.
 *
 * <p>Containers report trouble in any order and some of it twice; only the first step counts.
 * Callable from any thread.
 */
final class Funnel implements AsyncListener {
  private enum State {
    OPEN,
    COMPLETING,
    GONE
  }

  /** Far longer than the loop's calls take, and not long for those who wait. */
  private static final int PATIENCE_MILLIS = 250;

  private final AsyncContext asyncContext;
  private final HttpServletResponse response;
  private final Trailers trailers;
  private final @Nullable Closeable connection; // null where it is not known
  private final Consumer<Throwable> onLost;
  private final ReentrantLock inUse = new ReentrantLock();
  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

  /**
   * The guard of an exchange that has just begun.
   *
   * @param onLost told, on the container's thread, when the container ended the exchange
   */
  Funnel(
      AsyncContext asyncContext,
      HttpServletResponse response,
      Trailers trailers,
      @Nullable Closeable connection,
      Consumer<Throwable> onLost) {
    this.asyncContext = asyncContext;
    this.response = response;
    this.trailers = trailers;
    this.connection = connection;
    this.onLost = onLost;
  }

  boolean open() {
    return state.get() == State.OPEN;
  }

  /** What is done with request and response: non-blocking, and nothing of the user's. */
  @FunctionalInterface
  interface Access<T extends @Nullable Object, E extends Exception> {
    T call() throws E;
  }

  /** Touches request and response, or touches nothing and returns {@code otherwise}. */
  <T extends @Nullable Object, E extends Exception> T ifOpen(Access<T, E> access, T otherwise)
      throws E {
    inUse.lock();
    try {
      return open() ? access.call() : otherwise;
    } finally {
      inUse.unlock();
    }
  }

  /** The same, but does not wait for another thread that touches them. */
  <T extends @Nullable Object, E extends Exception> T ifFree(Access<T, E> access, T otherwise)
      throws E {
    if (!inUse.tryLock()) {
      return otherwise;
    }
    try {
      return open() ? access.call() : otherwise;
    } finally {
      inUse.unlock();
    }
  }

  /**
   * Ends the exchange, as a whole answer or after the peer has gone; false if it was ended before.
   */
  boolean complete() {
    if (!leaveOpen()) {
      return false;
    }
    completeQuietly();
    return true;
  }

  /**
   * Gives request and response back to the container, which calls the servlet once more, with this
   * attribute; false if the exchange was ended before.
   */
  boolean handBack(String attribute, Object value) {
    if (!leaveOpen()) {
      return false;
    }
    if (dispatch(attribute, value)) {
      state.set(State.GONE);
      return true;
    }
    completeQuietly();
    return false;
  }

  /**
   * Ends the exchange so that the client sees a broken answer, or an error where the container
   * cannot be kept from answering; false if it was ended before.
   */
  boolean cut(Quirks.Cut how) {
    boolean dropped;
    inUse.lock();
    try {
      if (!leaveOpen()) {
        return false;
      }
      trailers.breakOff();
      dropped = drop(how);
    } finally {
      inUse.unlock();
    }
    if (dropped && how == Quirks.Cut.THROW_FROM_DISPATCH) {
      dropped = dispatch(CutException.ATTRIBUTE, true);
    }
    if (dropped && how != Quirks.Cut.CLOSE_CONNECTION) {
      state.set(State.GONE);
    } else {
      completeQuietly();
    }
    return true;
  }

  /** False if there is nothing to drop: then the answer is an error now, or in pieces already. */
  private boolean drop(Quirks.Cut how) {
    try {
      return switch (how) {
        case SEND_ERROR_MINUS_ONE -> {
          containersOwn(response).sendError(-1);
          yield true;
        }
        case THROW_FROM_DISPATCH -> response.isCommitted() || !becomesError(response);
        case COMPLETE -> {
          var _ = response.isCommitted() || becomesError(response);
          yield false;
        }
        case CLOSE_CONNECTION -> {
          if (connection != null) {
            connection.close();
          }
          yield true;
        }
      };
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /** Makes an answer that has not begun one of 500; false if it has begun meanwhile. */
  static boolean becomesError(HttpServletResponse response) {
    try {
      response.reset();
    } catch (IllegalStateException e) {
      return false;
    }
    response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    response.setHeader("Connection", "close");
    return true;
  }

  private boolean dispatch(String attribute, Object value) {
    try {
      asyncContext.getRequest().setAttribute(attribute, value);
      asyncContext.dispatch();
      return true;
    } catch (RuntimeException e) {
      return false; // the web application goes: Tomcat dispatches no more
    }
  }

  /** A filter's wrapper would take -1 for a status. */
  static HttpServletResponse containersOwn(ServletResponse response) {
    return response instanceof ServletResponseWrapper wrapper
        ? containersOwn(wrapper.getResponse())
        : (HttpServletResponse) response;
  }

  @Override
  public void onComplete(AsyncEvent event) {
    if (leaveOpen()) {
      state.set(State.GONE);
      onLost.accept(new IOException("the container completed the exchange"));
    }
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    refuse(HttpServletResponse.SC_SERVICE_UNAVAILABLE, new TimeoutException("in the container"));
  }

  @Override
  public void onError(AsyncEvent event) {
    refuse(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, event.getThrowable());
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}

  /** Ends the exchange within the container's callback: some let nobody else do it then. */
  private void refuse(int status, @Nullable Throwable reason) {
    if (leaveOpen()) {
      if (!response.isCommitted()) {
        response.setStatus(status);
      }
      trailers.breakOff();
      completeQuietly();
      onLost.accept(reason == null ? new IOException("error in the container") : reason);
    }
  }

  private boolean leaveOpen() {
    boolean left = awaitLoop();
    try {
      return state.compareAndSet(State.OPEN, State.COMPLETING);
    } finally {
      if (left) {
        inUse.unlock();
      }
    }
  }

  /** Waits for the loop to leave what it has entered; false if it has not, see above. */
  private boolean awaitLoop() {
    try {
      return inUse.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Not under the lock: some containers run much of their own code in this call. */
  private void completeQuietly() {
    try {
      asyncContext.complete();
    } catch (IllegalStateException e) {
      // the container was faster
    } finally {
      state.set(State.GONE);
    }
  }
}
