// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartReaderTest {
  private static final String BODY =
      "--x\r\nContent-Disposition: form-data; name=a; filename=f\r\n\r\none\r\n--x--";

  private final List<String> events = new ArrayList<>();

  /** Notes what it learns. */
  private class Noting implements MultipartReader.Listener {
    @Override
    public void partBegins(MultipartPart part) throws Exception {
      events.add(part.name() + " " + part.contentType());
    }

    @Override
    public void partData(byte[] chunk) throws Exception {
      events.add(new String(chunk, StandardCharsets.UTF_8));
    }

    @Override
    public void partEnds() throws Exception {
      events.add("end");
    }
  }

  private static HTTPHeaders type(String contentType) {
    var headers = new HTTPHeaders();
    headers.add("Content-Type", contentType);
    return headers;
  }

  private static MultipartReader reader(String contentType, MultipartReader.Listener listener) {
    return new MultipartReader(type(contentType), FormLimits.DEFAULT, listener);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void tellsTheListenerWhatArrives() throws Exception {
    var reader = reader("Multipart/Form-Data; charset=utf-8; boundary=\"x\"", new Noting());
    reader.feed(bytes(BODY.substring(0, BODY.length() - 8)));
    assertThat(events).containsExactly("a application/unknown", "on");

    reader.feed(bytes(BODY.substring(BODY.length() - 8)));
    assertThat(events).containsExactly("a application/unknown", "on", "e", "end");
    reader.finish();
  }

  @Test
  void refusesABodyWithoutItsEnd() throws Exception {
    var reader = reader("multipart/form-data; boundary=x", new Noting());
    reader.feed(bytes(BODY.substring(0, BODY.length() - 1)));

    assertThatThrownBy(reader::finish).isInstanceOf(HTTPInputException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "multipart/mixed; boundary=x", "multipart/form-dataX"})
  void refusesOtherTypes(String type) {
    assertThatThrownBy(() -> reader(type, new Noting()))
        .isInstanceOfSatisfying(
            HTTPInputException.class, e -> assertThat(e.status()).isEqualTo(415));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data",
        "multipart/form-data; boundary",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=a; boundary=b",
        "multipart/form-data; boundary=a b",
        "multipart/form-data; boundary=\"a",
        "multipart/form-data; boundary=\"a \"",
      })
  void refusesBoundariesThatCouldBeReadInTwoWays(String type) {
    assertThatThrownBy(() -> reader(type, new Noting()))
        .isInstanceOfSatisfying(
            HTTPInputException.class, e -> assertThat(e.status()).isEqualTo(400));
  }

  @Test
  void refusesACompressedBody() {
    var headers = type("multipart/form-data; boundary=x");
    headers.add("Content-Encoding", "gzip");

    assertThatThrownBy(() -> new MultipartReader(headers, FormLimits.DEFAULT, new Noting()))
        .isInstanceOfSatisfying(
            HTTPInputException.class, e -> assertThat(e.status()).isEqualTo(415));
  }

  @Test
  void isOfNoUseAfterItsListenerHasFailed() {
    var reader =
        reader(
            "multipart/form-data; boundary=x",
            new Noting() {
              @Override
              public void partData(byte[] chunk) throws Exception {
                throw new IOException("disk full");
              }
            });

    assertThatThrownBy(() -> reader.feed(bytes(BODY))).hasMessage("disk full");
    assertThatThrownBy(() -> reader.feed(bytes(""))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(reader::finish).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void cannotBeFedByItsListener() throws Exception {
    var readers = new ArrayList<MultipartReader>();
    var reader =
        reader(
            "multipart/form-data; boundary=x",
            new Noting() {
              @Override
              public void partEnds() throws Exception {
                assertThatThrownBy(() -> readers.getFirst().feed(bytes("x")))
                    .isInstanceOf(IllegalStateException.class);
                super.partEnds();
              }
            });
    readers.add(reader);

    reader.feed(bytes(BODY));
    assertThat(events).endsWith("end");
    reader.finish();
  }

  @Test
  void limitsAreNotNegative() {
    assertThatThrownBy(() -> FormLimits.DEFAULT.withMaxParts(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxParts -1 is negative");
  }
}
