// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.http.Cookie;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.message.Cookies;

/**
 * The session cookie while it is being configured. Attributes are kept by name in any case, as the
 * specification wants; the named setters write the same map.
 */
public final class SessionCookieDraft implements SessionCookieConfig {
  /** The cookie's name unless another is chosen. */
  public static final String DEFAULT_NAME = "JSESSIONID";

  private static final String DOMAIN = "Domain";
  private static final String PATH = "Path";
  private static final String HTTP_ONLY = "HttpOnly";
  private static final String SECURE = "Secure";
  private static final String MAX_AGE = "Max-Age";

  private final DeploymentDraft deployment;
  private final Map<String, String> attributes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /** Null as long as it is the default. */
  private @Nullable String name;

  SessionCookieDraft(DeploymentDraft deployment) {
    this.deployment = deployment;
    attributes.put(HTTP_ONLY, "true");
    attributes.put("SameSite", "Lax");
  }

  /** The attributes that have no field of their own in {@link SessionConfig}. */
  Map<String, String> furtherAttributes() {
    var further = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    further.putAll(attributes);
    further.keySet().removeIf(key -> isNamed(key));
    return further;
  }

  private static boolean isNamed(String key) {
    return key.equalsIgnoreCase(DOMAIN)
        || key.equalsIgnoreCase(PATH)
        || key.equalsIgnoreCase(HTTP_ONLY)
        || key.equalsIgnoreCase(SECURE)
        || key.equalsIgnoreCase(MAX_AGE);
  }

  @Override
  public void setName(@Nullable String name) {
    deployment.checkOpen();
    boolean chosen = name != null && !name.isEmpty();
    this.name = chosen ? new Cookie(name, "").getName() : null; // which says what no name can be
  }

  @Override
  public @Nullable String getName() {
    return name;
  }

  /** What the cookie is called: its default name unless another was chosen. */
  String nameOrDefault() {
    return name == null ? DEFAULT_NAME : name;
  }

  @Override
  public void setDomain(@Nullable String domain) {
    setAttribute(DOMAIN, domain);
  }

  @Override
  public @Nullable String getDomain() {
    return attributes.get(DOMAIN);
  }

  @Override
  public void setPath(@Nullable String path) {
    setAttribute(PATH, path);
  }

  @Override
  public @Nullable String getPath() {
    return attributes.get(PATH);
  }

  /** Without effect, as the specification says since RFC 6265. */
  @Override
  @Deprecated(forRemoval = true, since = "Servlet 6.0")
  @SuppressWarnings("removal")
  public void setComment(@Nullable String comment) {
    deployment.checkOpen();
  }

  @Override
  @Deprecated(forRemoval = true, since = "Servlet 6.0")
  @SuppressWarnings({"removal", "InlineMeSuggester"})
  public @Nullable String getComment() {
    return null;
  }

  @Override
  public void setHttpOnly(boolean httpOnly) {
    setAttribute(HTTP_ONLY, Boolean.toString(httpOnly));
  }

  @Override
  public boolean isHttpOnly() {
    return isFlagged(HTTP_ONLY);
  }

  @Override
  public void setSecure(boolean secure) {
    setAttribute(SECURE, Boolean.toString(secure));
  }

  @Override
  public boolean isSecure() {
    return isFlagged(SECURE);
  }

  /** As of {@code Cookie.setAttribute}: a flag without a value is set. */
  private boolean isFlagged(String attribute) {
    String value = attributes.get(attribute);
    return value != null && !value.equalsIgnoreCase("false");
  }

  @Override
  public void setMaxAge(int maxAge) {
    setAttribute(MAX_AGE, Integer.toString(maxAge));
  }

  @Override
  public int getMaxAge() {
    String maxAge = attributes.get(MAX_AGE);
    return maxAge == null ? -1 : Integer.parseInt(maxAge);
  }

  @Override
  public void setAttribute(String attribute, @Nullable String value) {
    deployment.checkOpen();
    if (attribute == null || attribute.isEmpty()) {
      throw new IllegalArgumentException("a cookie attribute without a name");
    }
    if (value == null) {
      attributes.remove(attribute);
      return;
    }
    var cookie = new Cookie(DEFAULT_NAME, "");
    cookie.setAttribute(attribute, value);
    Cookies.format(cookie); // now rather than in every answer
    attributes.put(attribute, value);
  }

  @Override
  public @Nullable String getAttribute(String attribute) {
    return attributes.get(attribute);
  }

  @Override
  public Map<String, String> getAttributes() {
    var copy = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    copy.putAll(attributes);
    return Collections.unmodifiableMap(copy);
  }
}
