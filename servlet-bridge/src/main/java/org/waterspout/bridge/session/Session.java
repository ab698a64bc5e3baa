// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.session;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.StoredSession;

/**
 * One session.
 *
 * <p>Life: valid; ending, while its listeners are told and it can still be read; ended. Requests
 * {@link #enter} and {@link #leave} it, and a session that a request is in does not time out.
 */
public final class Session implements HttpSession {
  private enum State {
    VALID,
    ENDING,
    ENDED
  }

  private final Sessions sessions;
  private final long created;
  private final Map<String, Object> attributes = new ConcurrentHashMap<>();
  private volatile String id;
  private volatile State state = State.VALID;
  private volatile boolean isNew = true;
  private volatile int maxInactiveSeconds;
  private volatile long lastAccessed;

  /** Held while it is saved or deleted in its store, and while its id changes. */
  private final ReentrantLock storing = new ReentrantLock();

  /** Whether something has changed since it was last saved. */
  private volatile boolean changed = true;

  /** The access that was last saved; negative if none was. */
  private volatile long savedAccess = -1;

  // Guarded by this; no user code runs under that lock.
  private long thisAccess;
  private long lastUse;
  private int requestsInside;

  Session(Sessions sessions, String id, int maxInactiveSeconds, long now) {
    this.sessions = sessions;
    this.id = id;
    this.maxInactiveSeconds = maxInactiveSeconds;
    created = now;
    lastAccessed = now;
    thisAccess = now;
    lastUse = now;
  }

  /** A session that was in its store. */
  Session(Sessions sessions, StoredSession stored, Map<String, Object> attributes) {
    this.sessions = sessions;
    this.attributes.putAll(attributes);
    id = stored.id();
    maxInactiveSeconds = (int) Math.min(stored.timeout().toSeconds(), Integer.MAX_VALUE);
    created = stored.created().toEpochMilli();
    lastAccessed = stored.lastAccessed().toEpochMilli();
    thisAccess = lastAccessed;
    lastUse = lastAccessed;
    savedAccess = lastAccessed;
    changed = false;
  }

  /** A request joins; false if the session is over. */
  synchronized boolean enter(long now) {
    if (state != State.VALID || isExpired(now)) {
      return false;
    }
    requestsInside++;
    lastAccessed = thisAccess;
    thisAccess = now;
    lastUse = now;
    return true;
  }

  /** A client has sent the id back. */
  void joined() {
    isNew = false;
  }

  /** A request that entered has ended. The last one to do so saves what has changed. */
  public void leave() {
    boolean last;
    synchronized (this) {
      requestsInside--;
      lastUse = sessions.now();
      last = requestsInside == 0;
    }
    if (last && changed) {
      sessions.save(this);
    }
  }

  /** The one caller that gets true has to {@link #end} the session. */
  synchronized boolean beginEnd(boolean onlyIfExpired, long now) {
    if (state != State.VALID || (onlyIfExpired && !isExpired(now))) {
      return false;
    }
    state = State.ENDING;
    return true;
  }

  /**
   * Tells the listeners, then drops the attributes. Exceptions of listeners do not keep it alive.
   */
  void end() {
    try {
      sessions.events().destroyed(this);
    } finally {
      state = State.ENDED;
      dropAttributes();
    }
  }

  /** It goes on elsewhere, or later: nobody is told of an end. */
  void passivated() {
    state = State.ENDED;
    attributes.clear();
  }

  // ---- what its store keeps

  ReentrantLock storing() {
    return storing;
  }

  long created() {
    return created;
  }

  synchronized long thisAccess() {
    return thisAccess;
  }

  /** A copy of all attributes. */
  Map<String, Object> attributes() {
    return new LinkedHashMap<>(attributes);
  }

  /** It is about to be saved: what changes from now on is to be saved again. */
  void saves() {
    changed = false;
    savedAccess = thisAccess();
  }

  /** It is to be saved. */
  void changes() {
    changed = true;
  }

  /** Whether the store does not know what it is now, or when it was last accessed. */
  boolean isUnsaved() {
    return changed || savedAccess != thisAccess();
  }

  private boolean isExpired(long now) {
    return maxInactiveSeconds > 0
        && requestsInside == 0
        && now - lastUse >= maxInactiveSeconds * 1000L;
  }

  private void dropAttributes() {
    for (String name : List.copyOf(attributes.keySet())) {
      Object value = attributes.remove(name);
      if (value != null) {
        sessions.events().removed(this, name, value);
      }
    }
  }

  /** Whether it can be used: neither invalidated nor timed out. */
  public boolean isValid() {
    return state == State.VALID;
  }

  void renamed(String newId) {
    id = newId;
    changed = true;
  }

  @Override
  public long getCreationTime() {
    checkNotEnded("getCreationTime");
    return created;
  }

  @Override
  public String getId() {
    return id;
  }

  @Override
  public long getLastAccessedTime() {
    checkNotEnded("getLastAccessedTime");
    return lastAccessed;
  }

  @Override
  public ServletContext getServletContext() {
    return sessions.context();
  }

  @Override
  public void setMaxInactiveInterval(int seconds) {
    maxInactiveSeconds = seconds;
    changed = true;
  }

  @Override
  public int getMaxInactiveInterval() {
    return maxInactiveSeconds;
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    checkNotEnded("getAttribute");
    return attributes.get(name);
  }

  @Override
  public Enumeration<String> getAttributeNames() {
    checkNotEnded("getAttributeNames");
    return Collections.enumeration(List.copyOf(attributes.keySet()));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the same object again is no new binding
  public void setAttribute(String name, @Nullable Object value) {
    checkNotEnded("setAttribute");
    if (name == null) {
      throw new IllegalArgumentException("an attribute without a name");
    }
    if (value == null) {
      removeAttribute(name);
      return;
    }
    if (attributes.get(name) != value) {
      sessions.events().binding(this, name, value);
    }
    Object old = attributes.put(name, value);
    changed = true;
    if (state == State.ENDED) {
      dropAttributes();
      checkNotEnded("setAttribute");
    }
    sessions.events().set(this, name, value, old);
  }

  @Override
  public void removeAttribute(String name) {
    checkNotEnded("removeAttribute");
    Object old = attributes.remove(name);
    if (old != null) {
      changed = true;
      sessions.events().removed(this, name, old);
    }
  }

  @Override
  public void invalidate() {
    if (!beginEnd(false, 0)) {
      throw new IllegalStateException("invalidate: the session is over");
    }
    sessions.end(this);
  }

  @Override
  public boolean isNew() {
    checkNotEnded("isNew");
    return isNew;
  }

  /** Access from outside of a request, which counts as one. */
  @Override
  public Accessor getAccessor() {
    checkNotEnded("getAccessor");
    return this::access;
  }

  private void access(Consumer<HttpSession> action) {
    if (!enter(sessions.now())) {
      throw new IllegalStateException("access: the session is over");
    }
    try {
      action.accept(this);
    } finally {
      leave();
    }
  }

  private void checkNotEnded(String call) {
    if (state == State.ENDED) {
      throw new IllegalStateException(call + ": the session is over");
    }
  }
}
