// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies of requests and answers. */
interface BodyContract extends Contract {
  /** In a soak, several times what a container has of memory. */
  long LARGE = Long.getLong("soak.seconds", 0) > 0 ? 1L << 30 : 20_000_001;

  /** For as much as that. */
  Duration PATIENCE = Duration.ofMinutes(9);

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
  @Timeout(600)
  default void takesALargeUploadPieceByPiece() throws Exception {
    var sum = new CRC32();
    var bytes = new CheckedInputStream(new Repeated(Contract.randomBytes(999_983), LARGE), sum);
    var announced = BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> bytes), LARGE);
    var upload = request("/upload").timeout(PATIENCE).POST(announced).build();
    assertThat(CLIENT.send(upload, BodyHandlers.ofString()).body())
        .isEqualTo(LARGE + " " + sum.getValue());
  }

  @Test
  @Timeout(600)
  default void sendsALargeDownloadPieceByPiece() throws Exception {
    var download = request("/download?size=" + LARGE).timeout(PATIENCE).build();
    var made = new byte[50_000]; // by the handler in one go
    var sent = new byte[made.length];
    long size = 0;
    try (var body = CLIENT.send(download, BodyHandlers.ofInputStream()).body()) {
      for (int read; (read = body.readNBytes(sent, 0, sent.length)) > 0; size += read) {
        Arrays.fill(made, (byte) (size / made.length));
        assertThat(Arrays.equals(sent, 0, read, made, 0, read)).as("behind " + size).isTrue();
      }
    }
    assertThat(size).isEqualTo(LARGE);
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
