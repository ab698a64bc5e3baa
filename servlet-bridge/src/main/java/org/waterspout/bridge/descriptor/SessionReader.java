// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.descriptor;

import jakarta.servlet.SessionTrackingMode;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.descriptor.WebXml.SessionElement;

/** Reads how a descriptor wants sessions to be kept. */
final class SessionReader {
  /** The attributes of the cookie that have elements of their own, by these. */
  private static final Map<String, String> ATTRIBUTES =
      Map.of(
          "domain", "Domain",
          "path", "Path",
          "http-only", "HttpOnly",
          "secure", "Secure",
          "max-age", "Max-Age");

  private final Element root;

  SessionReader(Element root) {
    this.root = root;
  }

  @Nullable SessionElement session() {
    Element config = root.one("session-config");
    if (config == null) {
      return null;
    }
    config.allow("session-timeout", "cookie-config", "tracking-mode");
    Element cookie = config.one("cookie-config");
    return new SessionElement(
        config.number("session-timeout"),
        cookie == null ? null : cookie.text("name"),
        cookie == null ? Map.of() : attributes(cookie),
        trackingModes(config),
        config.place());
  }

  private static Map<String, String> attributes(Element cookie) {
    cookie.allow(
        "name", "domain", "path", "comment", "http-only", "secure", "max-age", "attribute");
    cookie.number("max-age");
    Map<String, String> attributes = new LinkedHashMap<>();
    ATTRIBUTES.forEach(
        (name, attribute) -> {
          Object value = isFlag(name) ? cookie.flag(name) : cookie.text(name);
          if (value != null) {
            attributes.put(attribute, value.toString());
          }
        });
    for (Element element : cookie.all("attribute")) {
      element.allow("attribute-name", "attribute-value");
      String value = element.text("attribute-value");
      attributes.put(element.required("attribute-name"), value == null ? "" : value);
    }
    return attributes;
  }

  private static boolean isFlag(String name) {
    return name.equals("http-only") || name.equals("secure");
  }

  private static Set<SessionTrackingMode> trackingModes(Element config) {
    Set<SessionTrackingMode> modes = EnumSet.noneOf(SessionTrackingMode.class);
    for (Element element : config.all("tracking-mode")) {
      try {
        modes.add(SessionTrackingMode.valueOf(element.text()));
      } catch (IllegalArgumentException e) {
        throw element.refused("not a tracking mode: " + element.text());
      }
    }
    return modes;
  }
}
