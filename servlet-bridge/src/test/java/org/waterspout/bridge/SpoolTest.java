// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;

/** Bodies that are whole before their servlet starts. */
class SpoolTest {
  private static final String BODY = "0123456789".repeat(10_000);

  private static ServletContainer.Builder app(Code.Service service) {
    return ServletContainer.builder()
        .maxConcurrent(1)
        .spoolBodies(1000)
        .servlet(
            "s",
            Code.servlet(service),
            registration -> {
              registration.addMapping("/*");
              registration.setAsyncSupported(true);
              registration.setMultipartConfig(new MultipartConfigElement("", -1, -1, 1 << 20));
            });
  }

  private static long files(ServletContext context) throws IOException {
    Path folder = ((File) context.getAttribute(ServletContext.TEMPDIR)).toPath();
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  private static void copy(HttpServletRequest request, java.io.OutputStream out)
      throws IOException {
    request.getInputStream().transferTo(out);
  }

  @Test
  void areReadAsTheyCame() throws Exception {
    try (var app =
        TestApp.start("", app((request, response) -> copy(request, response.getOutputStream())))) {
      for (int size : new int[] {0, 1, 999, 1000, 1001, 16 * 1024, BODY.length()}) {
        String body = BODY.substring(0, size);
        assertThat(app.send("POST", "/", body).text()).hasSize(size).isEqualTo(body);
      }
      assertThat(app.get("/").text()).isEmpty();
    }
  }

  @Test
  void areInAFileOnlyIfTheyAreLarge() throws Exception {
    try (var app =
        TestApp.start(
            "",
            app(
                (request, response) -> {
                  int available = request.getInputStream().available();
                  response.getWriter().print(files(request.getServletContext()) + " " + available);
                }))) {
      assertThat(app.send("POST", "/", BODY.substring(0, 1000)).text()).isEqualTo("0 1000");
      assertThat(app.send("POST", "/", BODY).text()).isEqualTo("1 100000");
      assertThat(app.get("/").text()).as("the file of the request before").isEqualTo("0 0");
    }
  }

  @Test
  void takeNoTurnUntilTheyAreWhole() throws Exception {
    try (var app =
        TestApp.start("", app((request, response) -> copy(request, response.getOutputStream())))) {
      var connection = new FakeConnection(app.loop, true, false);
      HTTPMessageDelegate upload = app.onLoop(() -> begin(app, connection));
      app.onLoop(() -> upload.dataReceived("first,".getBytes(StandardCharsets.US_ASCII)));
      assertThat(app.send("POST", "/", "other").text()).as("the only turn").isEqualTo("other");
      app.onLoop(
          () -> {
            var unused = upload.dataReceived("second".getBytes(StandardCharsets.US_ASCII));
            upload.finish();
            return null;
          });
      assertThat(connection.await().text()).isEqualTo("first,second");
    }
  }

  private static HTTPMessageDelegate begin(TestApp app, FakeConnection connection)
      throws Exception {
    var fields = new HTTPHeaders();
    fields.set("Host", "example.org");
    fields.set("Transfer-Encoding", "chunked");
    return app.begin(connection, "POST", "/", fields);
  }

  @Test
  void leaveNothingIfTheirRestNeverComes() throws Exception {
    var context = new AtomicReference<ServletContext>();
    var builder = app((request, response) -> context.set(request.getServletContext()));
    try (var app = TestApp.start("", builder)) {
      app.get("/");
      var connection = new FakeConnection(app.loop, true, false);
      HTTPMessageDelegate upload = app.onLoop(() -> begin(app, connection));
      app.onLoop(
          () -> {
            var unused = upload.dataReceived(BODY.getBytes(StandardCharsets.US_ASCII));
            return null;
          });
      while (files(context.get()) == 0) {
        Thread.onSpinWait();
      }
      app.vanish(upload);
      assertThat(connection.await().cut()).isTrue();
      while (files(context.get()) > 0) {
        Thread.onSpinWait();
      }
      assertThat(app.get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void areAnswered500IfThereIsNoPlaceForThem() throws Exception {
    var temporary = new AtomicReference<Path>();
    var builder =
        app(
            (request, response) -> {
              Object folder = request.getServletContext().getAttribute(ServletContext.TEMPDIR);
              temporary.set(((File) folder).toPath());
            });
    try (var app = TestApp.start("", builder)) {
      app.get("/");
      Files.delete(temporary.get());
      for (boolean lends : new boolean[] {true, false}) {
        app.lends = lends;
        assertThat(app.send("POST", "/", BODY).status()).isEqualTo(500);
      }
      assertThat(app.send("POST", "/", "small").status()).as("the turn is free").isEqualTo(200);
    }
  }

  @Test
  void areFormsAndPartsToo() throws Exception {
    try (var app =
        TestApp.start(
            "",
            app(
                (request, response) ->
                    response.getWriter().print(request.getParameter("a").length())))) {
      assertThat(app.post("/", "a=" + BODY).text()).isEqualTo("100000");
      String part =
          "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + BODY + "\r\n--b--\r\n";
      assertThat(
              app.send("POST", "/", part, "Content-Type", "multipart/form-data; boundary=b").text())
          .isEqualTo("100000");
    }
  }

  @Test
  void areReadWithoutWaitingToo() throws Exception {
    try (var app =
        TestApp.start(
            "",
            app(
                (request, response) -> {
                  var async = request.startAsync();
                  var in = request.getInputStream();
                  var read = new ByteArrayOutputStream();
                  in.setReadListener(
                      new ReadListener() {
                        @Override
                        public void onDataAvailable() throws IOException {
                          byte[] buffer = new byte[5000];
                          while (in.isReady() && !in.isFinished()) {
                            int count = in.read(buffer);
                            read.write(buffer, 0, Math.max(count, 0));
                          }
                        }

                        @Override
                        public void onAllDataRead() throws IOException {
                          response.getOutputStream().write(read.toByteArray());
                          async.complete();
                        }

                        @Override
                        public void onError(Throwable reason) {
                          async.complete();
                        }
                      });
                }))) {
      assertThat(app.send("POST", "/", BODY).text()).isEqualTo(BODY);
    }
  }

  @Test
  void haveAThreshold() {
    assertThatThrownBy(() -> ServletContainer.builder().spoolBodies(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
