// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pure parsers: each case whole, byte by byte, and split at every index. */
class ParserTest {
  record Case(String wire, List<String> events) {
    @Override
    public String toString() {
      return wire.length() > 200 ? wire.substring(0, 200) : wire;
    }
  }

  private static Case accepted(String wire, String... events) {
    return new Case(wire, List.of(events));
  }

  static List<Case> accepted() {
    return List.of(
        accepted("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1", "Host=a", "body "),
        accepted("GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0", "body "),
        accepted(
            "\r\nGET /a?b=%20|^{} HTTP/1.7\r\nhost:\t a:80 \t\r\n\r\n",
            "GET /a?b=%20|^{} HTTP/1.1", "host=a:80", "body "),
        accepted("OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n", "OPTIONS * HTTP/1.1", "Host=", "body "),
        accepted(
            "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n",
            "CONNECT a.example:443 HTTP/1.1",
            "Host=a.example:443",
            "body "),
        accepted(
            "GET http://b:1/x HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET http://b:1/x HTTP/1.1",
            "Host=b:1",
            "body "),
        accepted(
            "GET / HTTP/1.1\r\nHost: a:65535\r\n\r\n", "GET / HTTP/1.1", "Host=a:65535", "body "),
        accepted("GET / HTTP/1.1\r\nHost: a:\r\n\r\n", "GET / HTTP/1.1", "Host=a:", "body "),
        accepted(
            "GET / HTTP/1.1\r\nHost: [::1]:8080\r\nX: \u00e4 \t b\r\nx:\r\n\r\n",
            "GET / HTTP/1.1",
            "Host=[::1]:8080",
            "X=\u00e4 \t b",
            "x=",
            "body "),
        accepted(
            "POST / HTTP/1.1\r\n"
                + "Host: a\r\n"
                + "Content-Length: 0010\r\n\r\n"
                + "0123456789GET /b HTTP/1.0\r\n\r\n",
            "POST / HTTP/1.1",
            "Host=a",
            "Content-Length=0010",
            "body 0123456789",
            "GET /b HTTP/1.0",
            "body "),
        accepted(
            "POST / HTTP/1.1\r\n"
                + "Host: a\r\n"
                + "transfer-encoding: Chunked\r\n\r\n"
                + "3\r\n"
                + "abc\r\n"
                + "00A ;x=\"y;\"\r\n"
                + "0123456789\r\n"
                + "1\r\n\r\r\n"
                + "0;z\r\n"
                + "T: 1\r\n"
                + "u: 2\r\n\r\n"
                + "GET /b HTTP/1.0\r\n\r\n",
            "POST / HTTP/1.1",
            "Host=a",
            "transfer-encoding=Chunked",
            "body abc0123456789\r",
            "trailer T=1",
            "trailer u=2",
            "GET /b HTTP/1.0",
            "body "),
        accepted(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1",
            "Host=a",
            "Transfer-Encoding=chunked",
            "body "));
  }

  private static Case refused(int status, String wire) {
    return new Case(wire, List.of("refused " + status));
  }

  private static Case refusedField(int status, String fields) {
    return refused(
        status, "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n5\r\nabcde\r\n0\r\n\r\n");
  }

