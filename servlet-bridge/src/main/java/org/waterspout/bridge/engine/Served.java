// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import org.waterspout.bridge.mapping.RequestTarget;
import org.waterspout.bridge.mapping.SuspiciousPathException;
import org.waterspout.http.HTTPServerConnectionDelegate;

/** What answers under a prefix: an application, or the word that there is none. */
public sealed interface Served extends HTTPServerConnectionDelegate permits WebApp, FailedApp {
  /** The mount prefix. */
  String prefix();

  /** As {@link org.waterspout.routing.Mount#canonicalPath} says. */
  default String canonicalPath(String path) {
    if (path.isEmpty()) {
      return path; // of CONNECT, which names no path
    }
    try {
      return RequestTarget.parse(path, prefix()).canonicalPath(prefix());
    } catch (SuspiciousPathException e) {
      throw Exchange.refused(e);
    }
  }

  /** As {@link org.waterspout.routing.Mount#stop} says. */
  void stop();
}
