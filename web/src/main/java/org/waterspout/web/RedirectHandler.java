// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.function.Supplier;

/**
 * Sends the client to another URL, with its query: {@code url("/photos/(.*)",
 * RedirectHandler.to("/pictures/{0}"))}. Answers GET and HEAD.
 *
 * <p>Where the URL has {@code {0}} or {@code {name}}, what that group of the route's pattern has
 * matched stands in the answer, percent-encoded as it has to be there. The URL is either a path of
 * this application, below its context path, or has a host of its own, {@code
 * https://example.org/{0}}. What a client sends never changes the host: where it would ({@code
 * //evil.example}), the answer is 404.
 */
public class RedirectHandler extends RequestHandler {
  private final RedirectTemplate template;
  private final int status;

  /** Sends the client there for good: 301. See {@link #to(String)}. */
  public RedirectHandler(String url) {
    this(url, true);
  }

  /**
   * Sends the client there. For subclasses: what makes one for each request reads the URL for each;
   * {@link #to(String, boolean)} does so once.
   *
   * @param permanent whether for good (301) or just now (302)
   * @throws IllegalArgumentException if the URL is neither a path nor one of http or https with its
   *     host
   */
  public RedirectHandler(String url, boolean permanent) {
    this(new RedirectTemplate(url), permanent);
  }

  private RedirectHandler(RedirectTemplate template, boolean permanent) {
    this.template = template;
    this.status = permanent ? 301 : 302;
  }

  /** Handlers that send the client there for good: 301. */
  public static Supplier<RedirectHandler> to(String url) {
    return to(url, true);
  }

  /**
   * Handlers that send the client there. The URL is read at once, so that a wrong one keeps the
   * program from starting.
   *
   * @param permanent whether for good (301) or just now (302)
   * @throws IllegalArgumentException if the URL is neither a path nor one of http or https with its
   *     host
   */
  public static Supplier<RedirectHandler> to(String url, boolean permanent) {
    var template = new RedirectTemplate(url);
    return () -> new RedirectHandler(template, permanent);
  }

  @Override
  protected void get() {
    String url = template.fill(execution("RedirectHandler.get").encodedArguments());
    if (template.isPath()) {
      if (!Locations.isPath(url)) {
        throw new HTTPError(404, "A redirect to another host: " + url);
      }
      url = request().connection().contextPath() + url;
    }
    redirect(Locations.withQuery(url, request().query()), status);
  }

  @Override
  protected void head() {
    get();
  }
}
