// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResponseEncoderTest {
  private static final String DATE = "Date: now\r\n";

  private final OutBytes out = new OutBytes(64);
  private final HTTPHeaders headers = new HTTPHeaders();

  @Test
  void announcesChunksWithoutALength() {
    var encoder = encoder("GET", "1.1", "");
    head(encoder, 200, 3);
    piece(encoder, "abc");
    piece(encoder, "");
    piece(encoder, "0123456789abcdefg");
    encoder.end(out);
    assertThat(wire())
        .isEqualTo(
            "HTTP/1.1 200 OK\r\n"
                + DATE
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n11\r\n0123456789abcdefg\r\n0\r\n\r\n");
    assertThat(encoder.keepAlive()).isTrue();
  }

  @Test
  void keepsToItsLength() {
    headers.set("Content-Length", "5");
    var encoder = encoder("GET", "1.1", "");
    head(encoder, 200, 0);
    piece(encoder, "abc");
    assertThatExceptionOfType(HTTPOutputException.class).isThrownBy(() -> encoder.end(out));
    assertThatExceptionOfType(HTTPOutputException.class)
        .isThrownBy(() -> encoder.beforePiece(3, out));
    piece(encoder, "de");
    encoder.end(out);
    assertThat(wire()).isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n" + DATE + "\r\nabcde");
  }

  @Test
  void refusesAFirstPieceBeforeAnythingIsEncoded() {
    headers.set("Content-Length", "2");
    var encoder = encoder("GET", "1.1", "");
    assertThatExceptionOfType(HTTPOutputException.class).isThrownBy(() -> head(encoder, 200, 3));
    assertThat(out.isEmpty()).isTrue();
    assertThat(encoder.started()).isFalse();
    for (String length : new String[] {"x", "-1", "1, 1"}) {
      headers.set("Content-Length", length);
      assertThatExceptionOfType(HTTPOutputException.class).isThrownBy(() -> head(encoder, 200, 0));
    }
    headers.remove("Content-Length");
    assertThatExceptionOfType(HTTPOutputException.class).isThrownBy(() -> head(encoder, 204, 1));
  }

  @Test
  void addsTrailersBehindChunks() {
    var encoder = encoder("GET", "1.1", "");
    head(encoder, 200, 3);
    piece(encoder, "abc");
    encoder.end(trailers("Digest", "xyz"), out);
    assertThat(wire()).endsWith("3\r\nabc\r\n0\r\nDigest: xyz\r\n\r\n");
  }

  @Test
  void addsNoTrailersWhereThereIsNoRoomForThem() {
    headers.set("Content-Length", "3");
    var lengthy = encoder("GET", "1.1", "");
    head(lengthy, 200, 3);
    piece(lengthy, "abc");
    assertThatExceptionOfType(HTTPOutputException.class)
        .isThrownBy(() -> lengthy.end(trailers("Digest", "xyz"), out));
    headers.clear();
    for (var encoder :
        new ResponseEncoder[] {encoder("GET", "1.0", ""), encoder("HEAD", "1.1", "")}) {
      out.clear();
      head(encoder, 200, 0);
      int before = wire().length();
      encoder.end(trailers("Digest", "xyz"), out);
      assertThat(wire()).hasSize(before);
    }
  }

  @Test
  void refusesTrailersThatMustStandInFrontOfABody() {
    for (String name : new String[] {"Content-Length", "transfer-encoding", "Set-Cookie"}) {
      var encoder = encoder("GET", "1.1", "");
      head(encoder, 200, 0);
      assertThatExceptionOfType(HTTPOutputException.class)
          .isThrownBy(() -> encoder.end(trailers(name, "1"), out))
          .withMessageContaining(name);
    }
  }

  private static HTTPHeaders trailers(String name, String value) {
    var trailers = new HTTPHeaders();
    trailers.add(name, value);
    return trailers;
  }

  @Test
  void sendsInformationBeforeTheAnswerToThoseWhoKnowIt() {
    var hints = new HTTPHeaders();
    hints.add("Link", "</a.css>; rel=preload");
    hints.add("Content-Length", "7");
    var encoder = encoder("GET", "1.1", "");
    encoder.informational(new ResponseStartLine("HTTP/1.1", 103, "Early Hints"), hints, out);
    assertThat(wire()).isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
    assertThat(encoder.started()).isFalse();
    out.clear();
    encoder("GET", "1.0", "").informational(TestRequest.status(103), hints, out);
    assertThat(out.isEmpty()).isTrue();
  }

  @Test
  void refusesInformationThatIsNoneOrComesTooLate() {
    var encoder = encoder("GET", "1.1", "");
    for (int status : new int[] {100, 101, 200, 404}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> encoder.informational(TestRequest.status(status), headers, out));
    }
    head(encoder, 200, 0);
    assertThatIllegalStateException()
        .isThrownBy(() -> encoder.informational(TestRequest.status(103), headers, out));
  }

  @Test
  void answersToHeadHaveTheHeadersOnly() {
    headers.set("Content-Length", "5");
    var encoder = encoder("HEAD", "1.1", "");
    head(encoder, 200, 5);
    assertThat(encoder.beforePiece(5, out)).isFalse();
    encoder.end(out);
    assertThat(wire()).isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n" + DATE + "\r\n");
    out.clear();
    headers.clear();
    var chunked = encoder("HEAD", "1.0", "Connection: keep-alive\r\n");
    head(chunked, 200, 0);
    chunked.end(out);
    assertThat(wire()).isEqualTo("HTTP/1.1 200 OK\r\n" + DATE + "Connection: keep-alive\r\n\r\n");
  }

  @Test
  void bodilessStatusesHaveNoFraming() {
    headers.set("Content-Length", "5");
    var noContent = encoder("GET", "1.1", "");
    head(noContent, 204, 0);
    noContent.end(out);
    assertThat(wire()).isEqualTo("HTTP/1.1 204 No Content\r\n" + DATE + "\r\n");
    out.clear();
    var notModified = encoder("GET", "1.1", "");
    head(notModified, 304, 0);
    notModified.end(out);
    assertThat(wire())
        .isEqualTo("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n" + DATE + "\r\n");
  }

  @Test
  void bodiesForOldClientsEndWithTheConnection() {
    var encoder = encoder("GET", "1.0", "Connection: keep-alive\r\n");
    head(encoder, 200, 0);
    piece(encoder, "abc");
    assertThat(encoder.endsWithConnection()).isTrue();
    encoder.end(out);
    assertThat(wire()).isEqualTo("HTTP/1.1 200 OK\r\n" + DATE + "Connection: close\r\n\r\nabc");
    assertThat(encoder.keepAlive()).isFalse();
  }

  @Test
  void whatFollowsASuccessOfConnectEndsWithTheConnection() {
    headers.set("Content-Length", "3");
    for (int status : new int[] {200, 204}) {
      out.clear();
      var encoder = encoder("CONNECT", "1.1", "");
      head(encoder, status, 0);
      piece(encoder, "abc");
      encoder.end(out);
      assertThat(wire())
          .startsWith("HTTP/1.1 " + status + " ")
          .endsWith("\r\n" + DATE + "Connection: close\r\n\r\nabc")
          .doesNotContain("Content-Length");
      assertThat(encoder.keepAlive()).isFalse();
    }
    out.clear();
    var refused = encoder("CONNECT", "1.1", "");
    head(refused, 405, 3);
    piece(refused, "abc");
    refused.end(out);
    assertThat(wire()).contains("Content-Length: 3\r\n").endsWith("\r\n\r\nabc");
    assertThat(refused.keepAlive()).isTrue();
  }

  @Test
  void sayIfTheConnectionGoesOn() {
    headers.set("Content-Length", "0");
    var old = encoder("GET", "1.0", "Connection: keep-alive\r\n");
    head(old, 200, 0);
    assertThat(wire()).endsWith("Connection: keep-alive\r\n\r\n");
    out.clear();
    headers.set("Connection", "Close");
    var asked = encoder("GET", "1.1", "");
    head(asked, 200, 0);
    assertThat(wire()).endsWith(DATE + "Connection: close\r\n\r\n");
    assertThat(asked.keepAlive()).isFalse();
    out.clear();
    headers.set("Connection", "upgrade");
    headers.set("transfer-encoding", "chunked");
    headers.set("Date", "then");
    var refused = encoder("GET", "1.1", "");
    refused.refuseKeepAlive();
    head(refused, 200, 0);
    assertThat(wire())
        .isEqualTo(
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: upgrade\r\nDate: then\r\n"
                + "Connection: close\r\n\r\n");
  }

  @Test
  void stepsComeInOrder() {
    var encoder = encoder("GET", "1.1", "");
    assertThatIllegalStateException().isThrownBy(() -> encoder.beforePiece(1, out));
    assertThatIllegalStateException().isThrownBy(() -> encoder.end(out));
    head(encoder, 200, 0);
    assertThatIllegalStateException().isThrownBy(() -> head(encoder, 200, 0));
    encoder.end(out);
    assertThatIllegalStateException().isThrownBy(() -> encoder.beforePiece(1, out));
    assertThatIllegalStateException().isThrownBy(() -> encoder.end(out));
  }

  @Test
  void reasonsCannotSplitAnAnswer() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ResponseStartLine("HTTP/1.1", 200, "OK\r\nX: y"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ResponseStartLine("HTTP/1.1", 200, "\u0141"));
  }

  @Test
  void growsWithLongHeaders() {
    headers.set("X", "x".repeat(100_000));
    head(encoder("GET", "1.1", ""), 200, 0);
    assertThat(wire()).contains("X: " + "x".repeat(100_000) + "\r\n");
    assertThat(out.clear().add("a").hex(0xfffff).decimal(70).buffer().remaining()).isEqualTo(8);
    assertThat(wire()).isEqualTo("afffff70");
  }

  private void head(ResponseEncoder encoder, int status, int first) {
    var startLine = new ResponseStartLine("HTTP/1.1", status, HTTPStatus.reason(status));
    encoder.head(startLine, headers, first, "now".getBytes(StandardCharsets.ISO_8859_1), out);
  }

  private void piece(ResponseEncoder encoder, String piece) {
    if (encoder.beforePiece(piece.length(), out)) {
      out.add(ByteBuffer.wrap(piece.getBytes(StandardCharsets.ISO_8859_1)));
      encoder.afterPiece(out);
    }
  }

  private String wire() {
    return StandardCharsets.ISO_8859_1.decode(out.buffer()).toString();
  }

  private static ResponseEncoder encoder(String method, String version, String fields) {
    String target = method.equals("CONNECT") ? "a:80" : "/";
    String wire = method + " " + target + " HTTP/" + version + "\r\nHost: a\r\n" + fields + "\r\n";
    var in = ByteBuffer.wrap(wire.getBytes(StandardCharsets.ISO_8859_1));
    RequestHead request = new RequestHeadParser(1000, new byte[100]).parse(in);
    assertThat(request).isNotNull();
    return new ResponseEncoder(request, request.keepAlive());
  }
}
