// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Part;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;

/** Forms with files, Servlet 6.1 sections 3.2 and 8.1.5. */
class MultipartTest {
  private static final String TYPE = "multipart/form-data; boundary=b0undary";
  private static final String FORM =
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

  @TempDir private Path directory;

  private static MultipartConfigElement files(int threshold) {
    return new MultipartConfigElement("", -1, -1, threshold);
  }

  private static ServletContainer.Builder app(MultipartConfigElement config, Code.Service service) {
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

  private static Answer send(TestApp app, String body) throws Exception {
    return app.send("POST", "/?title=query", body, "Content-Type", TYPE);
  }

  /** Posts a form to a servlet that checks it. */
  private static void check(MultipartConfigElement config, String body, Code.Service check)
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

  private static String text(Part part) throws IOException {
    try (var in = part.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Path temporary(ServletContext context) {
    return ((File) context.getAttribute(ServletContext.TEMPDIR)).toPath();
  }

  private static long filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  // ---- what a part says

  @Test
  void tellsThePartsInOrder() throws Exception {
    check(
        files(0),
        FORM,
        (request, response) -> {
          List<Part> parts = List.copyOf(request.getParts());
          assertThat(parts).extracting(Part::getName).containsExactly("title", "file", "title");
          assertThat(request.getParts()).containsExactlyElementsOf(parts);
          Part file = request.getPart("file");
          assertThat(text(file)).isEqualTo("0123456789");
          assertThat(text(file)).as("read again").isEqualTo("0123456789");
          assertThat(file.getSize()).isEqualTo(10);
          assertThat(file.getContentType()).isEqualTo("text/plain");
          assertThat(file.getSubmittedFileName()).isEqualTo("C:\\a b.txt");
          assertThat(file.getHeader("x-extra")).isEqualTo("one");
          assertThat(file.getHeaders("X-EXTRA")).containsExactly("one", "two");
          assertThat(file.getHeader("X-None")).isNull();
          assertThat(file.getHeaders("X-None")).isEmpty();
          assertThat(file.getHeaderNames())
              .containsExactlyInAnyOrder("Content-Disposition", "Content-Type", "X-Extra");
          Part title = request.getPart("title");
          assertThat(title.getSubmittedFileName()).isNull();
          assertThat(title.getContentType()).isNull();
          assertThat(text(title)).isEqualTo("Grüße");
          assertThat(request.getPart("none")).isNull();
        });
  }

  @Test
  void offersWhatIsNoFileAsParametersBehindTheQuery() throws Exception {
    check(
        files(0),
        FORM,
        (request, response) -> {
          assertThat(request.getParameterValues("title"))
              .containsExactly("query", "Grüße", "second");
          assertThat(request.getParameter("file")).isNull();
          assertThat(request.getParameterMap()).containsOnlyKeys("title");
          assertThat(request.getParts()).hasSize(3);
          assertThat(request.getInputStream().read()).as("the body has been read").isEqualTo(-1);
        });
  }

  @Test
  void readsAFieldInItsOwnCharsetOrThatOfTheRequest() throws Exception {
    String form =
        """
        --b0undary
        Content-Disposition: form-data; name="own"
        Content-Type: text/plain;charset=UTF-8

        ü
        --b0undary
        Content-Disposition: form-data; name="request"

        ü
        --b0undary--
        """
            .replace("\n", "\r\n");
    check(
        files(0),
        form,
        (request, response) -> {
          request.setCharacterEncoding("ISO-8859-1");
          assertThat(request.getParameter("own")).isEqualTo("ü");
          assertThat(request.getParameter("request")).isEqualTo("Ã¼");
          request.setCharacterEncoding("UTF-8");
          assertThat(request.getParameter("request")).as("too late").isEqualTo("Ã¼");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain;charset=none", "text/plain;charset=US-ASCII"})
  void refusesAFieldThatItsCharsetDoesNotKnow(String type) throws Exception {
    String form = FORM.replace("\"title\"\r\n", "\"title\"\r\nContent-Type: " + type + "\r\n");
    try (var app =
        TestApp.start("", app(files(0), (request, response) -> request.getParameter("title")))) {
      assertThat(send(app, form).status()).isEqualTo(400);
    }
  }

  @Test
  void prefersTheFilenameThatSaysItsCharset() throws Exception {
    String form =
        FORM.replace(
            "filename=\"C:\\\\a b.txt\"", "filename=\"?.txt\"; filename*=UTF-8''%e2%82%ac.txt");
    check(
        files(0),
        form,
        (request, response) ->
            assertThat(request.getPart("file").getSubmittedFileName()).isEqualTo("€.txt"));
  }

  // ---- where it is kept

  @Test
  void keepsLargePartsInFilesOfTheRequest() throws Exception {
    var folder = new AtomicReference<Path>();
    Code.Service service =
        (request, response) -> {
          Path temporary = temporary(request.getServletContext());
          folder.set(temporary);
          long before = filesIn(temporary);
          request.getParts();
          response.getWriter().print(before + " " + filesIn(temporary));
        };
    try (var app = TestApp.start("", app(files(9), service).maxConcurrent(1))) {
      assertThat(send(app, FORM).text()).as("the file, but no field").isEqualTo("0 1");
      assertThat(send(app, FORM).text()).as("after the first request").isEqualTo("0 1");
    }
    try (var app = TestApp.start("", app(files(10), service))) {
      assertThat(send(app, FORM).text()).isEqualTo("0 0");
    }
    assertThat(folder.get()).as("deleted with the application").doesNotExist();
  }

  @Test
  void deletesAPartWhenAsked() throws Exception {
    check(
        files(0),
        FORM,
        (request, response) -> {
          Part file = request.getPart("file");
          file.delete();
          assertThat(filesIn(temporary(request.getServletContext()))).isZero();
          assertThatThrownBy(file::getInputStream).isInstanceOf(NoSuchFileException.class);
          file.delete();
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1000})
  void writesAPartToAFileThatStays(int threshold) throws Exception {
    Path old = Files.writeString(directory.resolve("old.txt"), "to be replaced, and longer");
    check(
        new MultipartConfigElement(directory.toString(), -1, -1, threshold),
        FORM,
        (request, response) -> {
          Part file = request.getPart("file");
          file.write("old.txt");
          assertThat(text(file)).as("can still be read").isEqualTo("0123456789");
          file.write(directory.resolve("absolute.txt").toString());
          file.delete();
        });
    assertThat(old).hasContent("0123456789");
    assertThat(directory.resolve("absolute.txt")).hasContent("0123456789");
    assertThat(filesIn(directory)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../out.txt", "a/../../out.txt", "", ".", "a\0b"})
  void doesNotWriteOutOfItsLocation(String name) throws Exception {
    Path location = Files.createDirectories(directory.resolve("in"));
    check(
        new MultipartConfigElement(location.toString()),
        FORM,
        (request, response) ->
            assertThatThrownBy(() -> request.getPart("file").write(name))
                .isInstanceOf(IOException.class));
    assertThat(directory.resolve("out.txt")).doesNotExist();
    assertThat(location).isEmptyDirectory();
  }

  @Test
  void makesALocationBelowTheTemporaryFiles() throws Exception {
    check(
        new MultipartConfigElement("below/this"),
        FORM,
        (request, response) -> {
          request.getPart("file").write("x");
          assertThat(temporary(request.getServletContext()).resolve("below/this/x"))
              .hasContent("0123456789");
        });
  }

  @Test
  void failsWhereTheLocationIsMissing() throws Exception {
    check(
        new MultipartConfigElement(directory.resolve("none").toString()),
        FORM,
        (request, response) ->
            assertThatThrownBy(request::getParts)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none"));
  }

  // ---- what is refused

  @Test
  void leavesTheBodyToAServletWithoutConfiguration() throws Exception {
    check(
        null,
        FORM,
        (request, response) -> {
          assertThatThrownBy(request::getParts).isInstanceOf(IllegalStateException.class);
          assertThat(request.getParameterValues("title")).containsExactly("query");
          assertThat(request.getInputStream().readAllBytes())
              .isEqualTo(FORM.getBytes(StandardCharsets.UTF_8));
        });
  }

  @Test
  void hasNoPartsWhereThereIsNoForm() throws Exception {
    try (var app =
        TestApp.start(
            "",
            app(
                files(0),
                (request, response) ->
                    assertThatThrownBy(request::getParts).isInstanceOf(ServletException.class)))) {
      assertThat(app.post("/", "a=b").status()).isEqualTo(200);
      assertThat(app.get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void hasNoPartsOfABodyThatTheApplicationReads() throws Exception {
    check(
        files(0),
        FORM,
        (request, response) -> {
          request.getInputStream().read();
          assertThatThrownBy(request::getParts).isInstanceOf(IllegalStateException.class);
          assertThat(request.getParameterValues("title")).containsExactly("query");
        });
  }

  @Test
  void refusesWhatIsTooLargeAgainAndAgain() throws Exception {
    int size = FORM.getBytes(StandardCharsets.UTF_8).length;
    Code.Service refuses =
        (request, response) -> {
          assertThatThrownBy(request::getParts).isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(() -> request.getPart("title"))
              .isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(() -> request.getParameter("title"))
              .isInstanceOf(IllegalStateException.class);
          assertThat(filesIn(temporary(request.getServletContext()))).isZero();
        };
    check(new MultipartConfigElement("", 9, -1, 0), FORM, refuses);
    check(new MultipartConfigElement("", -1, size - 1L, 0), FORM, refuses);
    Code.Service takes = (request, response) -> assertThat(request.getParts()).hasSize(3);
    check(new MultipartConfigElement("", 10, size, 0), FORM, takes);
  }

  @Test
  void answers413ToWhatIsTooLarge() throws Exception {
    Code.Service service = (request, response) -> request.getParts();
    for (var config :
        List.of(
            new MultipartConfigElement("", 9, -1, 0), new MultipartConfigElement("", -1, 20, 0))) {
      try (var app = TestApp.start("", app(config, service))) {
        assertThat(send(app, FORM).status()).isEqualTo(413);
        assertThat(sendInPieces(app, FORM, 7).status()).as("without a length").isEqualTo(413);
      }
    }
    try (var app = TestApp.start("", app(files(0), service).maxParts(2))) {
      assertThat(send(app, FORM).status()).isEqualTo(413);
    }
    try (var app = TestApp.start("", app(files(0), service).maxParts(3))) {
      assertThat(send(app, FORM).status()).isEqualTo(200);
    }
    Code.Service parameters = (request, response) -> request.getParameter("x");
    try (var app = TestApp.start("", app(files(0), parameters).maxFormSize(12))) {
      assertThat(send(app, FORM).status()).isEqualTo(413);
    }
    try (var app = TestApp.start("", app(files(0), parameters).maxFormSize(13))) {
      assertThat(send(app, FORM).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--b0undary",
        "--b0undary\r\nContent-Disposition: form-data; name=\"x\"; filename=\"f\"\r\n\r\nabc",
        "--b0undary\r\nContent-Disposition: form-data; name=\"x\"; filename=\"f\"\r\n\r\nabc"
            + "\r\n--b0undary\r\nbroken",
        "--b0undary\r\nContent-Disposition: attachment\r\n\r\nabc\r\n--b0undary--",
        "no boundary at all"
      })
  void answers400ToWhatIsNoForm(String body) throws Exception {
    var left = new AtomicReference<Long>();
    Code.Service service =
        (request, response) -> {
          try {
            request.getParts();
          } finally {
            left.set(filesIn(temporary(request.getServletContext())));
          }
        };
    try (var app = TestApp.start("", app(files(0), service))) {
      assertThat(send(app, body).status()).isEqualTo(400);
      assertThat(left.get()).isZero();
    }
  }

  @Test
  void answers400WithoutABoundary() throws Exception {
    Code.Service service = (request, response) -> request.getParts();
    try (var app = TestApp.start("", app(files(0), service))) {
      assertThat(app.send("POST", "/", FORM, "Content-Type", "multipart/form-data").status())
          .isEqualTo(400);
    }
  }

  @Test
  void keepsNothingOfAFormWhoseRestNeverComes() throws Exception {
    var began = new CountDownLatch(1);
    var left = new CompletableFuture<Long>();
    Code.Service service =
        (request, response) -> {
          began.countDown();
          try {
            request.getParts();
          } catch (IOException e) {
            left.complete(filesIn(temporary(request.getServletContext())));
            throw e;
          } finally {
            left.completeExceptionally(new AssertionError("no IOException"));
          }
        };
    try (var app = TestApp.start("", app(files(0), service))) {
      var connection = new FakeConnection(app.loop, true, false);
      HTTPMessageDelegate delegate = app.onLoop(() -> begin(app, connection));
      byte[] half = FORM.substring(0, FORM.indexOf("789")).getBytes(StandardCharsets.UTF_8);
      app.onLoop(() -> delegate.dataReceived(half));
      assertThat(began.await(20, TimeUnit.SECONDS)).isTrue();
      app.onLoop(
          () -> {
            delegate.onConnectionClose();
            return null;
          });
      assertThat(left.get(20, TimeUnit.SECONDS)).isZero();
    }
  }

  // ---- however it arrives

  @Test
  void isTheSameHoweverItIsCutIntoPieces() throws Exception {
    Code.Service service =
        (request, response) -> {
          for (Part part : request.getParts()) {
            response.getWriter().print(part.getName() + "=" + text(part) + ";");
          }
        };
    try (var app = TestApp.start("", app(files(5), service))) {
      String whole = send(app, FORM).text();
      assertThat(whole).startsWith("title=Gr").endsWith(";file=0123456789;title=second;");
      int size = FORM.getBytes(StandardCharsets.UTF_8).length;
      for (int i = 1; i < size; i++) {
        assertThat(sendInPieces(app, FORM, i).text()).as("pieces of " + i).isEqualTo(whole);
      }
    }
  }

  @Test
  void isReadAsTheServletSaysThatTheRequestIsForwardedTo() throws Exception {
    var builder =
        app(
                null,
                (request, response) ->
                    request.getRequestDispatcher("/upload").forward(request, response))
            .servlet(
                "upload",
                Code.servlet(
                    (request, response) -> response.getWriter().print(request.getParts().size())),
                registration -> {
                  registration.addMapping("/upload");
                  registration.setMultipartConfig(files(0));
                });
    try (var app = TestApp.start("", builder)) {
      assertThat(send(app, FORM).text()).isEqualTo("3");
    }
  }

  @Test
  void isReadByAFilterInFrontOfTheServlet() throws Exception {
    var builder =
        app(files(0), (request, response) -> response.getWriter().print(request.getParts().size()))
            .filter(
                "f",
                Code.filter(
                    (request, response, chain) -> {
                      assertThat(request.getParameter("title")).isEqualTo("query");
                      chain.doFilter(request, response);
                    }),
                "/*");
    try (var app = TestApp.start("", builder)) {
      assertThat(send(app, FORM).text()).isEqualTo("3");
    }
  }

  private static HTTPMessageDelegate begin(TestApp app, FakeConnection connection)
      throws Exception {
    var fields = new HTTPHeaders();
    fields.set("Host", "example.org");
    fields.set("Content-Type", TYPE);
    fields.set("Transfer-Encoding", "chunked");
    return app.begin(connection, "POST", "/", fields);
  }

  private static Answer sendInPieces(TestApp app, String form, int size) throws Exception {
    byte[] bytes = form.getBytes(StandardCharsets.UTF_8);
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
