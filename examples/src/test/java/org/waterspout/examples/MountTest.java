// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servlets and WARs beside handlers. */
final class MountTest {
  static final Path SHOP = Path.of("shop-war/target/shop.war");

  @Test
  void aServletKeepsItsSessionBesideAHandler() throws Exception {
    try (var serving = new Serving(MountServlet::application);
        var client = HttpClient.newBuilder().cookieHandler(new CookieManager()).build()) {
      assertThat(get(client, serving.uri("/")).body()).contains("A handler");
      assertThat(get(client, serving.uri("/old/visits")).body()).isEqualTo("Visits: 1\n");
      assertThat(get(client, serving.uri("/old/visits")).body()).isEqualTo("Visits: 2\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/shop"})
  void aWarAnswersBelowItsPath(String context) throws Exception {
    String prefix = context.equals("/") ? "" : context;
    try (var serving = new Serving(() -> MountWar.application(SHOP, context));
        var client = HttpClient.newHttpClient()) {
      var shelf = get(client, serving.uri(prefix + "/"));
      assertThat(shelf.body()).contains("Barometer");
      assertThat(shelf.headers().firstValue("X-Answered-By")).contains("the old shop");
      assertThat(get(client, serving.uri(prefix + "/terms.html")).body()).contains("your session");
      assertThat(get(client, serving.uri(prefix + "/WEB-INF/web.xml")).statusCode()).isEqualTo(404);
      assertThat(get(client, serving.uri("/hello")).body()).isEqualTo("Hello, world");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--war=/not/there.war", "--context=shop", "--context=/shop/"})
  void saysInOneLineWhyItDoesNotStart(String argument) throws Exception {
    var output = ExampleProcess.outputOf(MountWar.class, argument, "--port=0");
    assertThat(output.lines()).singleElement().asString().doesNotContain("Exception");
  }

  private static HttpResponse<String> get(HttpClient client, URI uri) throws Exception {
    var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
    return client.send(request, BodyHandlers.ofString());
  }
}
