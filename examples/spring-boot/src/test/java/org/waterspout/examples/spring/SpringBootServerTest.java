// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

class SpringBootServerTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static ConfigurableApplicationContext spring;

  @BeforeAll
  static void start() {
    spring = SpringApplication.run(SpringBootServer.class, "--port=0");
  }

  @AfterAll
  static void stop() {
    spring.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("waterspout"));
  }

  private static HttpResponse<String> get(String path) throws Exception {
    var port = spring.getEnvironment().getRequiredProperty("local.server.port");
    var request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .timeout(Duration.ofSeconds(20))
            .build();
    return CLIENT.send(request, BodyHandlers.ofString());
  }

  @Test
  void answersByHandlersThatUseBeans() throws Exception {
    assertThat(get("/new/hello/Gr%C3%A4fin").body()).isEqualTo("Hello, Gräfin!\n");
  }

  @Test
  void leavesTheOldControllerWhereItWas() throws Exception {
    assertThat(get("/old").body()).isEqualTo("Hello, controller!\n");
  }

  @Test
  void answersOtherPathsBelowItsMappingItself() throws Exception {
    assertThat(get("/new/nothing").statusCode()).isEqualTo(404);
    assertThat(get("/new/nothing").headers().firstValue("Server").orElse(""))
        .contains("Waterspout");
  }
}
