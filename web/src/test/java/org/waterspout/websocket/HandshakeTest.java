// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.waterspout.web.Application;
import org.waterspout.web.Authenticated;
import org.waterspout.web.HTTPError;

/** Requests for a WebSocket, right and wrong ones, and their answers. */
class HandshakeTest {
  private Server server;

  private static class Handler extends WebSocketHandler {
    @Override
    protected void prepare() {
      var what = request().headers().get("X-Do", "");
      switch (what) {
        case "refuse" -> throw new HTTPError(401);
        case "redirect" -> redirect("/elsewhere");
        case "header" -> {
          setHeader("X-Mine", "yes");
          setCookie("a", "b");
        }
        case "select nonsense", "" -> {}
        default -> throw new AssertionError(what);
      }
    }

    @Override
    protected String selectSubprotocol(List<String> offered) {
      if (request().headers().contains("X-Do")) {
        return "nonsense";
      }
      return offered.contains("chat") ? "chat" : null;
    }

    @Override
    protected void open() {
      writeMessage(selectedSubprotocol() + " " + pathArgument(0));
    }
  }

  @BeforeEach
  void serve() throws Exception {
    server = new Server(Handler::new);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private String answer(String request) throws Exception {
    try (var client = new RawWebSocket(server.port)) {
      client.send(request.getBytes(StandardCharsets.ISO_8859_1));
      return client.head();
    }
  }

  @Test
  void answersTheExampleOfTheRFC() throws Exception {
    try (var client = new RawWebSocket(server.port)) {
      client.send((RawWebSocket.REQUEST + "\r\n").getBytes(StandardCharsets.US_ASCII));

      assertThat(client.head().replaceFirst("Server: .*\r\nDate: .*\r\n", ""))
          .isEqualTo(
              "HTTP/1.1 101 Switching Protocols\r\n"
                  + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
                  + "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
      client.close();
    }
  }

  @Test
  void logsTheHandshakeLikeAnyRequest() throws Exception {
    server.connect().close();
    server.call(() -> null); // the turn in which it is logged is over then

    assertThat(server.messages()).anyMatch(m -> m.startsWith("INFO 101 GET /ws (127.0.0.1) "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Upgrade: websocket | | 400",
        "Upgrade: websocket | Upgrade: h2c | 400",
        "Connection: Upgrade | Connection: keep-alive | 400",
        "Connection: Upgrade | X: y | 400",
        "Sec-WebSocket-Version: 13 | X: y | 426",
        "Sec-WebSocket-Version: 13 | Sec-WebSocket-Version: 8 | 426",
        "Sec-WebSocket-Version: 13 | Sec-WebSocket-Version: 13, 8 | 426",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== | X: y | 400",
        "dGhlIHNhbXBsZSBub25jZQ== | dGhlIHNhbXBsZSBub25j | 400",
        "dGhlIHNhbXBsZSBub25jZQ== | dGhlIHNhbXBsZSBub25jZQ | 400",
        "dGhlIHNhbXBsZSBub25jZQ== | dGhlIHNhbXBsZSBub25jZ!== | 400",
        "Upgrade: websocket | Upgrade: h2c, WebSocket | 101",
        "Connection: Upgrade | Connection: keep-alive,  upgrade | 101",
        "Host: localhost | Host: localhost;Origin: http://localhost | 101",
        "Host: localhost | Host: localHost:81;Origin: https://LOCALhost:81 | 101",
        "Host: localhost | Host: localhost;Origin: http://localhost:81 | 403",
        "Host: localhost | Host: localhost;Origin: http://evil | 403",
        "Host: localhost | Host: localhost;Origin: http://localhost.evil | 403",
        "Host: localhost | Host: localhost;Origin: http://localhost@evil | 403",
        "Host: localhost | Host: localhost;Origin: null | 403",
        "Host: localhost | Host: localhost;Origin: | 403",
        "Host: localhost | Host: localhost;Origin: http://localhost;Origin: http://localhost | 403",
        "GET | POST | 405",
        "GET | HEAD | 405",
        "HTTP/1.1 | HTTP/1.0 | 400",
        "Host: localhost | Host: localhost;X-Do: refuse | 401",
        "Host: localhost | Host: localhost;X-Do: redirect | 302",
        "Host: localhost | Host: localhost;X-Do: select nonsense | 500",
        "Host: localhost | Host: localhost;Sec-WebSocket-Protocol: a b | 400",
        "Host: localhost | Host: localhost;Sec-WebSocket-Extensions: a b | 400",
        "Host: localhost | Host: localhost;Sec-WebSocket-Extensions: a, d | 101",
      })
  void checksRequests(String from, String to, int status) throws Exception {
    var changed = to == null ? "X: y" : to.replace(";", "\r\n");
    var request = RawWebSocket.REQUEST.replace(from, changed);
    assertThat(request).isNotEqualTo(RawWebSocket.REQUEST);

    assertThat(answer(request + "\r\n")).startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void saysWhichVersionItSpeaks() throws Exception {
    assertThat(answer(RawWebSocket.REQUEST.replace("Version: 13", "Version: 7") + "\r\n"))
        .contains("\r\nSec-WebSocket-Version: 13\r\n")
        .contains("\r\nUpgrade: websocket\r\n");
  }

  @Test
  void goesOnWithHTTPAfterARefusal() throws Exception {
    try (var client = new RawWebSocket(server.port)) {
      client.send(
          (RawWebSocket.REQUEST + "X-Do: redirect\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      assertThat(client.head()).startsWith("HTTP/1.1 302 ");
      client.upgrade("");
    }
  }

  @Test
  void sendsTheHeadersThatWereSetBefore() throws Exception {
    assertThat(answer(RawWebSocket.REQUEST + "X-Do: header\r\n\r\n"))
        .startsWith("HTTP/1.1 500"); // selects a protocol that was not offered
    assertThat(
            answer(
                RawWebSocket.REQUEST + "X-Do: header\r\nSec-WebSocket-Protocol: nonsense\r\n\r\n"))
        .startsWith("HTTP/1.1 101 ")
        .contains("\r\nX-Mine: yes\r\n")
        .contains("\r\nSet-Cookie: a=b; Path=/\r\n")
        .contains("\r\nSec-WebSocket-Protocol: nonsense\r\n")
        .doesNotContain("Content-");
  }

  @Test
  void selectsASubprotocol() throws Exception {
    try (var client = new RawWebSocket(server.port)) {
      var request = RawWebSocket.REQUEST.replace("GET /ws", "GET /ws/a%20b");
      client.send(
          (request + "Sec-WebSocket-Protocol: soap, chat\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));

      assertThat(client.head()).contains("\r\nSec-WebSocket-Protocol: chat\r\n");
      assertThat(client.frame()).isEqualTo("text chat a b");
    }
  }

  @Test
  void readsFramesThatComeWithTheRequest() throws Exception {
    class Echo extends WebSocketHandler {
      @Override
      protected void onMessage(String message) {
        writeMessage(message);
      }
    }
    try (var echo = new Server(Echo::new);
        var client = new RawWebSocket(echo.port)) {
      client.send(
          (RawWebSocket.REQUEST + "\r\n").getBytes(StandardCharsets.US_ASCII),
          Wire.text("early"),
          Wire.text("bird"));

      assertThat(client.head()).startsWith("HTTP/1.1 101 ");
      assertThat(client.frame()).isEqualTo("text early");
      assertThat(client.frame()).isEqualTo("text bird");
    }
  }

  @Test
  void letsAHandlerDecideAboutOrigins() throws Exception {
    class Open extends WebSocketHandler {
      @Override
      protected boolean checkOrigin(String origin) {
        return origin.equals("http://friend");
      }
    }
    try (var open = new Server(Open::new)) {
      try (var client = new RawWebSocket(open.port)) {
        client.upgrade("Origin: http://friend\r\n");
      }
      try (var client = new RawWebSocket(open.port)) {
        client.send(
            (RawWebSocket.REQUEST + "Origin: http://localhost\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        assertThat(client.head()).startsWith("HTTP/1.1 403 ");
      }
    }
  }

  @Authenticated
  private static final class ForUsers extends WebSocketHandler {
    @Override
    protected @Nullable Object getCurrentUser() {
      return getCookie("user");
    }
  }

  @Test
  void refusesWhoIsNoUserWithoutAWayToTheLoginPage() throws Exception {
    var settings = Application.settings().loginUrl("/login").build();
    try (var forUsers = new Server(settings, ForUsers::new)) {
      try (var client = new RawWebSocket(forUsers.port)) {
        client.send((RawWebSocket.REQUEST + "\r\n").getBytes(StandardCharsets.US_ASCII));
        assertThat(client.head()).startsWith("HTTP/1.1 403 ").doesNotContain("Location");
      }
      try (var client = new RawWebSocket(forUsers.port)) {
        client.upgrade("Cookie: user=me\r\n");
      }
    }
  }
}
