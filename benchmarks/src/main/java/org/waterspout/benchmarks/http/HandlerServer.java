// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import static org.waterspout.web.Application.url;

import java.io.IOException;
import java.net.InetAddress;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;
import org.waterspout.websocket.WebSocketHandler;

/** Ours, as users have it: an Application with handlers, and with its access log. */
final class HandlerServer {
  private static final byte[] DOWNLOAD = Workload.body(Workload.DOWNLOAD_SIZE);

  private HandlerServer() {}

  static final class HelloHandler extends RequestHandler {
    @Override
    protected void get() {
      setHeader("Content-Type", "text/plain");
      write(Workload.HELLO_BODY);
    }
  }

  static final class EchoHandler extends RequestHandler {
    @Override
    protected void post() {
      setHeader("Content-Type", "text/plain");
      write(request().body());
    }
  }

  static final class DownloadHandler extends RequestHandler {
    @Override
    protected void get() {
      setHeader("Content-Type", "text/plain");
      write(DOWNLOAD);
    }
  }

  static final class EchoSocket extends WebSocketHandler {
    @Override
    protected void onMessage(String message) {
      var _ = writeMessage(message);
    }
  }

  static void main(String[] args) throws IOException {
    AccessLog.toNowhere();
    var application =
        new Application(
            url("/hello", HelloHandler::new),
            url("/echo", EchoHandler::new),
            url("/download", DownloadHandler::new),
            url("/ws", EchoSocket::new));
    var server = application.listen(0, InetAddress.getLoopbackAddress().getHostAddress());
    Ready.announce(server.port(), "");
    IOLoop.current().start();
  }
}
