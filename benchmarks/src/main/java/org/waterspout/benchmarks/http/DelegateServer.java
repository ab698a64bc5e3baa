// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.RequestStartLine;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.StartLine;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.routing.Mount;

/** Ours, without Application and RequestHandler: a delegate that answers by itself. */
final class DelegateServer implements Mount {
  private static final ByteBuffer DOWNLOAD =
      ByteBuffer.allocateDirect(Workload.DOWNLOAD_SIZE)
          .put(Workload.body(Workload.DOWNLOAD_SIZE))
          .flip();

  static void main(String[] args) throws IOException {
    var server = new HTTPServer(new DelegateServer());
    server.listen(0, InetAddress.getLoopbackAddress().getHostAddress());
    Ready.announce(server.port(), "");
    IOLoop.current().start();
  }

  @Override
  public void start(String prefix) {}

  @Override
  public void stop() {}

  @Override
  public HTTPMessageDelegate startRequest(Object serverConnection, HTTPConnection connection) {
    return new Exchange(connection);
  }

  private static final class Exchange implements HTTPMessageDelegate {
    private static final ResponseStartLine OK = new ResponseStartLine("HTTP/1.1", 200, "OK");
    private static final byte[] NOTHING = {};

    private final HTTPConnection connection;
    private String target = "";
    private byte[] body = NOTHING;

    Exchange(HTTPConnection connection) {
      this.connection = connection;
    }

    @Override
    public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers) {
      target = ((RequestStartLine) startLine).target();
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
      if (body.length == 0) {
        body = chunk;
      } else {
        int held = body.length;
        body = Arrays.copyOf(body, held + chunk.length);
        System.arraycopy(chunk, 0, body, held, chunk.length);
      }
      return null;
    }

    @Override
    public void finish() {
      switch (target) {
        case "/hello" -> answer(ByteBuffer.wrap(Workload.HELLO_BODY));
        case "/echo" -> answer(ByteBuffer.wrap(body));
        case "/download" -> answer(DOWNLOAD.duplicate());
        default -> throw new IllegalArgumentException(target);
      }
    }

    private void answer(ByteBuffer content) {
      var headers = new HTTPHeaders();
      headers.add("Content-Type", "text/plain");
      headers.add("Content-Length", Integer.toString(content.remaining()));
      var _ = connection.writeHeaders(OK, headers, content);
      var _ = connection.finish();
    }
  }
}
