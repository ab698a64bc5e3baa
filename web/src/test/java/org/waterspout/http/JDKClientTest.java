// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** The JDK's HttpClient. */
class JDKClientTest extends ClientContract {
  private HttpClient client;

  @Override
  void startClient() throws Exception {
    client = client(SSLContext.getDefault());
  }

  private static HttpClient client(SSLContext context) {
    return HttpClient.newBuilder()
        .followRedirects(HttpClient.Redirect.NORMAL)
        .sslContext(context)
        .connectTimeout(Duration.ofSeconds(20))
        .build();
  }

  @Override
  void stopClient() {
    client.shutdownNow();
    client.close();
  }

  private static HttpRequest request(Ask ask) {
    return HttpRequest.newBuilder(URI.create(ask.url()))
        .timeout(Duration.ofSeconds(50))
        .expectContinue(ask.expectContinue())
        .method(ask.method(), body(ask))
        .build();
  }

  private static BodyPublisher body(Ask ask) {
    if (ask.size() < 0) {
      return BodyPublishers.noBody();
    }
    byte[] body = ClientAnswers.pattern(ask.size());
    return ask.announced()
        ? BodyPublishers.ofByteArray(body)
        : BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
  }

  @Override
  Answer send(Ask ask) throws Exception {
    HttpResponse<byte[]> response = client.send(request(ask), BodyHandlers.ofByteArray());
    var headers = new HashMap<String, String>();
    response.headers().map().forEach((name, values) -> headers.put(name, String.join(",", values)));
    return Answer.of(response.statusCode(), headers, response.body());
  }

  @Test
  void keepsItsConnection() throws Exception {
    try (var server = serve()) {
      for (String path : new String[] {"/length/9", "/chunks/9", "/status/204", "/sum"}) {
        get(url(server, path));
      }
      assertThat(send(new Ask("PUT", url(server, "/sum"), 9, false, false)).status())
          .isEqualTo(200);
      assertThat(answers.connections()).isEqualTo(1);
    }
  }

  @Test
  void holdsTheServerBack() throws Exception {
    int size = 20_000_000;
    try (var server = serve()) {
      var request = request(new Ask("GET", url(server, "/chunks/" + size), -1, true, false));
      var response = client.send(request, BodyHandlers.ofPublisher());
      assertThat(
              client
                  .send(
                      request(new Ask("GET", url(server, "/here"), -1, true, false)),
                      BodyHandlers.ofString())
                  .body())
          .as("while nobody reads the other")
          .isEqualTo("here");
      assertThat(count(response.body())).isEqualTo(size);
    }
  }

  /** Reads one piece after the other. */
  private static long count(Flow.Publisher<List<ByteBuffer>> body) throws Exception {
    var pieces = new LinkedBlockingQueue<Long>();
    var subscriber =
        new Flow.Subscriber<List<ByteBuffer>>() {
          private volatile Flow.Subscription subscription;

          @Override
          public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
          }

          @Override
          public void onNext(List<ByteBuffer> buffers) {
            pieces.add(buffers.stream().mapToLong(ByteBuffer::remaining).sum());
            subscription.request(1);
          }

          @Override
          public void onError(Throwable failure) {
            pieces.add(Long.MIN_VALUE);
          }

          @Override
          public void onComplete() {
            pieces.add(-1L);
          }
        };
    body.subscribe(subscriber);
    long total = 0;
    for (Long piece = 0L; piece >= 0; piece = pieces.poll(20, TimeUnit.SECONDS)) {
      assertThat(piece).isNotNull();
      total += piece;
    }
    return total;
  }

  @Test
  void showsItsCertificate() throws Exception {
    var ssl = TestTLS.server().trust(TestTLS.authority()).needClientCertificate().build();
    try (var server = serve(HTTPServerOptions.builder().ssl(ssl));
        var certified = client(TestTLS.certifiedClient())) {
      String url = "https://localhost:" + server.server.port();
      var request = request(new Ask("GET", url + "/certificate", -1, true, false));
      assertThat(certified.send(request, BodyHandlers.ofString()).body()).contains("CN=");
      var upload = request(new Ask("PUT", url + "/sum/slow", 5_000_000, false, false));
      assertThat(certified.send(upload, BodyHandlers.ofString()).body())
          .isEqualTo(ClientAnswers.sum(ClientAnswers.pattern(5_000_000)));
    }
  }
}
