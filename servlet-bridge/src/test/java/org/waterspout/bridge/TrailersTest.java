// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.mount;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Fields behind the bodies of requests to servlets and of their answers. */
class TrailersTest {
  private static ServletContainer of(Code.Service service) {
    return ServletContainer.builder().servlet("s", Code.servlet(service), "/*").build();
  }

  private static String exchange(BridgeServer server, String wire) throws Exception {
    try (Socket client = server.connect()) {
      client.getOutputStream().write(wire.getBytes(StandardCharsets.ISO_8859_1));
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void deliversTrailersWhenTheBodyHasBeenRead() throws Exception {
    Code.Service echo =
        (request, response) -> {
          boolean before = request.isTrailerFieldsReady();
          String body =
              new String(request.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
          response.getWriter().print(before + body + request.getTrailerFields());
        };
    try (var server = new BridgeServer(mount("/m", of(echo)))) {
      String head = "POST /m/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
      String chunked = head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n";
      assertThat(exchange(server, chunked + "X-Sum: 1\r\nx-sum: 2\r\nHost: b\r\n\r\n"))
          .endsWith("abc{x-sum=1,2}");
      assertThat(exchange(server, chunked + "\r\n")).endsWith("abc{}");
      assertThat(exchange(server, head + "Content-Length: 3\r\n\r\nabc")).endsWith("trueabc{}");
    }
  }

  @Test
  void sendsTrailersFromTheServletsThread() throws Exception {
    Code.Service digest =
        (request, response) -> {
          response.setTrailerFields(() -> Map.of("X-Sum", "1"));
          response.getWriter().print("abc");
          if (request.getPathInfo().equals("/flushed")) {
            response.flushBuffer();
          } else if (request.getPathInfo().equals("/length")) {
            response.setContentLength(3);
          } else if (request.getPathInfo().equals("/bad")) {
            response.setTrailerFields(() -> Map.of("X-Sum", "a\r\nb"));
          } else if (request.getPathInfo().equals("/early")) {
            response.setTrailerFields(() -> Map.of("Content-Length", "3", "X-Sum", "1"));
          }
        };
    try (var server = new BridgeServer(mount("/m", of(digest)))) {
      String rest = " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      for (var path : List.of("/", "/flushed", "/early")) {
        assertThat(exchange(server, "GET /m" + path + rest))
            .contains("Transfer-Encoding: chunked\r\n")
            .doesNotContain("Content-Length")
            .endsWith("3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n");
      }
      assertThat(exchange(server, "GET /m/length" + rest)).endsWith("\r\n\r\nabc");
      assertThat(exchange(server, "GET /m/bad" + rest)).endsWith("3\r\nabc\r\n");
      assertThat(exchange(server, "GET /m/ HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 500 ");
    }
  }
}
