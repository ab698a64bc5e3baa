// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.util.Set;
import org.waterspout.http.Capability;

/** A running server with an application in it. */
interface Deployment extends AutoCloseable {
  int port();

  /** Where in the server the application is; empty at the root. */
  default String contextPath() {
    return "";
  }

  /** What messages call it, up to the patch version: {@code Jetty 12.1}. */
  String name();

  /** Its column of the page of deployment modes: {@code tomcat-11}. */
  String column();

  /** Whether it is a filter: what is no route's is answered by a servlet behind, "legacy". */
  default boolean isFilter() {
    return false;
  }

  /** What it is expected to offer. */
  Set<Capability> capabilities();

  /** Closing what is returned fails unless a line like this was logged meanwhile. */
  AutoCloseable expectLog(String regex);
}
