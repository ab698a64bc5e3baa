// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** In front of an old web application, whose chain supports async or does not. */
@ParameterizedClass
@CsvSource({
  "JETTY, true",
  "JETTY, false",
  "TOMCAT, true",
  "TOMCAT, false",
  "UNDERTOW, true",
  "UNDERTOW, false"
})
class FilterTest {
  @Parameter(0)
  private Container.Kind kind;

  @Parameter(1)
  private boolean async;

  /** What was there before. */
  private static final class Legacy extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      String form = request.getMethod().equals("POST") ? " a=" + request.getParameter("a") : "";
      response.getWriter().write("legacy " + request.getRequestURI() + form);
    }
  }

  @Test
  void answersItsRoutesAndLeavesTheRestUntouched() throws Exception {
    try (var container = started();
        var client = container.connect()) {
      assertThat(client.get("/echo/x").text()).isEqualTo("GET /echo/x");
      assertThat(client.get("/old").text()).isEqualTo("legacy /old");
      assertThat(client.post("/echo", "body".getBytes(UTF_8)).text()).isEqualTo("body");
      client.send(
          "POST /old HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
              + "Content-Length: 3\r\n\r\na=1");
      assertThat(client.answer().text()).isEqualTo("legacy /old a=1");
      assertThat(client.get("/nowhere").text()).isEqualTo("legacy /nowhere");
    }
  }

  @Test
  void letsNoOtherSpellingPassByARoute() throws Exception {
    try (var container = started()) {
      for (var path : List.of("/echo/x;jsessionid=1", "/%65cho/x", "/x/../echo/x")) {
        try (var client = container.connect()) {
          assertThat(client.get(path).status()).as(path).isEqualTo(400);
        }
      }
    }
  }

  @Test
  void leavesOtherSpellingsOfWhatIsNoRoute() throws Exception {
    try (var container = started();
        var client = container.connect()) {
      assertThat(client.get("/old;jsessionid=1").text()).isEqualTo("legacy /old;jsessionid=1");
      assertThat(client.get("/%6fld").text()).isEqualTo("legacy /%6fld");
    }
  }

  @Test
  void cutsChunkedAnswer() throws Exception {
    try (var container = started();
        var client = container.connect()) {
      client.send("GET /half HTTP/1.1\r\nHost: x\r\n\r\n");
      client.head();
      assertThat(new String(client.chunk(), UTF_8)).isEqualTo("half");
      assertThatExceptionOfType(EOFException.class).isThrownBy(client::chunk);
    }
  }

  @Test
  void saysWhichFilterHasNoApplication() throws Exception {
    try (var log = new CapturedLog();
        var container =
            kind.of(new Legacy()).withFilter("front", new ServletFilterAdapter(), async)) {
      if (kind == Container.Kind.UNDERTOW) { // begins with the first request
        try (var client = container.start().connect()) {
          assertThat(client.get("/").status()).isEqualTo(500);
        }
      } else {
        assertThatThrownBy(container::start);
      }
      assertThat(log.text()).contains("filter front has no init-param \"application\"");
    }
  }

  private Container started() throws Exception {
    var adapter = new ServletFilterAdapter(new TestHandlers().application());
    return kind.of(new Legacy()).withFilter("front", adapter, async).start();
  }
}
