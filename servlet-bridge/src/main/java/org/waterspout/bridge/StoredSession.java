// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A session as a {@link SessionStore} keeps it. Times are exact to the millisecond.
 *
 * @param lastAccessed when its latest request has come
 * @param timeout how long it lives without one; zero for ever
 * @param attributes serialised: to be given back as they are; nobody changes the array
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record StoredSession(
    String id, Instant created, Instant lastAccessed, Duration timeout, byte[] attributes) {
  public StoredSession {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(lastAccessed, "lastAccessed");
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(attributes, "attributes");
  }

  /** When it times out if nobody comes; {@link Instant#MAX} for never. */
  public Instant expires() {
    return timeout.isPositive() ? lastAccessed.plus(timeout) : Instant.MAX;
  }

  /** The id only in part: who knows it has the session. */
  @Override
  public String toString() {
    return "StoredSession(" + id.substring(0, Math.min(4, id.length())) + "...)";
  }
}
