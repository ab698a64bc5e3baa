// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.waterspout.web.Application;
import org.waterspout.web.OnMissingCapability;
import org.waterspout.web.RequestHandler;
import org.waterspout.websocket.WebSocketHandler;

/** A container whose jakarta.websocket is not there. */
@Timeout(60)
class MissingWebSocketTest {
  static class Socket extends WebSocketHandler {}

  static class Page extends RequestHandler {
    @Override
    protected void get() {
      write("a page");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "JETTY, org.eclipse.jetty.ee11.websocket:jetty-ee11-websocket-jakarta-server",
    "TOMCAT, org.apache.tomcat.embed:tomcat-embed-websocket",
    "UNDERTOW, io.undertow:undertow-websockets-jsr"
  })
  void failsTheStartAndNamesWhatIsMissing(Containers kind, String artifact) throws Exception {
    var application = new Application(url("/ws", Socket::new), url("/page", Page::new));
    var log = new StringBuffer();
    var general = Logger.getLogger("org.waterspout.general");
    var watch = watching(log);
    general.addHandler(watch);
    try {
      kind.startWithout(application).close(); // not all of them make the server fail with it
    } catch (Exception e) {
      assertThat(e).isNotNull();
    } finally {
      general.removeHandler(watch);
    }

    assertThat(log.toString()).contains("WEBSOCKET is not offered", "route /ws", artifact);
  }

  @ParameterizedTest
  @EnumSource(names = {"JETTY", "TOMCAT", "UNDERTOW"})
  void answers501OnTheRouteAlone(Containers kind) throws Exception {
    var application =
        new Application(
            settings().onMissingCapability(OnMissingCapability.ROUTE).build(),
            url("/ws", Socket::new),
            url("/page", Page::new));
    try (var container = kind.startWithout(application);
        var client = container.connect();
        var other = container.connect()) {
      client.send(RawWebSocket.handshake("/ws").getBytes(UTF_8));
      String head = client.head();
      client.body(head);
      assertThat(head).contains(" 501 ");
      other.send("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      assertThat(other.body(other.head())).isEqualTo("a page");
    }
  }

  private static Handler watching(StringBuffer log) {
    return new Handler() {
      @Override
      public void publish(LogRecord entry) {
        log.append(entry.getMessage()).append('\n');
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