  static List<Case> refusedHeads() {
    return List.of(
        refused(400, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "\r\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "\u0016\u0003\u0001\u0002\u0000\u0001"),
        refused(400, "GET / HTTP/1.1\nHost: a\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\n\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n"),
        refused(400, "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
        refused(400, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET /\u0000 HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET /\u007f HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET /\r\nHost: a\r\n\r\n"),
        refused(400, "GET\r\n\r\n"),
        refused(400, "GET / http/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET / HTTP/1\r\nHost: a\r\n\r\n"),
        refused(400, "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
        refused(400, "GET / HTTP/+1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET / HTTPS/1.1\r\nHost: a\r\n\r\n"),
        refused(505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
        refused(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        refused(505, "GET / HTTP/0.9\r\nHost: a\r\n\r\n"),
        refused(400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET a/b HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET http://u@a/x HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"),
        refused(400, "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: :80\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a:000080\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a:+80\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: [::1]:65536\r\n\r\n"),
        refused(400, "GET http://a:65536/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "CONNECT a:65536 HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a%2\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: \u00e4\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\n X: a\r\nHost: a\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\n\tfolded\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost\t: a\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\nX Y: a\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\nX: \u0000\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\nX: \u0001\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\nX: \u007f\r\n\r\n"),
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\n\u00e4: x\r\n\r\n"),
        refused(414, "GET /" + "a".repeat(Parsed.MAX_HEAD) + " HTTP/1.1\r\n\r\n"),
        refused(414, "G".repeat(Parsed.MAX_HEAD)),
        refused(431, "GET / HTTP/1.1\r\nX: " + "a".repeat(Parsed.MAX_HEAD) + "\r\n\r\n"),
        refused(431, "GET / HTTP/1.1\r\n" + "a:b\r\n".repeat(Parsed.MAX_HEAD / 5) + "\r\n"));
  }

  static List<Case> refusedFraming() {
    return List.of(
        refusedField(400, "Content-Length: 5\r\nTransfer-Encoding: chunked"),
        refusedField(400, "Transfer-Encoding: chunked\r\nContent-Length: 0"),
        refusedField(400, "Transfer-Encoding: gzip\r\nContent-Length: 5"),
        refusedField(400, "Content-Length: 5\r\nContent-Length: 6"),
        refusedField(400, "Content-Length: 5\r\nContent-Length: 5"),
        refusedField(400, "Content-Length: 5, 5"),
        refusedField(400, "Content-Length: +5"),
        refusedField(400, "Content-Length: -5"),
        refusedField(400, "Content-Length: 0x5"),
        refusedField(400, "Content-Length: 5 5"),
        refusedField(400, "Content-Length: 5.0"),
        refusedField(400, "Content-Length: 1_0"),
        refusedField(400, "Content-Length: five"),
        refusedField(400, "Content-Length: \u00b2"),
        refusedField(400, "Content-Length:"),
        refusedField(400, "Content-Length : 5"),
        refusedField(400, "Content-Length\u00a0: 5"),
        refusedField(400, "Transfer-Encoding : chunked"),
        refusedField(400, "Transfer-Encoding: chunked, chunked"),
        refusedField(400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        refusedField(400, "Transfer-Encoding: chunked, identity"),
        refusedField(400, "Transfer-Encoding: xchunked"),
        refusedField(400, "Transfer-Encoding: chunked\u000b"),
        refusedField(400, "Transfer-Encoding: \"chunked\""),
        refusedField(400, "Transfer-Encoding: chunked;q=1"),
        refusedField(400, "Transfer-Encoding: gzip"),
        refusedField(400, "Transfer-Encoding: identity"),
        refusedField(400, "Transfer-Encoding: , chunked"),
        refusedField(400, "Transfer-Encoding:"),
        refusedField(501, "Transfer-Encoding: gzip, chunked"),
        refusedField(501, "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked"),
        refused(400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        refusedField(417, "Expect: 200-ok"),
        refusedField(417, "Content-Length: 5\r\nExpect: 100-continue, x"));
  }

  private static Case refusedChunks(int status, String chunks) {
    return refused(status, chunks);
  }

  static List<Case> refusedChunks() {
    return List.of(
        refusedChunks(400, "x\r\n"),
        refusedChunks(400, "\r\n"),
        refusedChunks(400, "0x5\r\nabcde\r\n0\r\n\r\n"),
        refusedChunks(400, "+5\r\nabcde\r\n0\r\n\r\n"),
        refusedChunks(400, "-5\r\nabcde\r\n0\r\n\r\n"),
        refusedChunks(400, " 5\r\nabcde\r\n0\r\n\r\n"),
        refusedChunks(400, "5 \r\nabcde\r\n0\r\n\r\n"),
        refusedChunks(400, "5 5\r\nabcde\r\n0\r\n\r\n"),
        refusedChunks(400, "5\nabcde\r\n0\r\n\r\n"),
        refusedChunks(400, "5;a\nabcde\r\n0\r\n\r\n"),
        refusedChunks(400, "5;a\rb\r\nabcde\r\n0\r\n\r\n"),
        refusedChunks(400, "5;a\u0000b\r\nabcde\r\n0\r\n\r\n"),
        refusedChunks(400, "5_0\r\nabcde\r\n0\r\n\r\n"),
        refusedChunks(400, "5\r\nabcdef\r\n0\r\n\r\n"),
        refusedChunks(400, "5\r\nabcde\n0\r\n\r\n"),
        refusedChunks(400, "5\r\nabcde\r0\r\n\r\n"),
        refusedChunks(400, "5\r\nabcdeXX0\r\n\r\n"),
        refusedChunks(400, "5;" + "a".repeat(1024) + "\r\nabcde\r\n0\r\n\r\n"),
        refusedChunks(400, ("1;" + "a".repeat(1000) + "\r\nx\r\n").repeat(20)),
        refusedChunks(413, "FFFFFFFFFFFFFFFF\r\n"),
        refusedChunks(413, "7FFFFFFFFFFFFFFF\r\n"),
        refusedChunks(413, "10000000000000005\r\nabcde\r\n"),
        refusedChunks(413, "3e9\r\n"),
        refusedChunks(413, "3e7\r\n" + "a".repeat(999) + "\r\n2\r\n"),
        refusedChunks(400, "0\r\nno colon\r\n\r\n"),
        refusedChunks(400, "0\r\n folded: x\r\n\r\n"),
        refusedChunks(400, "0\r\nX : x\r\n\r\n"),
        refusedChunks(400, "0\r\nX: x\n\r\n"),
        refusedChunks(400, "0\r\n\n"),
        refusedChunks(431, "0\r\n" + "X: x\r\n".repeat(60)),
        refusedChunks(431, "0\r\nX: " + "x".repeat(300)));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void readsWhatIsValid(Case given) {
    checkInAllPieces(given.wire(), given.events());
  }

  @ParameterizedTest
  @MethodSource({"refusedHeads", "refusedFraming"})
  void refusesHeads(Case given) {
    checkInAllPieces(given.wire(), given.events());
  }

  @ParameterizedTest
  @MethodSource("refusedChunks")
  void refusesChunks(Case given) {
    checkInAllPieces(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + given.wire(),
        List.of(
            "POST / HTTP/1.1", "Host=a", "Transfer-Encoding=chunked", given.events().getFirst()));
  }

  @Test
  void refusesBodiesThatAnnounceTooMuch() {
    for (String length : List.of("1001", "9223372036854775807", "99999999999999999999999")) {
      assertThat(
              Parsed.whole("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n"))
          .last()
          .isEqualTo("refused 413");
    }
  }

  @Test
  void headsOfExactlyTheLimitPass() {
    String start = "GET / HTTP/1.0\r\nX: ";
    String exact = start + "a".repeat(Parsed.MAX_HEAD - start.length() - 4) + "\r\n\r\n";
    assertThat(exact).hasSize(Parsed.MAX_HEAD);
    assertThat(Parsed.whole(exact)).last().isEqualTo("body ");
    assertThat(Parsed.parse(exact, 1)).last().isEqualTo("body ");
  }

  @Test
  void consumesNothingBehindTheEndOfAMessage() {
    var heads = new RequestHeadParser(1000, new byte[16]);
    var in = ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\nGET".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(heads.parse(in)).isNotNull();
    assertThat(in.remaining()).isEqualTo(3);
    assertThat(heads.begun()).isFalse();
    assertThat(heads.parse(in)).isNull();
    assertThat(heads.begun()).isTrue();
  }

  @Test
  void knowsWhoKeepsTheConnection() {
    assertThat(head("1.1", "").keepAlive()).isTrue();
    assertThat(head("1.0", "").keepAlive()).isFalse();
    assertThat(head("1.1", "Connection: x, CLOSE ,y\r\n").keepAlive()).isFalse();
    assertThat(head("1.1", "Connection: x\r\nConnection: close\r\n").keepAlive()).isFalse();
    assertThat(head("1.1", "Connection: closed\r\n").keepAlive()).isTrue();
    assertThat(head("1.0", "Connection: Keep-Alive\r\n").keepAlive()).isTrue();
    assertThat(head("1.0", "Connection: keep-alive, close\r\n").keepAlive()).isFalse();
  }

  @Test
  void knowsWhoWaitsForContinue() {
    assertThat(head("1.1", "Expect: 100-Continue\r\nContent-Length: 1\r\n").expectsContinue())
        .isTrue();
    assertThat(head("1.0", "Expect: 100-continue\r\nContent-Length: 1\r\n").expectsContinue())
        .isFalse();
    assertThat(head("1.1", "Expect: 100-continue\r\n").expectsContinue()).isFalse();
    assertThat(head("1.1", "Expect: ,\r\nContent-Length: 1\r\n").expectsContinue()).isFalse();
  }

  private static RequestHead head(String version, String fields) {
    String wire = "GET / HTTP/" + version + "\r\nHost: a\r\n" + fields + "\r\n";
    RequestHead head =
        new RequestHeadParser(1000, new byte[100])
            .parse(ByteBuffer.wrap(wire.getBytes(StandardCharsets.ISO_8859_1)));
    assertThat(head).isNotNull();
    return head;
  }

  private static void checkInAllPieces(String wire, List<String> events) {
    assertThat(Parsed.whole(wire)).isEqualTo(events);
    assertThat(Parsed.parse(wire, 1)).isEqualTo(events);
    int step = wire.length() > 1000 ? 97 : 1;
    for (int i = 0; i <= wire.length(); i += step) {
      assertThat(Parsed.splitAt(wire, i)).as("split at " + i).isEqualTo(events);
    }
  }
}
