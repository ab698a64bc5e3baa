// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** Bodies of requests and answers. */
interface BodyContract extends Contract {
  @Test
  default void echoesABodyOfKnownLength() throws Exception {
    var body = Contract.randomBytes(1_000_000);
    var request = request("/echo").POST(BodyPublishers.ofByteArray(body)).build();
    assertThat(CLIENT.send(request, BodyHandlers.ofByteArray()).body()).isEqualTo(body);
  }

  @Test
  default void echoesAChunkedBody() throws Exception {
    var body = Contract.randomBytes(300_000);
    var chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
    var answer = CLIENT.send(request("/echo").POST(chunked).build(), BodyHandlers.ofByteArray());
    assertThat(answer.body()).isEqualTo(body);
  }

  @Test
  default void takesALargeUploadPieceByPiece() throws Exception {
    var body = Contract.randomBytes(10_000_000);
    assertThat(post("/upload", BodyPublishers.ofByteArray(body)).body())
        .isEqualTo(body.length + " " + Contract.sum(body));
  }

  @Test
  default void sendsALargeDownloadPieceByPiece() throws Exception {
    var answer =
        CLIENT.send(request("/download?size=20000001").build(), BodyHandlers.ofByteArray()).body();
    assertThat(answer).hasSize(20_000_001);
    for (int i = 0; i < answer.length; i += 9_973) {
      assertThat(answer[i]).isEqualTo((byte) (i / 50_000));
    }
  }

  @Test
  default void readsForms() throws Exception {
    var form =
        request("/form?name=query")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("name=a+b&name=%C3%A9&other=x"))
            .build();
    assertThat(CLIENT.send(form, BodyHandlers.ofString()).body()).isEqualTo("query,a b,é|x");
  }

  /** Nothing of it was touched. */
  @Test
  default void aFormThatIsNoRoutesIsReadByTheServletBehindAFilter() throws Exception {
    var form =
        request("/nowhere")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("name=old"))
            .build();
    var answer = CLIENT.send(form, BodyHandlers.ofString());
    if (deployment().isFilter()) {
      assertThat(answer.body()).isEqualTo("legacy old");
    } else {
      assertThat(answer.statusCode()).isEqualTo(404);
    }
  }

  @Test
  default void readsMultipartForms() throws Exception {
    var body =
        "--x\r\n"
            + "Content-Disposition: form-data; name=\"name\"\r\n\r\n"
            + "grün\r\n"
            + "--x\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n"
            + "1\r\n"
            + "--x--";
    var form =
        request("/form?name=query")
            .header("Content-Type", "multipart/form-data; boundary=x")
            .POST(BodyPublishers.ofString(body))
            .build();
    assertThat(CLIENT.send(form, BodyHandlers.ofString()).body()).isEqualTo("query,grün|none");
  }

  @Test
  default void refusesABodyThatIsTooLargeWith413() throws Exception {
    try (var client = connect()) {
      client.send(
          "POST " + path("/echo") + " HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n");
      assertThat(client.readUntil("\r\n")).startsWith("HTTP/1.1 413");
    }
  }

  @Test
  default void refusesABodyThatIsMalformedWith400() throws Exception {
    try (var client = connect()) {
      client.send(
          "POST "
              + path("/form")
              + " HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
              + "Content-Length: 3\r\n\r\nabc");
      assertThat(client.readUntil("\r\n")).startsWith("HTTP/1.1 400");
    }
  }
}
