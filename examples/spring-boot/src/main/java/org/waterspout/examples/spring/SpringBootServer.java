// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.spring;

import static org.waterspout.web.Application.url;

import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.waterspout.adapter.ServletAdapter;
import org.waterspout.web.Application;

/**
 * An Application beside an old controller in Spring Boot: {@code /new/hello/NAME} and {@code /old}.
 * Spring starts and stops the loop with its container; handlers get beans by their constructors.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class SpringBootServer {
  static void main(String[] args) {
    if (List.of(args).contains("--help")) {
      System.out.println("An Application in Spring Boot.\n  --port=8888  0: any that is free");
      return;
    }
    SpringApplication.run(SpringBootServer.class, args);
  }

  @Bean
  Greetings greetings() {
    return new Greetings();
  }

  @Bean
  ServletRegistrationBean<ServletAdapter> waterspout(Greetings greetings) {
    var application =
        new Application(url("/new/hello/(?<name>[^/]+)", () -> new HelloHandler(greetings)));
    var servlet = new ServletRegistrationBean<>(new ServletAdapter(application), "/new/*");
    servlet.setAsyncSupported(true);
    servlet.setLoadOnStartup(1);
    return servlet;
  }

  @Bean
  OldController old(Greetings greetings) {
    return new OldController(greetings);
  }
}
