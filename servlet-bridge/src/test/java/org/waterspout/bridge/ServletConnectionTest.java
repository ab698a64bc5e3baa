// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.mount;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.waterspout.http.HTTPServerOptions;

/** What servlets are told of the connection itself. */
class ServletConnectionTest {
  private static ServletContainer app() {
    return ServletContainer.builder()
        .servlet(
            "s",
            Code.servlet(
                (request, response) -> {
                  var connection = request.getServletConnection();
                  response
                      .getWriter()
                      .print(
                          connection.getConnectionId()
                              + (request.isSecure() ? " https" : " http")
                              + (connection.isSecure() ? " encrypted" : " plain"));
                }),
            "/*")
        .build();
  }

  /** Up to the end of a line that the answer is known to end with. */
  private static String ask(Socket socket, String path) throws Exception {
    socket
        .getOutputStream()
        .write(
            ("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    var answer = new StringBuilder();
    while (!answer.toString().endsWith(" plain")) {
      int next = socket.getInputStream().read();
      assertThat(next).as("what came: %s", answer).isNotNegative();
      answer.append((char) next);
    }
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  @Test
  void hasAnIdThatIsItsOwnInAllMounts() throws Exception {
    try (var server = new BridgeServer(mount("/one", app()), mount("/two", app()));
        var socket = server.connect();
        var other = server.connect()) {
      String id = ask(socket, "/one/");
      assertThat(ask(socket, "/one/")).isEqualTo(id);
      assertThat(ask(socket, "/two/")).isEqualTo(id);
      assertThat(ask(other, "/one/")).isNotEqualTo(id);
      assertThat(ask(other, "/two/")).isNotEqualTo(id);
    }
  }

  @Test
  void isNotMadeSecureByTheWordOfAProxy() throws Exception {
    var options = HTTPServerOptions.builder().xheaders(true).build();
    try (var server = new BridgeServer(options, mount("/one", app()))) {
      var request = server.request("/one/").header("X-Forwarded-Proto", "https");
      assertThat(server.send(request).body()).endsWith(" https plain");
    }
  }
}
