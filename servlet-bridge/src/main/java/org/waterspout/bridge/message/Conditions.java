// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a GET or HEAD asks of the content that it would get, RFC 9110 section 13.2.2. Dates that
 * cannot be read are ignored. Pure.
 */
public enum Conditions {
  /** The content is sent. */
  MET,
  /** The client has it: 304. */
  NOT_MODIFIED,
  /** The client wants it only as it was: 412. */
  FAILED;

  /**
   * Judges conditions.
   *
   * @param headers by name; of a field that comes several times the values, joined by commas
   * @param tag of the content
   * @param modified when it was last changed, in milliseconds since 1970
   */
  public static Conditions of(
      Function<String, @Nullable String> headers, String tag, long modified) {
    String match = headers.apply("If-Match");
    if (match != null && !EntityTags.contains(match, tag, true)) {
      return FAILED;
    }
    Long unmodifiedSince = date(headers.apply("If-Unmodified-Since"));
    if (match == null && unmodifiedSince != null && seconds(modified) > seconds(unmodifiedSince)) {
      return FAILED;
    }
    String noneMatch = headers.apply("If-None-Match");
    if (noneMatch != null) {
      return EntityTags.contains(noneMatch, tag, false) ? NOT_MODIFIED : MET;
    }
    Long modifiedSince = date(headers.apply("If-Modified-Since"));
    boolean known = modifiedSince != null && seconds(modified) <= seconds(modifiedSince);
    return known ? NOT_MODIFIED : MET;
  }

  /** Whether a part may be sent, section 13.1.5: the content is what the client has parts of. */
  public static boolean isSame(@Nullable String ifRange, String tag, long modified) {
    if (ifRange == null) {
      return true;
    }
    if (ifRange.startsWith("\"") || EntityTags.isWeak(ifRange)) {
      return EntityTags.contains(ifRange, tag, true);
    }
    Long date = date(ifRange);
    return date != null && seconds(date) == seconds(modified) && !EntityTags.isWeak(tag);
  }

  private static @Nullable Long date(@Nullable String value) {
    try {
      return value == null ? null : HTTPDates.parse(value);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** HTTP's dates have no fractions. */
  private static long seconds(long millis) {
    return Math.floorDiv(millis, 1000L);
  }
}
