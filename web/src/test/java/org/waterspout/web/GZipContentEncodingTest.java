// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.http.RequestStartLine;
import org.waterspout.ioloop.IOLoop;

/** Answers that are compressed on their way. */
class GZipContentEncodingTest {
  private static final byte[] LONG = "A long text. ".repeat(1000).getBytes(StandardCharsets.UTF_8);

  private final IOLoop loop = new IOLoop();
  private final HTTPHeaders headers = new HTTPHeaders();

  @AfterEach
  void closeLoop() {
    loop.close();
  }

  private GZipContentEncoding transform(String method, String accepted) {
    var sent = new HTTPHeaders();
    sent.add("Host", "example.org");
    sent.add("Accept-Encoding", accepted);
    var connection = new FakeConnection(loop);
    return new GZipContentEncoding(
        new HTTPServerRequest(
            new RequestStartLine(method, "/", "HTTP/1.1"), sent, connection, connection));
  }

  private GZipContentEncoding transform() {
    return transform("GET", "gzip");
  }

  private byte[] whole(GZipContentEncoding transform, byte[] body) {
    headers.set("Content-Length", Integer.toString(body.length));
    return transform.transformFirstChunk(200, headers, body, true);
  }

  private static byte[] gunzip(byte[] bytes) throws IOException {
    return new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
  }

  @Test
  void compressesAWholeBody() throws IOException {
    headers.set("Content-Type", "text/html; charset=UTF-8");
    headers.set("ETag", "\"tag\"");
    headers.set("Accept-Ranges", "bytes");
    byte[] out = whole(transform(), LONG);
    assertThat(gunzip(out)).isEqualTo(LONG);
    assertThat(headers.get("Content-Encoding")).isEqualTo("gzip");
    assertThat(headers.get("Content-Length")).isEqualTo(Integer.toString(out.length));
    assertThat(headers.get("Vary")).isEqualTo("Accept-Encoding");
    assertThat(headers.get("ETag")).isEqualTo("W/\"tag\"");
    assertThat(headers.contains("Accept-Ranges")).isFalse();
  }

  @Test
  void whatWasFlushedCanBeReadAtOnce() throws Exception {
    headers.set("Content-Type", "text/plain");
    var transform = transform();
    var sent = new ByteArrayOutputStream();
    var written = new ByteArrayOutputStream();
    var random = new Random(6);
    sent.writeBytes(transform.transformFirstChunk(200, headers, new byte[0], false));
    for (int i = 0; i < 50; i++) {
      byte[] piece = new byte[random.nextInt(3000)];
      random.nextBytes(piece);
      written.writeBytes(piece);
      sent.writeBytes(transform.transformChunk(piece, false));
      assertThat(inflated(sent.toByteArray(), written.size())).isEqualTo(written.toByteArray());
    }
    sent.writeBytes(transform.transformChunk(new byte[0], true));
    assertThat(gunzip(sent.toByteArray())).isEqualTo(written.toByteArray());
    assertThat(headers.contains("Content-Length")).isFalse();
  }

  private static byte[] inflated(byte[] bytes, int length) throws Exception {
    var inflater = new Inflater(true);
    if (bytes.length > 10) {
      inflater.setInput(bytes, 10, bytes.length - 10);
    }
    byte[] out = new byte[length];
    int count = 0;
    while (count < length) {
      int more = inflater.inflate(out, count, length - count);
      assertThat(more).as("bytes that the client has by now").isPositive();
      count += more;
    }
    inflater.end();
    return out;
  }

