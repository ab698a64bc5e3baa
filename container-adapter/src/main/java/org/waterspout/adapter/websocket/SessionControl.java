// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.websocket;

import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/**
 * What jakarta.websocket has no word for: to hold a client back without keeping a thread, and to
 * end a connection at once. Each container has its own, found here by its name.
 *
 * <pre>
 *   Tomcat    session.suspend, resume; doClose without waiting
 *   Undertow  the session's channel: suspendReceives, resumeReceives; forceClose. Its callbacks are
 *             on threads that do all the I/O, which must not be kept
 *   Jetty     abort; a thread has to be kept, and there are many
 * </pre>
 *
 * <p>WebSocketFaultTest: .holdsBackAClientThatOutrunsItsHandler, .cutsAClientThatTakesNothing.
 */
final class SessionControl {
  private static final CloseReason ABNORMAL = new CloseReason(CloseCodes.CLOSED_ABNORMALLY, "");

  private final Session session;
  private final Object holder; // has the next two
  private final @Nullable Method hold; // null where a thread has to be kept
  private final @Nullable Method release; // null where hold is

  SessionControl(Session session) {
    this.session = session;
    var channel = find(session, "getWebSocketChannel");
    var found = channel == null ? null : call(session, channel);
    this.holder = found == null ? session : found;
    this.hold = find(holder, found == null ? "suspend" : "suspendReceives");
    this.release = find(holder, found == null ? "resume" : "resumeReceives");
  }

  boolean canHold() {
    return hold != null && release != null;
  }

  /** The client's messages stay where they are, after this one. Within a callback. */
  void hold() {
    if (hold != null) {
      call(holder, hold);
    }
  }

  /** In any thread. */
  void release() {
    if (release != null) {
      call(holder, release);
    }
  }

  /** Ends the connection without a word, if it has not ended. May block for a moment. */
  void cut() {
    for (String name : new String[] {"abort", "forceClose"}) {
      var method = find(session, name);
      if (method != null) {
        call(session, method);
        return;
      }
    }
    var doClose = find(session, "doClose", CloseReason.class, CloseReason.class, boolean.class);
    if (doClose != null) {
      call(session, doClose, ABNORMAL, ABNORMAL, true);
      return;
    }
    try {
      session.close(ABNORMAL);
    } catch (IOException | RuntimeException e) {
      Log.GENERAL.log(Level.DEBUG, "a WebSocket has ended", e);
    }
  }

  private static @Nullable Method find(Object target, String name, Class<?>... types) {
    try {
      return target.getClass().getMethod(name, types);
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private static @Nullable Object call(Object target, Method method, Object... arguments) {
    try {
      return method.invoke(target, arguments);
    } catch (ReflectiveOperationException | RuntimeException e) {
      Log.GENERAL.log(Level.DEBUG, "a WebSocket has ended, or its container is another one", e);
      return null;
    }
  }
}
