// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.session;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.SessionStore;
import org.waterspout.log.Log;

/**
 * The sessions of one context: those in use are in memory; a store, if there is one, has them too.
 *
 * <p>Ids are 144 random bits, and only those count that were given out here. They are looked up by
 * their hash, so that the time it takes says nothing of how nearly one was guessed.
 */
public final class Sessions {
  private static final int ID_BYTES = 18;
  private static final int ID_LENGTH = 24;
  private static final int LOCKS = 64;

  private final ServletContext context;
  private final SessionEvents events;
  private final int timeoutSeconds;
  private final LongSupplier clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Session> byId = new ConcurrentHashMap<>();

  /** Each for the ids of one hash: a session is loaded by one thread. */
  private final List<ReentrantLock> loading =
      Stream.generate(ReentrantLock::new).limit(LOCKS).toList();

  /** Null if sessions are in memory only. */
  private final @Nullable Persistence persistence;

  /** Sessions in memory only, and in the store unless that is null. */
  public Sessions(
      ServletContext context,
      SessionEvents events,
      Duration timeout,
      LongSupplier clock,
      @Nullable SessionStore store,
      ClassLoader loader) {
    this.context = context;
    this.events = events;
    this.timeoutSeconds = Math.clamp(timeout.toSeconds(), 0, Integer.MAX_VALUE);
    this.clock = clock;
    this.persistence = store == null ? null : new Persistence(store, events, loader);
  }

  /**
   * Opens the store.
   *
   * @throws IOException if that fails
   */
  public void start(String contextPath) throws IOException {
    if (persistence != null) {
      persistence.start(contextPath);
    }
  }

  /** A new session, which the caller has entered and must leave. */
  public Session create() {
    return create(null);
  }

  /**
   * As {@link #create()}.
   *
   * @param id one of ours, by preference; null for any, which it gets too if it is taken
   */
  public Session create(@Nullable String id) {
    long now = now();
    var session = new Session(this, id == null ? newId() : id, timeoutSeconds, now);
    session.enter(now);
    while (byId.putIfAbsent(session.getId(), session) != null) {
      session.renamed(newId());
    }
    try {
      events.created(session);
    } catch (RuntimeException | Error e) {
      session.leave();
      throw e;
    }
    return session;
  }

  /**
   * The session of an id that a client sent, entered by the caller, who must leave it; or null.
   *
   * @throws IOException if the store fails
   */
  public @Nullable Session join(String id) throws IOException {
    Session session = byId.get(id);
    if (session == null) {
      session = restore(id);
    }
    if (session == null || !session.enter(now())) {
      return null;
    }
    session.joined();
    return session;
  }

  /** The session of an id, from the store; null if it is not there. */
  private @Nullable Session restore(String id) throws IOException {
    if (persistence == null || !isId(id)) {
      return null;
    }
    ReentrantLock lock = loading.get(Math.floorMod(id.hashCode(), LOCKS));
    lock.lock();
    try {
      Session known = byId.get(id);
      if (known != null) {
        return known;
      }
      Persistence.Restored restored = persistence.load(id);
      if (restored == null) {
        return null;
      }
      var session = new Session(this, restored.session(), restored.attributes());
      activate(session, restored.attributes().values());
      byId.put(id, session);
      return session;
    } finally {
      lock.unlock();
    }
  }

  /** Attributes that fail when they are told keep nobody from the session. */
  private void activate(Session session, Collection<Object> values) {
    try {
      events.activated(session, values);
    } catch (RuntimeException | Error e) {
      Log.APPLICATION.log(Level.ERROR, "an attribute of a session failed", Log.cleaned(e));
    }
  }

  private static boolean isId(String id) {
    return id.length() == ID_LENGTH
        && id.chars()
            .allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || c == '-' || c == '_'));
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
    session.storing().lock();
    try {
      old = session.getId();
      if (persistence != null) {
        persistence.delete(old); // before the id goes, for it would be found there again
      }
      rename(session, old, id);
    } finally {
      session.storing().unlock();
    }
    events.idChanged(session, old);
  }

  private void rename(Session session, String old, String id) {
    // Not while the session begins to end: no id but the last may stay behind.
    synchronized (session) {
      byId.remove(old, session);
      session.renamed(id);
      if (session.isValid()) {
        byId.put(id, session);
      }
    }
  }

  /** Saves a session, if there is a store. */
  void save(Session session) {
    if (persistence != null) {
      persistence.save(session);
    }
  }

  /**
   * Ends what has timed out, here and in the store, and saves what is not yet. A listener that
   * throws is logged.
   */
  public void sweep() {
    long now = now();
    for (Session session : byId.values()) {
      if (session.beginEnd(true, now)) {
        endQuietly(session);
      } else if (persistence != null && session.isUnsaved()) {
        persistence.save(session);
      }
    }
    if (persistence != null) {
      persistence.deleteAgain();
      persistence.expired(now).forEach(id -> endExpired(id, now));
    }
  }

  /** What turns out to be in use, or not to have timed out, stays. */
  private void endExpired(String id, long now) {
    if (byId.containsKey(id)) {
      return;
    }
    try {
      Session session = restore(id);
      if (session == null) {
        return;
      }
      if (session.beginEnd(true, now)) {
        endQuietly(session);
      } else {
        save(session);
      }
    } catch (IOException | RuntimeException e) {
      Log.GENERAL.log(
          Level.WARNING, "a session that is over stays: {0}", Log.cleaned(e).toString());
    }
  }

  /** Nothing more comes: the store has all sessions, or without one they end. */
  public void stop() {
    if (persistence == null) {
      endAll();
      return;
    }
    for (Session session : List.copyOf(byId.values())) {
      persistence.passivate(session);
    }
    byId.clear();
    persistence.stop();
  }

  private void endAll() {
    for (Session session : List.copyOf(byId.values())) {
      if (session.beginEnd(false, 0)) {
        endQuietly(session);
      }
    }
  }

  private void endQuietly(Session session) {
    try {
      end(session);
    } catch (RuntimeException | Error e) {
      Log.APPLICATION.log(Level.ERROR, "a session listener failed", e);
    }
  }

  /** Ends a session of which {@link Session#beginEnd} has been called. */
  void end(Session session) {
    try {
      session.end();
    } finally {
      forget(session);
    }
  }

  /** It goes from memory last: what is there is not looked for in the store. */
  private void forget(Session session) {
    session.storing().lock();
    try {
      if (persistence != null) {
        persistence.delete(session.getId());
      }
      byId.remove(session.getId(), session);
    } finally {
      session.storing().unlock();
    }
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
