// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.springwar;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletRegistration;
import org.springframework.web.servlet.support.AbstractAnnotationConfigDispatcherServletInitializer;

/** What a web.xml would say: Spring finds it by its ServletContainerInitializer. */
public final class Initializer extends AbstractAnnotationConfigDispatcherServletInitializer {
  private static final int MAX_UPLOAD = 1024 * 1024;

  @Override
  protected Class<?>[] getRootConfigClasses() {
    return new Class<?>[0];
  }

  @Override
  protected Class<?>[] getServletConfigClasses() {
    return new Class<?>[] {Configuration.class};
  }

  @Override
  protected String[] getServletMappings() {
    return new String[] {"/"};
  }

  @Override
  protected void customizeRegistration(ServletRegistration.Dynamic registration) {
    registration.setMultipartConfig(
        new MultipartConfigElement("", MAX_UPLOAD, MAX_UPLOAD, MAX_UPLOAD));
  }
}
