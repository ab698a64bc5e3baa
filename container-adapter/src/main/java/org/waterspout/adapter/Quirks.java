// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import java.util.EnumSet;
import java.util.Set;
import org.waterspout.adapter.exchange.Deployment;
import org.waterspout.http.Capability;

/**
 * What containers do differently. The one table: a container that is measured gets an entry here,
 * and each entry names the test that shows what it claims.
 *
 * @param container name and version as users say them, "Jetty 12.1.12"
 * @param measured whether our tests run in it
 * @param cut how an answer is cut so that the client notices
 * @param async what an exchange in async mode can do
 */
record Quirks(String container, boolean measured, Cut cut, Deployment async) {

  /** How a container is made to drop a connection in the middle of an answer. */
  enum Cut {
    /**
     * {@code sendError(-1)} drops the connection at once, committed or not, and completes the
     * exchange without telling the AsyncListener. Jetty 12.1: ServletAdapterFaultTest
     * .cutsChunkedAnswer, .cutsAnswerBeforeHeaders.
     */
    SEND_ERROR_MINUS_ONE,
    /**
     * The servlet throws from an async dispatch; once the answer is committed, a container can only
     * drop the connection then. ServletAdapterFaultTest.cutsByThrowingFromDispatch.
     */
    THROW_FROM_DISPATCH
  }

  private static final EnumSet<Capability> SERVLET_ASYNC =
      EnumSet.of(
          Capability.STREAMING_REQUEST_BODY,
          Capability.STREAMING_RESPONSE,
          Capability.LONG_POLLING,
          Capability.PER_REQUEST_LIMITS);

  /** The entry for a container, by what it says in {@code ServletContext.getServerInfo}. */
  static Quirks of(String serverInfo) {
    // Streams may be used from the loop's thread on ordinary requests (all containers tried), so no
    // entry differs in that yet.
    if (serverInfo.startsWith("jetty/12.1.")) {
      var all = EnumSet.copyOf(SERVLET_ASYNC);
      all.add(Capability.ABORT);
      all.add(Capability.REQUEST_TRAILERS); // StreamingTest.deliversTrailers
      return of("Jetty " + version(serverInfo), true, Cut.SEND_ERROR_MINUS_ONE, all);
    }
    return of(name(serverInfo), false, Cut.THROW_FROM_DISPATCH, SERVLET_ASYNC);
  }

  private static Quirks of(String container, boolean measured, Cut cut, Set<Capability> async) {
    return new Quirks(
        container, measured, cut, new Deployment(container + " (servlet, async)", async));
  }

  /** "jetty/12.1.12" and "Apache Tomcat/11.0.14 (build 1)" give the number. */
  private static String version(String serverInfo) {
    String rest = serverInfo.substring(serverInfo.indexOf('/') + 1);
    int space = rest.indexOf(' ');
    return space < 0 ? rest : rest.substring(0, space);
  }

  private static String name(String serverInfo) {
    int slash = serverInfo.indexOf('/');
    if (slash < 0) {
      return serverInfo;
    }
    String name = serverInfo.substring(0, slash).replace("Apache ", "");
    return (name.equals("jetty") ? "Jetty" : name) + " " + version(serverInfo);
  }
}
