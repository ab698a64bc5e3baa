// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.CookieManager;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** WARs of frameworks that find themselves by their ServletContainerInitializers. */
final class FrameworksTest {
  private final HttpClient client =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .followRedirects(Redirect.NORMAL)
          .build();

  private Serving serving;

  @Test
  void springMVCIsMounted() throws Exception {
    try (var mounted = mounted("spring")) {
      serving = mounted;
      assertThat(get("/x/hello/you").body()).isEqualTo("Hello, you");
      assertThat(count("/x/count")).isEqualTo("Count: 2");
      assertThat(count("/x/count")).isEqualTo("Count: 4");
      assertThat(get("/x/later").body()).isEqualTo("later");
      assertThat(get("/x/events").body()).isEqualTo("data:one\n\ndata:two\n\n");
      assertThat(get("/x/old").body()).isEqualTo("Hello, redirected");
      assertThat(get("/x/gone").statusCode()).isEqualTo(410);
      assertThat(get("/x/none").statusCode()).isEqualTo(404);
      assertThat(get("/x/about.html").body()).contains("A file of the WAR");
      assertThat(upload()).isEqualTo("a.txt: 5 bytes");
    } finally {
      client.close();
    }
  }

  @Test
  void jerseyIsMounted() throws Exception {
    try (var mounted = mounted("jersey")) {
      serving = mounted;
      assertThat(get("/x/api/hello/you").body()).isEqualTo("Hello, you");
      assertThat(count("/x/api/count")).isEqualTo("Count: 2");
      assertThat(count("/x/api/count")).isEqualTo("Count: 4");
      assertThat(get("/x/api/later").body()).isEqualTo("later");
      assertThat(get("/x/api/stream").body()).isEqualTo("0\n1\n2\n");
      assertThat(get("/x/api/old").body()).isEqualTo("Hello, redirected");
      assertThat(get("/x/api/item/rope").body()).isEqualTo("Rope");
      assertThat(get("/x/api/item/moon").statusCode()).isEqualTo(404);
      assertThat(get("/x/about.html").body()).contains("A file of the WAR");
    } finally {
      client.close();
    }
  }

  private static Serving mounted(String name) throws Exception {
    var war = Path.of(name + "-war/target/" + name + ".war");
    return new Serving(() -> MountWar.application(war, "/x"));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private String count(String path) throws Exception {
    var form =
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("by=2"));
    return client.send(form.build(), BodyHandlers.ofString()).body();
  }

  private String upload() throws Exception {
    String form =
        """
        --limit\r
        Content-Disposition: form-data; name="file"; filename="a.txt"\r
        Content-Type: text/plain\r
        \r
        12345\r
        --limit--\r
        """;
    var request =
        request("/x/upload")
            .header("Content-Type", "multipart/form-data; boundary=limit")
            .POST(BodyPublishers.ofString(form));
    return client.send(request.build(), BodyHandlers.ofString()).body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(serving.uri(path)).timeout(Duration.ofSeconds(20));
  }
}
