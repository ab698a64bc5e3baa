// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.Part;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;

/** A multipart form, and servlets that take it. */
final class Upload {
  static final String TYPE = "multipart/form-data; boundary=b0undary";

  static final String FORM =
      """
      --b0undary
      Content-Disposition: form-data; name="title"

      Grüße
      --b0undary
      Content-Disposition: form-data; name="file"; filename="C:\\\\a b.txt"
      Content-Type: text/plain
      X-Extra: one
      X-Extra: two

      0123456789
      --b0undary
      Content-Disposition: form-data; name="title"

      second
      --b0undary--
      """
          .replace("\n", "\r\n");

  private Upload() {}

  static MultipartConfigElement files(int threshold) {
    return new MultipartConfigElement("", -1, -1, threshold);
  }

  static ServletContainer.Builder app(MultipartConfigElement config, Code.Service service) {
    return ServletContainer.builder()
        .servlet(
            "s",
            Code.servlet(service),
            registration -> {
              registration.addMapping("/*");
              if (config != null) {
                registration.setMultipartConfig(config);
              }
            });
  }

  static Answer send(TestApp app, String body) throws Exception {
    return app.send("POST", "/?title=query", body, "Content-Type", TYPE);
  }

  /** Posts a form to a servlet that checks it. */
  static void check(MultipartConfigElement config, String body, Code.Service check)
      throws Exception {
    var failure = new AtomicReference<Throwable>(new AssertionError("the servlet did not run"));
    Code.Service service =
        (request, response) -> {
          try {
            check.service(request, response);
            failure.set(null);
          } catch (Throwable e) {
            failure.set(e);
          }
        };
    try (var app = TestApp.start("", app(config, service))) {
      send(app, body);
    }
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  static String text(Part part) throws IOException {
    try (var in = part.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static Path temporary(ServletContext context) {
    return ((File) context.getAttribute(ServletContext.TEMPDIR)).toPath();
  }

  static long filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  static HTTPMessageDelegate begin(TestApp app, FakeConnection connection) throws Exception {
    var fields = new HTTPHeaders();
    fields.set("Host", "example.org");
    fields.set("Content-Type", TYPE);
    fields.set("Transfer-Encoding", "chunked");
    return app.begin(connection, "POST", "/", fields);
  }

  static Answer sendInPieces(TestApp app, String form, int size) throws Exception {
    return sendInPieces(app, form.getBytes(StandardCharsets.UTF_8), size);
  }

  static Answer sendInPieces(TestApp app, byte[] bytes, int size) throws Exception {
    var connection = new FakeConnection(app.loop, true, false);
    app.onLoop(
        () -> {
          HTTPMessageDelegate delegate = begin(app, connection);
          for (int i = 0; i < bytes.length; i += size) {
            var unused =
                delegate.dataReceived(
                    Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + size)));
          }
          delegate.finish();
          return null;
        });
    return connection.await();
  }
}
