// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.log.Log;

/** What a handler knows of its user. Its users see all this as methods of RequestHandler. */
abstract sealed class UserSide extends ResponseSide permits RequestHandler {
  private @Nullable Object currentUser;
  private boolean userKnown; // or known to be nobody

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
        () -> "Cookie " + LogText.clean(name) + ": " + why + ": " + LogText.summary(request()));
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
    return Redirects.isPath(url) ? request().connection().contextPath() + url : url;
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
              "Not a page of this site: "
                  + LogText.clean(next)
                  + ": "
                  + LogText.summary(request()));
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
    if (!method.equals("GET") && !method.equals("HEAD")) {
      throw new HTTPError(403);
    }
    redirect(Redirects.login(getLoginUrl(), request()));
  }
}
