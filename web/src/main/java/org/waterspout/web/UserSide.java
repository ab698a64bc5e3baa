// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.log.Log;
import org.waterspout.text.Shown;

/** What a handler knows of its user. Its users see all this as methods of RequestHandler. */
abstract sealed class UserSide extends ResponseSide permits RequestHandler {
  private static final Duration XSRF_MAX_AGE = Duration.ofDays(30);

  private @Nullable Object currentUser;
  private boolean userKnown; // or known to be nobody
  private @Nullable String xsrfToken; // null until it is asked for

  // ---- signed cookies

  /**
   * Sets a cookie that nobody else can make, for 30 days, with {@link CookieAttributes#SIGNED}. The
   * user can read it, and so can everybody who gets hold of it.
   *
   * @throws IllegalStateException if the setting {@code cookieSecret} is not there, or the headers
   *     have been sent
   */
  public final void setSignedCookie(String name, String value) {
    setSignedCookie(name, value, CookieAttributes.SIGNED);
  }

  /**
   * Sets a signed cookie; its attributes are those given and no others. Throws as {@link
   * #setCookie(String, String, CookieAttributes)} and {@link #setSignedCookie(String, String)}.
   */
  public final void setSignedCookie(String name, String value, CookieAttributes attributes) {
    setSignedCookie(name, value.getBytes(StandardCharsets.UTF_8), attributes);
  }

  /** As {@link #setSignedCookie(String, String, CookieAttributes)}, for any bytes. */
  public final void setSignedCookie(String name, byte[] value, CookieAttributes attributes) {
    setCookie(name, settings().signedValues().createSignedValue(name, value), attributes);
  }

  /**
   * The value of a signed cookie that is at most 31 days old. Null if there is none, or if it is
   * not ours; then the log says why.
   *
   * @throws IllegalStateException if the setting {@code cookieSecret} is not there
   */
  public final @Nullable String getSignedCookie(String name) {
    return getSignedCookie(name, SignedValues.MAX_AGE);
  }

  /** As {@link #getSignedCookie(String)}, with another limit to its age. */
  public final @Nullable String getSignedCookie(String name, Duration maxAge) {
    return getSignedCookie(name, maxAge, 1);
  }

  /**
   * As {@link #getSignedCookie(String, Duration)}.
   *
   * @param minVersion 2 refuses what is signed as Tornado did before 3.2.1
   */
  public final @Nullable String getSignedCookie(String name, Duration maxAge, int minVersion) {
    byte[] value = getSignedCookieBytes(name, maxAge, minVersion);
    try {
      return value == null ? null : Escape.utf8(value);
    } catch (IllegalArgumentException e) {
      refused(name, Level.WARNING, "it is no text");
      return null;
    }
  }

  /** As {@link #getSignedCookie(String, Duration, int)}, if the value is not text. */
  public final byte @Nullable [] getSignedCookieBytes(
      String name, Duration maxAge, int minVersion) {
    var signedValues = settings().signedValues();
    SignedValues.requireVersion(minVersion);
    String cookie = getCookie(name, "");
    try {
      return cookie.isEmpty() ? null : signedValues.decode(name, cookie, maxAge, minVersion);
    } catch (SignedValues.Refused e) {
      var level = e.isExpired() ? Level.INFO : Level.WARNING;
      refused(name, level, String.valueOf(e.getMessage()));
      return null;
    }
  }

  /**
   * The version of the secret with which a cookie says that it was signed, which is not checked.
   * Null if there is none, or if it says nothing of the kind.
   */
  public final @Nullable Integer getSignedCookieKeyVersion(String name) {
    return SignedValues.getSignatureKeyVersion(getCookie(name, ""));
  }

  /**
   * Signs a text for other uses than a cookie, such as a link in a mail.
   *
   * @param name what it is for; demanded again by {@link #decodeSignedValue}
   * @throws IllegalStateException if the setting {@code cookieSecret} is not there
   */
  public final String createSignedValue(String name, String value) {
    return settings().signedValues().createSignedValue(name, value);
  }

