// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.RequestStartLine;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.StartLine;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.routing.Rule;
import org.waterspout.web.Application;

/**
 * Answers every request with what the server has understood of it, as JSON:
 *
 * <pre>
 *   {"headers": [[name, value], ...], "body": ..., "method": ..., "uri": ..., "version": ...}
 * </pre>
 *
 * <p>Each string is base64, since none of them need be text. Headers are in the order and spelling
 * in which they were sent, one pair for each line, without whitespace around the value. The body is
 * without its transfer coding. Three things are as the server has settled them: the version of a
 * request of HTTP/1.2 or higher is HTTP/1.1 (RFC 9110 section 2.5), Host is the authority of an
 * absolute target (RFC 9112 section 3.2.2), and trailers are not among the headers.
 */
final class RequestInspector {
  private static final int MAX_BODY = 16 << 20;

  private RequestInspector() {}

  /** One request. */
  static final class Inspection implements HTTPMessageDelegate {
    private final HTTPConnection connection;
    private final LinkedHashMap<String, Object> seen = new LinkedHashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

    Inspection(HTTPConnection connection) {
      this.connection = connection;
    }

    @Override
    public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers) {
      connection.setMaxBodySize(MAX_BODY);
      List<List<String>> fields = new ArrayList<>();
      headers.forEach((name, value) -> fields.add(List.of(base64(name), base64(value))));
      var request = (RequestStartLine) startLine;
      seen.put("headers", fields);
      seen.put("body", ""); // stands here, and comes later
      seen.put("method", base64(request.method()));
      seen.put("uri", base64(request.target()));
      seen.put("version", base64(request.version()));
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
      body.writeBytes(chunk);
      return null;
    }

    @Override
    public void finish() {
      seen.put("body", base64(body.toByteArray()));
      var json = Escape.jsonEncode(seen).getBytes(StandardCharsets.UTF_8);
      var headers = new HTTPHeaders();
      headers.add("Content-Type", "application/json");
      headers.add("Content-Length", Integer.toString(json.length));
      var startLine = new ResponseStartLine("HTTP/1.1", 200, "OK");
      var _ = connection.writeHeaders(startLine, headers, ByteBuffer.wrap(json));
      var _ = connection.finish();
    }

    /** Each character that came from the wire is one byte of it. */
    private static String base64(String bytes) {
      return base64(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String base64(byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }
  }

  static Application application() {
    return new Application(Rule.any((_, connection) -> new Inspection(connection)));
  }

  static void main(String[] args) {
    var options =
        Options.of("Answers every request with what it was, as JSON with base64 strings.")
            .serving(8888)
            .parse(args);
    var _ = options.listen(application());
    IOLoop.current().start();
  }
}
