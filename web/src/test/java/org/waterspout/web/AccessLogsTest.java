// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.waterspout.http.AccessLog;
import org.waterspout.http.ConnectionContext;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.RequestStartLine;
import org.waterspout.log.Log;
import org.waterspout.routing.Rule;

/** The combined access log. */
class AccessLogsTest extends HandlerTest {
  static class Answering extends RequestHandler {
    @Override
    protected void get() {
      write("two ");
      await(flush());
      write("pieces");
    }

    @Override
    protected void head() {
      get();
    }

    @Override
    protected void delete() {
      setStatus(204);
    }
  }

  private final List<String> lines = new ArrayList<>();

  private void serve(String method, String target, Rule... rules) throws Exception {
    var settings = settings().logFunction(AccessLogs.combined(lines::add)).build();
    var _ = request(new Application(settings, rules), method, target, "");
  }

  @Test
  void writesTheCombinedLog() throws Exception {
    with("Referer", "https://example.org/?a").with("User-Agent", "Test/1.0 (x)");
    serve("GET", "/a?b=c", url("/a", Answering::new));

    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst())
        .startsWith("192.0.2.7 - - [")
        .endsWith("] \"GET /a?b=c HTTP/1.1\" 200 10 \"https://example.org/?a\" \"Test/1.0 (x)\"");
    var time = lines.getFirst().replaceAll(".*\\[|\\].*", "");
    var format = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);
    assertThat(ZonedDateTime.parse(time, format))
        .isBetween(ZonedDateTime.now().minusMinutes(5), ZonedDateTime.now().plusMinutes(5));
  }

  @Test
  void hasADashForWhatIsNotThere() throws Exception {
    var rule = url("/a", Answering::new);
    serve("HEAD", "/a", rule);
    serve("DELETE", "/a", rule);
    serve("GET", "/nothing", rule);

    assertThat(lines.get(0)).endsWith("] \"HEAD /a HTTP/1.1\" 200 - \"-\" \"-\"");
    assertThat(lines.get(1)).endsWith("] \"DELETE /a HTTP/1.1\" 204 - \"-\" \"-\"");
    assertThat(lines.get(2)).matches(".*\\] \"GET /nothing HTTP/1.1\" 404 \\d+ \"-\" \"-\"");
  }

  @Test
  void keepsClientsFromForgingLinesAndFields() throws Exception {
    with("Referer", "a\" 200 1 \"b\\").with("User-Agent", "\u00e9\t\u0085");
    serve("GET", "/\"\\", url(".*", Answering::new));

    assertThat(lines.getFirst())
        .endsWith(
            "\"GET /\\\"\\\\ HTTP/1.1\" 200 10 \"a\\\" 200 1 \\\"b\\\\\" \"\\xe9\\x09\\x85\"");
  }

  @Test
  void goesToTheLoggerUnlessToldOtherwise() throws Exception {
    var settings = settings().logFunction(AccessLogs.combined()).build();
    try (var log = new LogCapture(Log.ACCESS)) {
      var _ = request(new Application(settings), "GET", "/", "");

      assertThat(log.lines()).singleElement().asString().startsWith("INFO 192.0.2.7 - - [");
    }
  }

  @Test
  void writesWhatAServerTells() {
    var context = new ConnectionContext("192.0.2.7", 49152, "192.0.2.1", 80, "http");
    var headers = new HTTPHeaders();
    headers.add("User-Agent", "Test");
    var log = AccessLogs.combinedOfServer(lines::add);
    log.log(
        new AccessLog.Entry(
            new RequestStartLine("PUT", "/x", "HTTP/1.0"),
            headers,
            context,
            201,
            345,
            Duration.ofMillis(3),
            true));
    log.log(new AccessLog.Entry(null, null, context, 400, 0, Duration.ZERO, true));

    assertThat(lines.get(0)).endsWith("] \"PUT /x HTTP/1.0\" 201 345 \"-\" \"Test\"");
    assertThat(lines.get(1)).endsWith("] \"-\" 400 - \"-\" \"-\"");
  }

  @Test
  void answersThoughTheLogFails() throws Exception {
    var settings =
        settings()
            .logFunction(
                _ -> {
                  throw new IllegalStateException("disk full");
                })
            .build();
    try (var log = new LogCapture(Log.APPLICATION)) {
      var application = new Application(settings, url("/", Answering::new));

      assertThat(request(application, "GET", "/", "").body()).isEqualTo("two pieces");
      assertThat(log.thrown()).singleElement().asString().contains("disk full");
    }
  }
}
