// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.waterspout.http.FormLimits;
import org.waterspout.http.MultipartPart;
import org.waterspout.http.MultipartReader;

/** Multipart forms, collected and streamed. */
class FormTest extends HandlerTest {
  private static final String BODY =
      "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nGr\u00fc\u00dfe\r\n"
          + "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n two \r\n"
          + "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\u20ac.txt\"\r\n"
          + "Content-Type: text/plain\r\n\r\none\r\n"
          + "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"b\"\r\n\r\n\r\n"
          + "--x\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\n"
          + "Content-Type: application/octet-stream\r\n\r\n\r\n--x--\r\n";

  /** Says what it found. */
  static final class FormHandler extends RequestHandler {
    @Override
    protected void post() {
      write(getArguments("text") + " " + request().bodyArguments().keySet());
      request()
          .files()
          .forEach(
              (name, files) ->
                  files.forEach(
                      file ->
                          write(
                              " "
                                  + name
                                  + " "
                                  + file.filename()
                                  + " "
                                  + file.contentType()
                                  + " "
                                  + new String(file.body(), StandardCharsets.UTF_8))));
    }

    @Override
    protected void get() {
      write("files: " + request().files().size());
    }
  }

  private boolean multipart; // whether the headers say so already

  private FakeConnection postMultipart(Application application, String body) throws Exception {
    if (!multipart) {
      with("Content-Type", "multipart/form-data; boundary=x").with("Content-Length", "1");
      multipart = true;
    }
    return request(application, "POST", "/", body);
  }

  private static Application application(FormLimits limits) {
    return new Application(settings().formLimits(limits).build(), url("/", FormHandler::new));
  }

  @Test
  void findsArgumentsAndFiles() throws Exception {
    var answer = postMultipart(application(FormLimits.DEFAULT), BODY);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "[Gr\u00fc\u00dfe, two] [text, none] f \u20ac.txt text/plain one"
                + " f b application/unknown ");
  }

  @Test
  void refusesAMalformedFormBeforeTheHandlerSeesIt() throws Exception {
    var answer =
        postMultipart(application(FormLimits.DEFAULT), BODY.substring(0, BODY.length() - 4));

    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void refusesAnAnnouncedFormOfNoBytes() throws Exception {
    assertThat(postMultipart(application(FormLimits.DEFAULT), "").status()).isEqualTo(400);
  }

  @Test
  void takesATypeWithoutABodyForNoForm() throws Exception {
    var answer = with("Content-Type", "multipart/form-data").get("/", url("/", FormHandler::new));

    assertThat(answer.body()).isEqualTo("files: 0");
  }

  @Test
  void keepsToTheLimitsOfTheSettings() throws Exception {
    var defaults = FormLimits.DEFAULT;

    assertThat(postMultipart(application(defaults.withMaxParts(5)), BODY).status()).isEqualTo(200);
    assertThat(postMultipart(application(defaults.withMaxParts(4)), BODY).status()).isEqualTo(400);
    assertThat(postMultipart(application(defaults.withMaxPartHeaderSize(60)), BODY).status())
        .isEqualTo(400);
  }

  @Test
  void keepsToTheLimitsOfArguments() throws Exception {
    var limits = FormLimits.DEFAULT.withMaxArguments(2).withMaxFormSize(9);
    with("Content-Type", "application/x-www-form-urlencoded");

    assertThat(request(application(limits), "POST", "/", "text=a&b=").status()).isEqualTo(200);
    assertThat(request(application(limits), "POST", "/", "text=a&&b=").status()).isEqualTo(413);
    assertThat(request(application(limits), "POST", "/", "a&b&c").status()).isEqualTo(400);
    assertThat(request(application(limits), "POST", "/?text&text&text", "").status())
        .isEqualTo(400);
  }

  @Test
  void refusesACompressedForm() throws Exception {
    with("Content-Encoding", "gzip");

    assertThat(postMultipart(application(FormLimits.DEFAULT), BODY).status()).isEqualTo(415);
  }

  /** Writes what it is told as soon as it is told. */
  @StreamRequestBody
  static final class Streaming extends RequestHandler implements MultipartReader.Listener {
    private MultipartReader reader;

    @Override
    protected void prepare() {
      reader = new MultipartReader(request(), this);
    }

    @Override
    protected void dataReceived(byte[] chunk) throws Exception {
      reader.feed(chunk);
    }

    @Override
    public void partBegins(MultipartPart part) {
      write(part.name() + "(");
    }

    @Override
    public void partData(byte[] chunk) {
      write(chunk);
      flush().join();
    }

    @Override
    public void partEnds() {
      write(") ");
    }

    @Override
    protected void post() {
      reader.finish();
    }
  }

  @Test
  void streamsToAHandlerThatWantsIt() throws Exception {
    var answer = postMultipart(new Application(url("/", Streaming::new)), BODY);

    assertThat(answer.body()).isEqualTo("text(Gr\u00fc\u00dfe) text( two ) f(one) f() none() ");
  }

  @Test
  void keepsToTheLimitsOfTheSettingsWhileStreaming() throws Exception {
    var settings = settings().formLimits(FormLimits.DEFAULT.withMaxParts(0)).build();
    var answer = postMultipart(new Application(settings, url("/", Streaming::new)), BODY);

    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void answersOtherTypesWith415WhereAFormIsStreamed() throws Exception {
    var answer =
        with("Content-Type", "text/plain").request("POST", "/", "x", url("/", Streaming::new));

    assertThat(answer.status()).isEqualTo(415);
  }
}
