// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPOutputException;

class AnswerHeadTest {
  @Test
  void readsTheAnnouncedLength() {
    assertThat(AnswerHead.contentLength(200, new HTTPHeaders())).isEqualTo(AnswerHead.NO_LENGTH);
    assertThat(AnswerHead.contentLength(200, length("5000000000"))).isEqualTo(5_000_000_000L);
    assertThat(AnswerHead.contentLength(204, length("0"))).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "+5", "-1", "5 6", "0x1", "9999999999999999999"})
  void refusesLengthsThatAreNone(String value) {
    assertThatExceptionOfType(HTTPOutputException.class)
        .isThrownBy(() -> AnswerHead.contentLength(200, length(value)));
  }

  @Test
  void refusesTwoLengthsABodyOf204AndInformationalAnswers() {
    var two = length("5");
    two.add("content-length", "5");
    assertThatExceptionOfType(HTTPOutputException.class)
        .isThrownBy(() -> AnswerHead.contentLength(200, two));
    assertThatExceptionOfType(HTTPOutputException.class)
        .isThrownBy(() -> AnswerHead.contentLength(204, length("5")));
    assertThatExceptionOfType(HTTPOutputException.class)
        .isThrownBy(() -> AnswerHead.contentLength(101, new HTTPHeaders()));
  }

  private static HTTPHeaders length(String value) {
    var headers = new HTTPHeaders();
    headers.set("Content-Length", value);
    return headers;
  }
}
