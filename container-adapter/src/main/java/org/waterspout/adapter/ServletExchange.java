// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.Exchange;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.ioloop.LoopFuture;

/**
 * The servlet request behind a request to a handler: the container's session, who has logged in
 * there, what filters have left.
 *
 * <pre>{@code
 * HttpSession session = await(ServletExchange.of(request()).session(true));
 * session.setAttribute("visits", visits + 1);
 * }</pre>
 *
 * <p>Everything is called on the loop of the request. It is done at once, or, in sync mode, by the
 * container's thread as soon as that neither reads nor writes. When the exchange is over the
 * futures fail with IllegalStateException, since the request may be another one's then.
 */
public final class ServletExchange {
  /** What lets a carrier's request be touched. */
  interface Access {
    /** Calls the function while the request is this exchange's, or fails the future. */
    <T> void access(Function<HttpServletRequest, @Nullable T> function, LoopFuture<T> result);
  }

  private final Exchange exchange;
  private final Access access;

  private ServletExchange(Exchange exchange, Access access) {
    this.exchange = exchange;
    this.access = access;
  }

  /**
   * That of a request.
   *
   * @throws IllegalStateException if the request has not come by a servlet adapter
   */
  public static ServletExchange of(HTTPServerRequest request) {
    if (request.connection() instanceof Exchange exchange
        && exchange.carrier() instanceof Access access) {
      return new ServletExchange(exchange, access);
    }
    throw new IllegalStateException(
        "not behind a servlet adapter: " + request.connection().deployment());
  }

  /**
   * The container's session of the client.
   *
   * @param create whether one is made if there is none, which sends a cookie and so must come
   *     before the headers of the answer have been sent
   * @return completes with null if there is none and none was made
   */
  public LoopFuture<HttpSession> session(boolean create) {
    return call(request -> request.getSession(create));
  }

  /** Who has logged in at the container; completes with null if nobody has. */
  public LoopFuture<Principal> principal() {
    return call(HttpServletRequest::getUserPrincipal);
  }

  /** Whether who has logged in at the container has this role. */
  public LoopFuture<Boolean> isUserInRole(String role) {
    return call(request -> request.isUserInRole(role));
  }

  /** An attribute that the container or a filter has set; completes with null if there is none. */
  public LoopFuture<Object> attribute(String name) {
    return call(request -> request.getAttribute(name));
  }

  /**
   * Anything else. The function must not block, must not touch the streams, nor start async, nor
   * keep the request.
   */
  public <T> LoopFuture<T> call(Function<HttpServletRequest, @Nullable T> function) {
    Objects.requireNonNull(function, "function");
    exchange.loop().checkOnLoop("ServletExchange.call");
    var result = new LoopFuture<T>(exchange.loop());
    access.access(function, result);
    return result;
  }

  static IllegalStateException over() {
    return new IllegalStateException("the exchange is over: its servlet request is gone");
  }
}
