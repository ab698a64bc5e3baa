// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.waterspout.http.HTTPHeaders;

/** Which content codings a client takes, RFC 9110 section 12.5.3. */
class AcceptEncodingTest {
  private static int weight(String accepted, String coding) {
    var headers = new HTTPHeaders();
    headers.add("Accept-Encoding", accepted);
    return AcceptEncoding.weight(headers, coding);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip                          | 1000",
        "GZIP                          | 1000",
        "x-gzip                        | 1000",
        "br, gzip                      | 1000",
        "gzip ; q=0.5                  | 500",
        "gzip;Q=0.123                  | 123",
        "gzip;q=1.000                  | 1000",
        "*                             | 1000",
        "*;q=0.25                      | 250",
        "br;q=1, *;q=0.1               | 100",
        "gzip;q=0.5, *;q=1             | 500",
        "gzip;q=0.5, identity;q=0.5    | 500",
        "gzip;q=0.5, identity;q=0.6    | 0",
        "gzip, identity;q=0            | 1000",
        "gzip;q=0                      | 0",
        "gzip;q=0.000, *               | 0",
        "*;q=0                         | 0",
        "br                            | 0",
        "gzipped                       | 0",
        "not-gzip                      | 0",
        "''                            | 0",
        "gzip;q=2                      | 0",
        "gzip;q=-1                     | 0",
        "gzip;q=0.1234                 | 0",
        "gzip;q=                       | 0",
        "gzip;level=9                  | 0",
        "gzip;                         | 0",
        ",,gzip,,                      | 1000",
      })
  void weighsGzip(String accepted, int weight) {
    assertThat(weight(accepted, "gzip")).isEqualTo(weight);
  }

  @Test
  void aClientThatSaysNothingGetsTheContentAsItIs() {
    assertThat(AcceptEncoding.weight(new HTTPHeaders(), "gzip")).isZero();
  }

  @Test
  void severalFieldsAreOneList() {
    var headers = new HTTPHeaders();
    headers.add("Accept-Encoding", "br;q=0.5");
    headers.add("Accept-Encoding", "gzip;q=0.25");
    assertThat(AcceptEncoding.weight(headers, "br")).isEqualTo(500);
    assertThat(AcceptEncoding.weight(headers, "gzip")).isEqualTo(250);
  }
}