  /**
   * The text that {@link #createSignedValue} signed; null if it did not, or more than {@code
   * maxAge} ago.
   *
   * @throws IllegalStateException if the setting {@code cookieSecret} is not there
   */
  public final @Nullable String decodeSignedValue(
      String name, @Nullable String signed, Duration maxAge) {
    byte[] value = settings().signedValues().decodeSignedValue(name, signed, maxAge, 1);
    try {
      return value == null ? null : Escape.utf8(value);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Says nothing of the value: it may be somebody's yet. */
  private void refused(String name, Level level, String why) {
    Log.GENERAL.log(
        level,
        () -> "Cookie " + Shown.clean(name) + ": " + why + ": " + LogText.summary(request()));
  }

  // ---- forged requests

  /**
   * A secret between this site and the browser, by which requests of its own pages are known. It
   * belongs into each form ({@link #xsrfFormHtml}) and into the header {@code X-XSRFToken} of
   * requests that scripts make. Looks different in each answer, and does not change within one.
   *
   * <p>If the client has none yet, it gets it by a cookie: until the browser ends its session, or
   * for 30 days if there is a user, unless the setting {@code xsrfCookieAttributes} says how long.
   *
   * @throws IllegalStateException if the client has none yet and the headers have been sent
   */
  public final String xsrfToken() {
    var known = xsrfToken;
    if (known == null) {
      var sent = sentXSRFToken();
      known = sent == null ? giveXSRFToken() : sent.encode(settings().xsrfCookie().version());
      xsrfToken = known;
    }
    return known;
  }

  /** A new one, which the client gets by a cookie. */
  private String giveXSRFToken() {
    var cookie = settings().xsrfCookie();
    String token = XSRFToken.random().encode(cookie.version());
    setCookie(cookie.name(), token, xsrfCookieAttributes(cookie.attributes()));
    return token;
  }

  private CookieAttributes xsrfCookieAttributes(CookieAttributes attributes) {
    boolean timed = attributes.expires() != null || attributes.maxAge() != null;
    return timed || currentUser() == null ? attributes : attributes.withMaxAge(XSRF_MAX_AGE);
  }

  /** What the client's cookie says; null if it has none, or one that nobody can read. */
  private @Nullable XSRFToken sentXSRFToken() {
    return XSRFToken.parse(getCookie(settings().xsrfCookie().name(), ""));
  }

  /** The token as a field of a form, which every form that posts to this site needs. */
  public final String xsrfFormHtml() {
    return "<input type=\"hidden\" name=\"_xsrf\" value=\""
        + Escape.xhtmlEscape(xsrfToken())
        + "\">";
  }

  /**
   * Refuses a request that pages of other sites could have made the browser send: with the setting
   * {@code xsrfCookies}, called before {@link RequestHandler#prepare} for every method but GET,
   * HEAD and OPTIONS. The token has to come by the argument {@code _xsrf} of query or body, or the
   * header {@code X-XSRFToken} or {@code X-CSRFToken}, and match that of the cookie. Where the body
   * is streamed it is not there yet, and only the query or a header counts.
   *
   * <p>Override it, with nothing in it, where requests are known by other means than cookies, such
   * as a signature.
   *
   * @throws HTTPError with status 403
   */
  protected void checkXsrfCookie() {
    requireXsrfToken();
  }

  /**
   * What {@link #checkXsrfCookie} does by default, for handlers that only sometimes want it.
   *
   * @throws HTTPError with status 403
   */
  protected final void requireXsrfToken() {
    var given = givenXSRFToken();
    if (given.isEmpty()) {
      throw new HTTPError(403, "the argument _xsrf is missing");
    }
    var token = XSRFToken.parse(given);
    if (token == null) {
      throw new HTTPError(403, "the argument _xsrf is malformed");
    }
    var expected = sentXSRFToken();
    if (expected == null || !token.matches(expected)) {
      throw new HTTPError(403, "the argument _xsrf does not match the cookie");
    }
  }

  private String givenXSRFToken() {
    boolean streamed = execution("RequestHandler.checkXsrfCookie").streamsBody();
    var arguments = streamed ? getQueryArguments("_xsrf") : getArguments("_xsrf");
    if (!arguments.isEmpty() && !arguments.getLast().isEmpty()) {
      return arguments.getLast();
    }
    var headers = request().headers();
    String header = headers.get("X-XSRFToken", "");
    return header.isEmpty() ? headers.get("X-CSRFToken", "") : header;
  }

  // ---- the user

  /**
   * Who makes the request; null if nobody is known. {@link #getCurrentUser} finds out when this is
   * first called, once per request, unless {@link #setCurrentUser} has said so before.
   */
  public final @Nullable Object currentUser() {
    if (!userKnown) {
      var user = getCurrentUser();
      if (!userKnown) { // it may have been assigned while that awaited
        setCurrentUser(user);
      }
    }
    return currentUser;
  }

  /**
   * As {@link #currentUser()}.
   *
   * @throws ClassCastException if the user is of another type
   */
  public final <T> @Nullable T currentUser(Class<T> type) {
    return type.cast(currentUser());
  }

  /** Says who makes the request, for instance in {@link RequestHandler#prepare}; null: nobody. */
  public final void setCurrentUser(@Nullable Object user) {
    currentUser = user;
    userKnown = true;
  }

  /** Finds out who makes the request, by a signed cookie for instance; null if nobody is known. */
  protected @Nullable Object getCurrentUser() {
    return null;
  }

  /**
   * Where {@link Authenticated} sends clients without a user, by default the setting {@code
   * loginUrl}; a path there is one of this application.
   *
   * @throws IllegalStateException if there is no such setting
   */
  protected String getLoginUrl() {
    String url = settings().requireLoginUrl();
    return Locations.isPath(url) ? request().connection().contextPath() + url : url;
  }

  /**
   * Where the login page sends its user afterwards: what the argument {@code next} says if it is
   * {@link #isLocalUrl local}. Redirecting to just anything would let others send our users to
   * their site by a link that begins with ours.
   */
  public final String nextUrl(String defaultUrl) {
    String next = getArgument("next", "");
    if (isLocalUrl(next)) {
      return next;
    }
    if (!next.isEmpty()) {
      Log.GENERAL.log(
          Level.WARNING,
          () ->
              "Not a page of this site: " + Shown.clean(next) + ": " + LogText.summary(request()));
    }
    return defaultUrl;
  }

  /**
   * Whether every browser takes a URL to be a path of the site that it is on: {@code /a?b=c}, but
   * not {@code //a} or {@code /\a}, which name another one.
   */
  public static boolean isLocalUrl(String url) {
    return Redirects.isLocal(url);
  }

  // ---- for the framework

  /** Sends a client without a user to the login page, or refuses it. */
  final void requireUser() {
    boolean known = currentUser() != null;
    if (known || finished()) {
      return;
    }
    String method = request().method();
    if ((!method.equals("GET") && !method.equals("HEAD")) || wantsWebSocket()) {
      throw new HTTPError(403);
    }
    redirect(Redirects.login(getLoginUrl(), request()));
  }

  /** Browsers follow no redirect of a handshake, and show no page. */
  private boolean wantsWebSocket() {
    return request().headers().getList("Upgrade").stream()
        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("websocket"));
  }
}
