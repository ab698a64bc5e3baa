// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.bridge.Upload.FORM;
import static org.waterspout.bridge.Upload.app;
import static org.waterspout.bridge.Upload.check;
import static org.waterspout.bridge.Upload.files;
import static org.waterspout.bridge.Upload.filesIn;
import static org.waterspout.bridge.Upload.send;
import static org.waterspout.bridge.Upload.sendInPieces;
import static org.waterspout.bridge.Upload.temporary;
import static org.waterspout.bridge.Upload.text;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms with files, Servlet 6.1 sections 3.2 and 8.1.5. */
class MultipartTest {
  @TempDir private Path directory;

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

  @Test
  void readsNamesAndHeadersAsUTF8() throws Exception {
    String form = FORM.replace("C:\\\\a b.txt", "Grüße €.txt").replace(": one", ": ü");
    check(
        files(0),
        form,
        (request, response) -> {
          Part file = request.getPart("file");
          assertThat(file.getSubmittedFileName()).isEqualTo("Grüße €.txt");
          assertThat(file.getHeader("Content-Disposition"))
              .isEqualTo("form-data; name=\"file\"; filename=\"Grüße €.txt\"");
          assertThat(file.getHeaders("X-Extra")).containsExactly("ü", "two");
        });
  }

  @Test
  void leavesHeadersThatAreNotUTF8AsTheyAre() throws Exception {
    byte[] bytes = FORM.replace(": one", ": \u00fc").getBytes(StandardCharsets.ISO_8859_1);
    Code.Service service =
        (request, response) -> {
          response.setCharacterEncoding("UTF-8");
          response.getWriter().print(request.getPart("file").getHeader("X-Extra"));
        };
    try (var app = TestApp.start("", app(files(0), service))) {
      assertThat(sendInPieces(app, bytes, 1000).text()).isEqualTo("ü");
    }
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
}
