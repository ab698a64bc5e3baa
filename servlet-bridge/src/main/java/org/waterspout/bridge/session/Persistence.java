// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.session;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.SessionStore;
import org.waterspout.bridge.StoredSession;
import org.waterspout.log.Log;

/**
 * How sessions get into their store and back. Whoever stores something of a session holds its
 * {@link Session#storing} lock; so nothing is saved that has just been deleted. Safe for all
 * threads.
 */
final class Persistence {
  /** A session that was loaded. */
  record Restored(StoredSession session, Map<String, Object> attributes) {}

  private final SessionStore store;
  private final SessionEvents events;
  private final SessionBytes bytes;
  private final Seldom notSaved = new Seldom("a session is not saved: {0}");
  private final Seldom notDeleted = new Seldom("a session that is over is not deleted: {0}");
  private volatile boolean started;

  /** What is to be deleted and could not be: over, whatever the store says. */
  private final Set<String> undeleted = ConcurrentHashMap.newKeySet();

  Persistence(SessionStore store, SessionEvents events, ClassLoader loader) {
    this.store = store;
    this.events = events;
    this.bytes = new SessionBytes(loader);
  }

  void start(String contextPath) throws IOException {
    store.start(contextPath);
    started = true;
  }

  /** Does nothing if the start has failed. */
  void stop() {
    try {
      if (started) {
        started = false;
        store.stop();
      }
    } catch (RuntimeException e) {
      Log.GENERAL.log(Level.WARNING, "the session store failed to stop", e);
    }
  }

  /** Saves a session unless it is over; if that fails, it is still to be saved. */
  void save(Session session) {
    session.storing().lock();
    try {
      if (session.isValid()) {
        write(session, true);
      }
    } finally {
      session.storing().unlock();
    }
  }

  /** Saves a session for the time after this process; it ends here. */
  void passivate(Session session) {
    session.storing().lock();
    try {
      if (session.isValid()) {
        write(session, false);
        session.passivated();
      }
    } finally {
      session.storing().unlock();
    }
  }

  private void write(Session session, boolean goesOn) {
    session.saves();
    try {
      byte[] attributes = serialise(session, goesOn);
      if (session.isValid()) { // a listener may have ended it
        store.save(stored(session, attributes));
      }
    } catch (IOException | RuntimeException | Error e) { // of one, which is nothing to the others
      session.changes();
      notSaved.warn(e);
    }
  }

  private byte[] serialise(Session session, boolean goesOn) throws IOException {
    Map<String, Object> attributes = session.attributes();
    events.passivating(session, attributes.values());
    try {
      return bytes.write(attributes);
    } finally {
      if (goesOn) {
        events.activated(session, attributes.values());
      }
    }
  }

  private static StoredSession stored(Session session, byte[] attributes) {
    return new StoredSession(
        session.getId(),
        Instant.ofEpochMilli(session.created()),
        Instant.ofEpochMilli(session.thisAccess()),
        Duration.ofSeconds(Math.max(0, session.getMaxInactiveInterval())),
        attributes);
  }

  /**
   * A session that is not in memory; null if there is none, or none that could be read.
   *
   * @throws IOException if the store fails
   */
  @Nullable Restored load(String id) throws IOException {
    if (undeleted.contains(id)) {
      return null;
    }
    StoredSession stored;
    try {
      stored = store.load(id);
    } catch (RuntimeException | OutOfMemoryError e) {
      throw new IOException("the session store failed", e);
    }
    if (stored == null || !stored.id().equals(id)) {
      return null;
    }
    try {
      return new Restored(stored, bytes.read(stored.attributes()));
    } catch (OutOfMemoryError e) {
      throw new IOException("there is no room for a session", e);
    } catch (IOException | ClassNotFoundException | RuntimeException | Error e) {
      Log.GENERAL.log(
          Level.WARNING, "a session is lost, it cannot be read: {0}", Log.cleaned(e).toString());
      delete(id);
      return null;
    }
  }

  /** Deletes a session; if that fails, {@link #deleteAgain} does. */
  void delete(String id) {
    try {
      store.delete(id);
      undeleted.remove(id);
    } catch (IOException | RuntimeException e) {
      undeleted.add(id);
      notDeleted.warn(e);
    }
  }

  /** Deletes what could not be deleted. */
  void deleteAgain() {
    undeleted.forEach(this::delete);
  }

  /** What has timed out in the store. */
  Collection<String> expired(long now) {
    try {
      return store.expired(Instant.ofEpochMilli(now));
    } catch (IOException | RuntimeException e) {
      Log.GENERAL.log(Level.WARNING, "the session store failed: {0}", Log.cleaned(e).toString());
      return List.of();
    }
  }
}
