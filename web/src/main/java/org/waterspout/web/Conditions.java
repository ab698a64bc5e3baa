// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPUtil;

/**
 * What a GET or HEAD asks of the answer that it would get, RFC 9110 section 13.2.2. What cannot be
 * judged is ignored: a condition on tags of an answer without one, a date that is malformed. Pure.
 */
enum Conditions {
  /** The answer is sent. */
  MET,
  /** The client has it: 304. */
  NOT_MODIFIED,
  /** The client wants it only as it was: 412. */
  FAILED;

  /**
   * Judges the conditions of a request in the order of the RFC.
   *
   * @param etag of the answer; null if it has none
   * @param modified when it was last changed; null if that is not known
   */
  static Conditions of(HTTPHeaders request, @Nullable String etag, @Nullable Instant modified) {
    String match = request.get("If-Match");
    if (match != null && etag != null) {
      if (!EntityTag.matchesStrongly(match, etag)) {
        return FAILED;
      }
    } else if (match == null
        && modified != null
        && isAfter(modified, request.get("If-Unmodified-Since"))) {
      return FAILED;
    }
    String noneMatch = request.get("If-None-Match");
    if (noneMatch != null) {
      boolean has =
          etag == null ? EntityTag.isAny(noneMatch) : EntityTag.matchesWeakly(noneMatch, etag);
      return has ? NOT_MODIFIED : MET;
    }
    boolean known = modified != null && isUpTo(modified, request.get("If-Modified-Since"));
    return known ? NOT_MODIFIED : MET;
  }

  private static boolean isAfter(Instant modified, @Nullable String date) {
    var since = date == null ? null : HTTPUtil.parseTimestamp(date);
    return since != null && wholeSeconds(modified).isAfter(since);
  }

  private static boolean isUpTo(Instant modified, @Nullable String date) {
    var since = date == null ? null : HTTPUtil.parseTimestamp(date);
    return since != null && !wholeSeconds(modified).isAfter(since);
  }

  /** HTTP's dates have no fractions. */
  private static Instant wholeSeconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }
}
