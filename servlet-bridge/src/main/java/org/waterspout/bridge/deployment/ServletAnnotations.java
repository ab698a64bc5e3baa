// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletSecurityElement;
import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.annotation.ServletSecurity;

/** What the class of a servlet says that is declared in code, Servlet 6.1 section 4.4.4. */
public final class ServletAnnotations {
  private ServletAnnotations() {}

  /**
   * Declares it.
   *
   * @throws UnsupportedOperationException if the class asks for access control
   */
  public static void apply(Class<?> type, ServletDraft servlet) {
    MultipartConfig multipart = type.getAnnotation(MultipartConfig.class);
    if (multipart != null) {
      servlet.setMultipartConfig(new MultipartConfigElement(multipart));
    }
    ServletSecurity security = type.getAnnotation(ServletSecurity.class);
    if (security != null) {
      servlet.setServletSecurity(new ServletSecurityElement(security));
    }
  }
}
