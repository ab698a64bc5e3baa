// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamRequestContent;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.Test;

/** Jetty's HttpClient. */
class JettyClientTest extends ClientContract {
  private HttpClient client;

  @Override
  void startClient() throws Exception {
    client = client(null);
  }

  private static HttpClient client(SslContextFactory.Client ssl) throws Exception {
    var connector = new ClientConnector();
    if (ssl != null) {
      connector.setSslContextFactory(ssl);
    }
    var made = new HttpClient(new HttpClientTransportOverHTTP(connector));
    made.setMaxConnectionsPerDestination(20);
    made.start();
    return made;
  }

  @Override
  void stopClient() throws Exception {
    client.stop();
  }

  private static Request request(HttpClient client, Ask ask) {
    var request = client.newRequest(ask.url()).method(ask.method());
    if (ask.expectContinue()) {
      request.headers(fields -> fields.put("Expect", "100-continue"));
    }
    if (ask.size() >= 0) {
      byte[] body = ClientAnswers.pattern(ask.size());
      request.body(
          ask.announced()
              ? new BytesRequestContent(body)
              : new InputStreamRequestContent(
                  "application/octet-stream", new ByteArrayInputStream(body), null));
    }
    return request;
  }

  private static Answer send(HttpClient client, Ask ask) throws Exception {
    var body = new ByteArrayOutputStream();
    var done = new CompletableFuture<Result>();
    request(client, ask)
        .onResponseContent(
            (response, piece) -> {
              byte[] bytes = new byte[piece.remaining()];
              piece.get(bytes);
              body.writeBytes(bytes);
            })
        .send(done::complete);
    var result = done.get(50, TimeUnit.SECONDS);
    if (result.getResponseFailure() != null) { // an early answer may fail the request alone
      throw new IOException(result.getResponseFailure());
    }
    var headers = new HashMap<String, String>();
    result.getResponse().getHeaders().forEach(f -> headers.put(f.getName(), f.getValue()));
    if (result.getResponse().getTrailers() != null) {
      result.getResponse().getTrailers().forEach(f -> headers.put(f.getName(), f.getValue()));
    }
    return Answer.of(result.getResponse().getStatus(), headers, body.toByteArray());
  }

  @Override
  Answer send(Ask ask) throws Exception {
    return send(client, ask);
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
  void getsTrailers() throws Exception {
    try (var server = serve()) {
      assertThat(get(url(server, "/trailers")).headers()).containsEntry("X-Sum", "8");
    }
  }

  @Test
  void sendsTrailers() throws Exception {
    try (var server = serve()) {
      var request = request(client, new Ask("PUT", url(server, "/sum"), 9, false, false));
      request.trailersSupplier(() -> HttpFields.build().add("X-Sum", "9"));
      assertThat(request.send().getContentAsString())
          .isEqualTo(ClientAnswers.sum(ClientAnswers.pattern(9)));
    }
  }

  @Test
  void showsItsCertificate() throws Exception {
    var ssl = new SslContextFactory.Client();
    ssl.setSslContext(TestTLS.certifiedClient());
    var certified = client(ssl);
    var options =
        HTTPServerOptions.builder()
            .ssl(TestTLS.server().trust(TestTLS.authority()).needClientCertificate().build());
    try (var server = serve(options)) {
      String url = "https://localhost:" + server.server.port();
      assertThat(send(certified, new Ask("GET", url + "/certificate", -1, true, false)).text())
          .contains("CN=");
      assertThat(send(certified, new Ask("PUT", url + "/sum/slow", 5_000_000, false, false)).text())
          .isEqualTo(ClientAnswers.sum(ClientAnswers.pattern(5_000_000)));
    } finally {
      certified.stop();
    }
  }
}
