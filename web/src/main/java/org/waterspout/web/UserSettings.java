// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.text.Shown;

/** Settings about users and their cookies. All see them as methods of Settings.Builder. */
abstract sealed class UserSettings permits Settings.Builder {
  private byte @Nullable [] cookieSecret; // null: none, or several
  private @Nullable Map<Integer, String> cookieSecrets; // null: none, or only one
  private @Nullable Integer keyVersion; // null: there is only one secret
  private @Nullable String loginUrl;
  private boolean xsrfCookies;
  private String xsrfCookieName = XSRFCookie.DEFAULT.name();
  private int xsrfCookieVersion = XSRFCookie.DEFAULT.version();
  private CookieAttributes xsrfCookieAttributes = XSRFCookie.DEFAULT.attributes();

  // ---- signed cookies

  /**
   * Signs cookies, see {@link RequestHandler#setSignedCookie}; as good as 32 random bytes, the same
   * on all machines, and in no repository. None, so that there are no signed cookies.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public Settings.Builder cookieSecret(String secret) {
    return cookieSecret(secret.getBytes(StandardCharsets.UTF_8));
  }

  /** As {@link #cookieSecret(String)}; the bytes are copied. */
  public Settings.Builder cookieSecret(byte[] secret) {
    if (secret.length == 0) {
      throw new IllegalArgumentException("cookieSecret is empty");
    }
    this.cookieSecret = secret.clone();
    return self();
  }

  /**
   * In place of {@link #cookieSecret}, secrets by their versions: {@link #keyVersion} is for
   * signing, and what the others have signed is still accepted.
   */
  public Settings.Builder cookieSecrets(Map<Integer, String> secrets) {
    this.cookieSecrets = Map.copyOf(secrets);
    return self();
  }

  /** Which of {@link #cookieSecrets} signs. */
  public Settings.Builder keyVersion(int version) {
    this.keyVersion = version;
    return self();
  }

  /** Null if there is no secret. */
  final @Nullable SignedValues signedValues() {
    if ((cookieSecrets == null) != (keyVersion == null)) {
      throw new IllegalArgumentException("cookieSecrets and keyVersion need each other");
    }
    if (cookieSecrets != null && keyVersion != null) {
      if (cookieSecret != null) {
        throw new IllegalArgumentException("both cookieSecret and cookieSecrets");
      }
      return new SignedValues(cookieSecrets, keyVersion);
    }
    return cookieSecret == null ? null : new SignedValues(cookieSecret);
  }

  // ---- users

  /**
   * Where {@link Authenticated} sends clients without a user: a path of this application, or the
   * URL of another site. None.
   *
   * @throws IllegalArgumentException if it is empty, or not visible ASCII
   */
  public Settings.Builder loginUrl(String url) {
    if (url.isEmpty() || !url.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("not a URL: " + Shown.clean(url));
    }
    this.loginUrl = url;
    return self();
  }

  final @Nullable String loginUrl() {
    return loginUrl;
  }

  // ---- forged requests

  /**
   * Whether requests other than GET, HEAD and OPTIONS have to show that they are of this site's own
   * pages, see {@link RequestHandler#xsrfToken}. Off.
   */
  public Settings.Builder xsrfCookies(boolean checked) {
    this.xsrfCookies = checked;
    return self();
  }

  /**
   * The name of the cookie for that; the argument of a form is {@code _xsrf} in any case. With
   * {@code __Host-xsrf} and {@code secure} in the attributes, browsers keep other hosts of the same
   * domain from setting it. {@code _xsrf}.
   */
  public Settings.Builder xsrfCookieName(String name) {
    this.xsrfCookieName = Objects.requireNonNull(name, "name");
    return self();
  }

  /** The form in which tokens are written: 1 shows the same in each answer. 2. */
  public Settings.Builder xsrfCookieVersion(int version) {
    this.xsrfCookieVersion = version;
    return self();
  }

  /** The attributes of that cookie. The default ones, and {@code SameSite=Lax}. */
  public Settings.Builder xsrfCookieAttributes(CookieAttributes attributes) {
    this.xsrfCookieAttributes = Objects.requireNonNull(attributes, "attributes");
    return self();
  }

  final boolean xsrfCookies() {
    return xsrfCookies;
  }

  final XSRFCookie xsrfCookie() {
    return new XSRFCookie(xsrfCookieName, xsrfCookieVersion, xsrfCookieAttributes);
  }

  // ---- for the framework

  abstract Settings.Builder self();
}
