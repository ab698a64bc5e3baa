// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.session;

import jakarta.servlet.ServletContext;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/** The sessions of one context. */
public final class Sessions {
  private static final int ID_BYTES = 18;

  private final ServletContext context;
  private final SessionEvents events;
  private final int timeoutSeconds;
  private final LongSupplier clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Session> byId = new ConcurrentHashMap<>();

  /**
   * @param clock milliseconds since 1970
   */
  public Sessions(
      ServletContext context, SessionEvents events, Duration timeout, LongSupplier clock) {
    this.context = context;
    this.events = events;
    this.timeoutSeconds = Math.clamp(timeout.toSeconds(), 0, Integer.MAX_VALUE);
    this.clock = clock;
  }

  /** A new session, which the caller has entered and must leave. */
  public Session create() {
    long now = now();
    var session = new Session(this, newId(), timeoutSeconds, now);
    session.enter(now);
    byId.put(session.getId(), session);
    try {
      events.created(session);
    } catch (RuntimeException | Error e) {
      session.leave();
      throw e;
    }
    return session;
  }

  /** The session of an id that a client sent, entered by the caller, who must leave it; or null. */
  public @Nullable Session join(String id) {
    Session session = byId.get(id);
    if (session == null || !session.enter(now())) {
      return null;
    }
    session.joined();
    return session;
  }

  /** Whether an id names a session that can be used; nobody enters it. */
  public boolean knows(String id) {
    Session session = byId.get(id);
    return session != null && session.isValid();
  }

  /** Gives a session a new id. */
  public void changeId(Session session) {
    String id = newId();
    String old;
    // One at a time, and not while the session begins to end: no id but the last may stay behind.
    synchronized (session) {
      old = session.getId();
      byId.remove(old, session);
      session.renamed(id);
      if (session.isValid()) {
        byId.put(id, session);
      }
    }
    events.idChanged(session, old);
  }

  /** Ends what has timed out. A listener that throws is logged. */
  public void sweep() {
    long now = now();
    for (Session session : byId.values()) {
      if (session.beginEnd(true, now)) {
        endQuietly(session);
      }
    }
  }

  /** Ends all sessions. */
  public void endAll() {
    for (Session session : List.copyOf(byId.values())) {
      if (session.beginEnd(false, 0)) {
        endQuietly(session);
      }
    }
  }

  private void endQuietly(Session session) {
    remove(session);
    try {
      session.end();
    } catch (RuntimeException | Error e) {
      Log.APPLICATION.log(Level.ERROR, "a session listener failed", e);
    }
  }

  void remove(Session session) {
    byId.remove(session.getId(), session);
  }

  long now() {
    return clock.getAsLong();
  }

  ServletContext context() {
    return context;
  }

  SessionEvents events() {
    return events;
  }

  private String newId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
  }
}
