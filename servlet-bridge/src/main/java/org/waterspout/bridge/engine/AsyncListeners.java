// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/**
 * Those who are told of one asynchronous cycle, in the order in which they were added. What one of
 * them throws is logged and keeps nothing from the others. Safe for all threads.
 */
final class AsyncListeners {
  private record Listening(
      AsyncListener listener, ServletRequest request, ServletResponse response) {}

  private interface Telling {
    void tell(AsyncListener listener, AsyncEvent event) throws IOException;
  }

  private final AsyncContext context;
  private final List<Listening> all = new ArrayList<>(1);

  AsyncListeners(AsyncContext context) {
    this.context = context;
  }

  synchronized void add(AsyncListener listener, ServletRequest request, ServletResponse response) {
    all.add(new Listening(listener, request, response));
  }

  synchronized boolean isEmpty() {
    return all.isEmpty();
  }

  /** Another cycle begins. Those of the last one are told, once, and not added to the new one. */
  void started() {
    List<Listening> former;
    synchronized (this) {
      former = List.copyOf(all);
      all.clear();
    }
    tell(former, "onStartAsync", null, AsyncListener::onStartAsync);
  }

  void completed() {
    tell(copy(), "onComplete", null, AsyncListener::onComplete);
  }

  void timedOut() {
    tell(copy(), "onTimeout", null, AsyncListener::onTimeout);
  }

  void failed(Throwable failure) {
    tell(copy(), "onError", failure, AsyncListener::onError);
  }

  private synchronized List<Listening> copy() {
    return List.copyOf(all);
  }

  private void tell(
      List<Listening> told, String what, @Nullable Throwable failure, Telling telling) {
    for (Listening listening : told) {
      var event = new AsyncEvent(context, listening.request, listening.response, failure);
      try {
        telling.tell(listening.listener, event);
      } catch (Throwable e) {
        Log.APPLICATION.log(Level.ERROR, "an async listener failed in " + what, Log.cleaned(e));
      }
    }
  }
}
