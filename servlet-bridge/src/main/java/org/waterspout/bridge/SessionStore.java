// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Where a mount keeps its sessions besides memory, so that they outlive it: {@link
 * FileSessionStore}, or a table, or a cache on the network.
 *
 * <p>Life: {@link #start} once; any number of the others; {@link #stop} once. One mount uses it.
 *
 * <p>A session that is in use is in memory. It is saved when its last request ends, if attributes
 * were set or removed or its id or timeout has changed; within half a minute if it was only
 * accessed; and once more when the mount stops. It is loaded when a client comes with an id that is
 * not in memory. So several processes may share what is behind the stores, each with a mount of its
 * own, as long as the clients of a session stay with one process at a time (Servlet 6.1 section
 * 7.7.2).
 *
 * <p>Called on threads that may block, by several of them at a time, but not by two for the same
 * id. What {@link #load} throws answers the request with 503: going on without the session would
 * lose it for good. What the others throw is logged, and they are called again later.
 */
public interface SessionStore {
  /**
   * Makes ready. What it throws ends the start of the mount.
   *
   * @param contextPath of the mount whose sessions these are: those of others must stay apart
   */
  default void start(String contextPath) throws IOException {}

  /** The session of an id, of which nothing is known but that it looks like one; null if none. */
  @Nullable StoredSession load(String id) throws IOException;

  /** Keeps a session, in the place of what is kept for its id. */
  void save(StoredSession session) throws IOException;

  /** Forgets a session, if it is kept. */
  void delete(String id) throws IOException;

  /**
   * The ids of sessions that have timed out, so that listeners can be told of their end before they
   * are deleted. Empty for a store that lets sessions go by itself: then nobody is told.
   */
  Collection<String> expired(Instant now) throws IOException;

  /** Nothing more comes: all sessions have been saved. */
  default void stop() {}
}