  @Test
  void aStreamedBodyOfAnnouncedLengthLosesTheLength() throws IOException {
    headers.set("Content-Type", "text/plain");
    headers.set("Content-Length", "13000");
    var transform = transform();
    var sent = new ByteArrayOutputStream();
    sent.writeBytes(transform.transformFirstChunk(200, headers, new byte[0], false));
    assertThat(headers.contains("Content-Length")).isFalse();
    assertThat(transform.passesThrough()).isFalse();
    sent.writeBytes(transform.transformChunk(LONG, true));
    assertThat(gunzip(sent.toByteArray())).isEqualTo(LONG);
    assertThat(transform.passesThrough()).isTrue(); // its deflater has ended
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/css",
        "TEXT/HTML",
        "application/json; charset=UTF-8",
        "application/javascript",
        "application/atom+xml",
        "image/svg+xml",
        "application/problem+json",
      })
  void typesThatAreTextAreCompressed(String type) {
    headers.set("Content-Type", type);
    whole(transform(), LONG);
    assertThat(headers.get("Content-Encoding")).isEqualTo("gzip");
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Type, image/png",
    "Content-Type, text/event-stream",
    "Content-Type, text/event-stream; charset=UTF-8",
    "Content-Type, application/gzip",
    "Content-Encoding, br",
    "Cache-Control, 'public, no-transform'",
    "Content-Range, bytes 0-1/2",
  })
  void leavesAlone(String name, String value) {
    headers.set("Content-Type", "text/plain");
    headers.set(name, value);
    var before = headers.getAll().size();
    assertThat(whole(transform(), LONG)).isSameAs(LONG);
    assertThat(headers.getAll()).hasSize(before + 1); // Content-Length
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 206})
  void leavesStatusesAlone(int status) {
    headers.set("Content-Type", "text/plain");
    assertThat(transform().transformFirstChunk(status, headers, LONG, true)).isSameAs(LONG);
    assertThat(headers.names()).containsExactly("Content-Type");
  }

  @Test
  void aShortBodyIsLeftAlone() {
    headers.set("Content-Type", "text/plain");
    byte[] body = new byte[GZipContentEncoding.MIN_LENGTH - 1];
    assertThat(whole(transform(), body)).isSameAs(body);
    assertThat(headers.contains("Vary")).isFalse();
  }

  @Test
  void whoDoesNotTakeGzipIsToldThatOthersGetIt() {
    headers.set("Content-Type", "text/plain");
    headers.set("ETag", "\"tag\"");
    headers.set("Vary", "Cookie");
    assertThat(whole(transform("GET", "gzip;q=0"), LONG)).isSameAs(LONG);
    assertThat(headers.get("Vary")).isEqualTo("Cookie,Accept-Encoding");
    assertThat(headers.get("ETag")).isEqualTo("\"tag\"");
    assertThat(headers.contains("Content-Encoding")).isFalse();
  }

  @Test
  void varyIsNotRepeated() {
    headers.set("Content-Type", "text/plain");
    headers.set("Vary", "Cookie, accept-encoding");
    whole(transform(), LONG);
    assertThat(headers.get("Vary")).isEqualTo("Cookie, accept-encoding");
  }

  @Test
  void headOfABodyThatIsNotThereHasTheSameHeadersButForItsLength() {
    headers.set("Content-Type", "text/plain");
    headers.set("Content-Length", "5000");
    byte[] out = transform("HEAD", "gzip").transformFirstChunk(200, headers, new byte[0], true);
    assertThat(out).isEmpty();
    assertThat(headers.get("Content-Encoding")).isEqualTo("gzip");
    assertThat(headers.contains("Content-Length")).isFalse();
  }

  @Test
  void notModifiedSaysWhatTheAnswerHadSaid() {
    headers.set("Content-Type", "text/plain");
    headers.set("Content-Length", "5000");
    headers.set("ETag", "\"tag\"");
    assertThat(transform().transformFirstChunk(304, headers, new byte[0], true)).isEmpty();
    assertThat(headers.get("ETag")).isEqualTo("W/\"tag\"");
    assertThat(headers.get("Vary")).isEqualTo("Accept-Encoding");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void notModifiedHasNoBodyBeItFlushed(boolean finishing) {
    headers.set("Content-Type", "text/plain");
    var transform = transform();
    assertThat(transform.transformFirstChunk(304, headers, new byte[0], finishing)).isEmpty();
    assertThat(transform.transformChunk(new byte[0], true)).isEmpty();
  }

  @Test
  void closingTwiceIsClosingOnce() {
    headers.set("Content-Type", "text/plain");
    var transform = transform();
    transform.transformFirstChunk(200, headers, LONG, false);
    transform.close();
    transform.close();
    assertThat(transform.passesThrough()).isTrue();
  }
}
