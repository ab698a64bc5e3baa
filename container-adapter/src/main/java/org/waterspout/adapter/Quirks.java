// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.waterspout.adapter.exchange.Deployment;
import org.waterspout.http.Capability;

/**
 * What containers do differently. The one table: a container that is measured gets an entry here,
 * and each entry names the test that shows what it claims.
 *
 * <p>What needs nothing of us: a worker thread that Undertow 2.3.26 (by XNIO 3.8.16, as 2.4.4)
 * starts while a task of a web application runs keeps that one's class loader, as its context class
 * loader, when the web application has gone. WebApplicationTest
 * .leavesNoThreadAndNoClassLoaderBehindInUndertow takes it from them, and sees nothing else stay.
 *
 * @param container name and version as users say them, "Jetty 12.1.12"
 * @param measured whether our tests run in it
 * @param cut how an answer is cut so that the client notices
 * @param closesOnReadError whether the container has closed the connection already when it tells
 *     that a body cannot be read, so that no answer is possible. Undertow 2.3:
 *     ServletAdapterFaultTest.forgetsAnExchangeWhoseClientIsGone
 * @param async what an exchange in async mode can do
 * @param sync what one can do that keeps a thread of the container
 */
record Quirks(
    String container,
    boolean measured,
    Cut cut,
    boolean closesOnReadError,
    Deployment async,
    Deployment sync) {

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
     * drop the connection then. Tomcat 11: ServletAdapterFaultTest.cutsChunkedAnswer.
     */
    THROW_FROM_DISPATCH,
    /**
     * Nothing in the servlet API cuts: what throws in the container ends the answer in order, and
     * trailers that cannot be had leave the client waiting. The connection is found and closed by
     * reflection. Undertow 2.3: ServletAdapterFaultTest.cutsChunkedAnswer.
     */
    CLOSE_CONNECTION,
    /**
     * In a filter, whose mapping may leave out async dispatches: the exchange is completed, and
     * trailers that cannot be had keep a chunked answer from ending. One shorter than announced the
     * client notices only when the container closes the idle connection. Tomcat 11:
     * FilterTest.cutsChunkedAnswer.
     */
    COMPLETE
  }

  private static final EnumSet<Capability> SERVLET_ASYNC =
      EnumSet.of(
          Capability.STREAMING_REQUEST_BODY,
          Capability.STREAMING_RESPONSE,
          Capability.LONG_POLLING,
          Capability.PER_REQUEST_LIMITS);

  /** StreamingTest.deliversTrailers, .sendsTrailers; what cuts: ServletAdapterFaultTest. */
  private static final EnumSet<Capability> MEASURED = EnumSet.copyOf(SERVLET_ASYNC);

  static {
    MEASURED.add(Capability.ABORT);
    MEASURED.add(Capability.REQUEST_TRAILERS);
    MEASURED.add(Capability.RESPONSE_TRAILERS);
  }

  private static final Pattern NAME_AND_VERSION =
      Pattern.compile("(?:Apache )?([^/ ]+)(?:/| - )([^ ]+).*");

  /** The entry for a container, by what it says in {@code ServletContext.getServerInfo}. */
  static Quirks of(String serverInfo) {
    // Streams may be used from the loop's thread on ordinary requests (all containers tried), so no
    // entry differs in that yet.
    String container = name(serverInfo);
    if (container.startsWith("Jetty 12.1.")) {
      return of(container, true, Cut.SEND_ERROR_MINUS_ONE, MEASURED);
    } else if (container.startsWith("Tomcat 11.0.") || container.startsWith("Tomcat 10.1.")) {
      // Of request trailers it delivers those that the connector's allowedTrailerHeaders names.
      var all = EnumSet.copyOf(MEASURED);
      all.remove(Capability.REQUEST_TRAILERS);
      return of(container, true, Cut.THROW_FROM_DISPATCH, all);
    } else if (container.startsWith("Undertow 2.3.") || container.startsWith("Undertow 2.4.")) {
      return of(container, true, Cut.CLOSE_CONNECTION, MEASURED);
    }
    return of(container, false, Cut.THROW_FROM_DISPATCH, SERVLET_ASYNC);
  }

  private static Quirks of(String container, boolean measured, Cut cut, Set<Capability> async) {
    var sync = EnumSet.copyOf(async);
    sync.remove(Capability.LONG_POLLING);
    return new Quirks(
        container,
        measured,
        cut,
        cut == Cut.CLOSE_CONNECTION, // both are Undertow's
        new Deployment(container + " (servlet, async)", async),
        new Deployment(container + " (servlet, sync)", sync));
  }

  /**
   * Whether a thread of the container waits for a client that does not take its answer, once that
   * is completed, for as long as it pleases the client. Undertow 2.3, unless WRITE_TIMEOUT is set:
   * SmallAnswersTest.aClientThatTakesNoneOfManyIsCutInUndertow.
   */
  boolean waitsForClients() {
    return cut == Cut.CLOSE_CONNECTION; // both are Undertow's
  }

  /**
   * Whether what is completed is written by the thread that completes it, which had better not be
   * the loop. Jetty 12.1: SmallAnswersTest.areCompletedByAThreadOfTheContainer.
   */
  boolean writesWhereCompleted() {
    return cut == Cut.SEND_ERROR_MINUS_ONE; // both are Jetty's
  }

  /** The same in a filter. */
  Quirks inFilter() {
    return cut == Cut.THROW_FROM_DISPATCH
        ? new Quirks(container, measured, Cut.COMPLETE, closesOnReadError, async, sync)
        : this;
  }

  /** The same container with more than its servlets can: what it has of WebSockets. */
  Quirks with(Set<Capability> further) {
    return new Quirks(
        container, measured, cut, closesOnReadError, async.with(further), sync.with(further));
  }

  /** "jetty/12.1.12", "Apache Tomcat/11.0.14" and "Undertow - 2.3.18.Final", as users say it. */
  private static String name(String serverInfo) {
    var matcher = NAME_AND_VERSION.matcher(serverInfo);
    if (!matcher.matches()) {
      return serverInfo;
    }
    String name = matcher.group(1);
    return (name.equals("jetty") ? "Jetty" : name) + " " + matcher.group(2);
  }
}
