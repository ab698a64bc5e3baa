// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.springwar;

import org.springframework.context.annotation.Bean;
import org.springframework.web.multipart.support.StandardServletMultipartResolver;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.DefaultServletHandlerConfigurer;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The beans. */
@EnableWebMvc
public class Configuration implements WebMvcConfigurer {
  /** The one controller. */
  @Bean
  public Controllers controllers() {
    return new Controllers();
  }

  /** Files by the container's multipart support. */
  @Bean(DispatcherServlet.MULTIPART_RESOLVER_BEAN_NAME)
  public StandardServletMultipartResolver multipart() {
    return new StandardServletMultipartResolver();
  }

  /** Static files by the container's default servlet. */
  @Override
  public void configureDefaultServletHandling(DefaultServletHandlerConfigurer configurer) {
    configurer.enable();
  }
}
