// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import org.waterspout.http.Capability;
import org.waterspout.http.HTTPServerConnectionDelegate;

/**
 * Hands a request to something else, such as servlets, when a handler has had its say: override
 * {@link #prepare} and answer there, or call it at its end. Where nothing has to be said, a rule
 * with the delegate as its target, or {@code mount}, does the same without a handler.
 *
 * <pre>{@code
 * class ForStaff extends FallbackHandler {
 *   ForStaff() {
 *     super(legacy);
 *   }
 *
 *   @Override
 *   protected void prepare() throws Exception {
 *     if (!isStaff(getCookie("session"))) {
 *       throw new HTTPError(403);
 *     }
 *     super.prepare();
 *   }
 * }
 * }</pre>
 *
 * <p>It takes all methods. The delegate gets the request as it was sent, its body while it arrives,
 * and makes the whole answer: headers and cookies that the handler has set are not sent, and the
 * application's access log is not written. {@link #onFinish} is called as soon as the delegate has
 * the request. What the delegate refuses is answered as if it stood there without a handler.
 *
 * <p>Routes match the path as it was sent, while servlets get it decoded and in its shortest form:
 * {@code /legacy/%61dmin} and {@code /legacy/x/../admin} are their {@code /admin} too. A request is
 * given to a {@code Mount} only if its {@linkplain org.waterspout.routing.Mount#canonicalPath
 * canonical path} would have come to this handler's route too, and is answered with 400 otherwise;
 * so a route in front of this one keeps what it guards. A handler that looks at the path by itself
 * asks {@code legacy.canonicalPath(request().path())}. Any other delegate gets all paths as they
 * are.
 *
 * <p>A {@code Mount} is started and stopped by whoever gives it here, unless the application knows
 * it by {@code mount} as well.
 */
@StreamRequestBody
@Prefers(Capability.STREAMING_REQUEST_BODY)
public class FallbackHandler extends RequestHandler {
  private final HTTPServerConnectionDelegate delegate;

  /** Hands requests to this delegate. */
  public FallbackHandler(HTTPServerConnectionDelegate delegate) {
    this.delegate = delegate;
  }

  /** Hands the request over. Nothing may have been sent. */
  @Override
  protected void prepare() throws Exception {
    execution("FallbackHandler.prepare").handOver(delegate);
  }

  /**
   * Does nothing: forms of the delegate know nothing of our tokens, and keeping out what other
   * sites have made is its own matter. A subclass that acts on forms by itself calls {@link
   * #requireXsrfToken}.
   */
  @Override
  protected void checkXsrfCookie() {}

  /** Never called once the request is handed over. */
  @Override
  protected final void dataReceived(byte[] chunk) {}

  @Override
  final boolean takes(String method) {
    return true;
  }
}
