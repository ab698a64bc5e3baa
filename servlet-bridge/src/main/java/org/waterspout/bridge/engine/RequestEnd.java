// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPOutputException;
import org.waterspout.log.Log;

/**
 * The end of one exchange, which comes once, whoever brings it: listeners are told, the answer is
 * ended or cut, the sessions are left, the rest of the body is dropped and the place given back.
 */
final class RequestEnd {
  private final WebApp app;
  private final Exchange exchange;
  private final ReceivedHead head;
  private final AtomicBoolean ended = new AtomicBoolean();

  RequestEnd(WebApp app, Exchange exchange, ReceivedHead head) {
    this.app = app;
    this.exchange = exchange;
    this.head = head;
  }

  /**
   * Ends the exchange, on a thread that may run code of the application. Does nothing if it has
   * been ended.
   *
   * @param request null if there never was one that the application saw
   */
  void end(@Nullable Request request) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    try {
      if (request != null) {
        finish(request);
      }
    } finally {
      exchange.body().discard();
      app.admission().leave();
    }
  }

  /** Logs what nobody else has answered for, and cuts the exchange. */
  void fail(Throwable failure) {
    log(failure);
    exchange.abort();
  }

  /** Logs what nobody else has answered for. */
  void log(Throwable failure) {
    Log.APPLICATION.log(
        Level.ERROR, "failed: " + head.startLine().method() + " " + path(), Log.cleaned(failure));
  }

  private String path() {
    return head.target().rawPath();
  }

  private void finish(Request request) {
    try {
      app.events().requestDestroyed(request);
      if (!exchange.aborted()) {
        answer(request);
      }
    } catch (Throwable e) {
      fail(e);
    } finally {
      request.parts().delete();
      request.leaveSessions();
    }
  }

  private void answer(Request request) {
    Upgrade upgrade = request.async().upgrade();
    if (upgrade == null) {
      complete(request.response());
      return;
    }
    try {
      upgrade.begin();
    } catch (IOException e) {
      Log.GENERAL.log(Level.DEBUG, "not upgraded: {0}: {1}", path(), Log.cleaned(e));
      exchange.abort();
    }
  }

  private void complete(Response response) {
    try {
      response.complete();
      if (!response.finished()) {
        exchange.abort();
      }
    } catch (IOException e) {
      Log.GENERAL.log(Level.DEBUG, "not answered in full: {0}: {1}", path(), Log.cleaned(e));
      exchange.abort();
    } catch (HTTPOutputException e) {
      Log.APPLICATION.log(Level.ERROR, "wrong length: " + path(), Log.cleaned(e));
      exchange.abort();
    }
  }
}
