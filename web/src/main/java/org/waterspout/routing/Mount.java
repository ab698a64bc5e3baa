// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import org.waterspout.http.HTTPServerConnectionDelegate;

/**
 * Something with a life of its own that answers all requests under a path prefix, such as a servlet
 * container.
 *
 * <p>Life: {@link #start} once, requests, {@link #stop} once. It gets the requests whose undecoded
 * path is the prefix or continues it with a slash, and sees the target as it was sent, prefix
 * included. Of a path with several spellings, {@link #canonicalPath} is the one that counts.
 */
public interface Mount extends HTTPServerConnectionDelegate {
  /**
   * Makes ready to serve under a prefix. Called before the first request, never on the loop; it may
   * block.
   *
   * @param prefix empty, or a path that begins with a slash and does not end with one: {@code
   *     /legacy}
   */
  void start(String prefix) throws Exception;

  /**
   * Ends what {@link #start} began. Called after the last request has begun, never on the loop; it
   * may block until running requests have ended.
   */
  void stop();

  /**
   * The path by which it tells requests apart, in the one spelling that routes in front of it are
   * written for. The servlets of a mount at {@code /legacy} see {@code /admin} for {@code
   * /legacy/%61dmin} and for {@code /legacy//admin;x=y}: of all these, that is {@code
   * /legacy/admin}. In it, only those characters are percent-encoded that cannot stand in a path
   * (RFC 3986 section 3.3), and semicolons that are part of a name.
   *
   * <p>An {@code Application} gives a request to a mount only if its rules lead this path there as
   * well, and refuses it with 400 otherwise. So a rule in front of a part of a mount cannot be
   * passed by another spelling, and a spelling that no rule is about needs no refusal. Called on
   * the loop for each request, and from handlers that look at the path themselves.
   *
   * @param path as it was sent, undecoded, prefix included
   * @return the path itself, for mounts that go by it as it was sent
   * @throws org.waterspout.http.HTTPInputException if the path is to be refused anyway
   */
  default String canonicalPath(String path) {
    return path;
  }
}
