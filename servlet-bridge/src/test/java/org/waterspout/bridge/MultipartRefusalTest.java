// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.bridge.Upload.FORM;
import static org.waterspout.bridge.Upload.app;
import static org.waterspout.bridge.Upload.begin;
import static org.waterspout.bridge.Upload.check;
import static org.waterspout.bridge.Upload.files;
import static org.waterspout.bridge.Upload.filesIn;
import static org.waterspout.bridge.Upload.send;
import static org.waterspout.bridge.Upload.sendInPieces;
import static org.waterspout.bridge.Upload.temporary;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPMessageDelegate;

/** Forms with files that are too large, broken or not to be read, Servlet 6.1 section 3.2. */
class MultipartRefusalTest {
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
          assertThatThrownBy(request::getParts)
              .isInstanceOf(IllegalStateException.class)
              .as("what Spring looks for, to answer 413")
              .hasMessageMatching(".* exceeds the maximum size of [0-9]+ bytes");
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
      app.vanish(delegate);
      assertThat(left.get(20, TimeUnit.SECONDS)).isZero();
    }
  }
}
