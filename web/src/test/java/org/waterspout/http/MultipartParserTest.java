// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Multipart bodies: each case whole, byte by byte, and split at every index. */
class MultipartParserTest {
  private static final String BOUNDARY = "xYz";
  private static final String NAME_A = "Content-Disposition: form-data; name=\"a\"\r\n";

  record Case(String body, List<String> events) {
    @Override
    public String toString() {
      return body.length() > 150 ? body.substring(0, 150) : body;
    }
  }

  private static Case accepted(String body, String... events) {
    List<String> all = new ArrayList<>(List.of(events));
    all.add("finished");
    return new Case(body, all);
  }

  /** A single part with these header lines. */
  private static String part(String headers) {
    return "--xYz\r\n" + headers + "\r\nv\r\n--xYz--\r\n";
  }

  private static String disposition(String parameters) {
    return part("Content-Disposition: form-data; " + parameters + "\r\n");
  }

  /** A single part with this content. */
  private static String content(String content) {
    return "--xYz\r\n" + NAME_A + "\r\n" + content + "\r\n--xYz--";
  }

  static List<Case> accepted() {
    return List.of(
        accepted("--xYz--"),
        accepted("--xYz--\r\n"),
        accepted(part(NAME_A), "a", "=v"),
        accepted(
            "--xYz\r\n"
                + NAME_A
                + "\r\none\r\n--xYz\r\n"
                + "content-disposition: Form-Data; name=b; filename=\"b.txt\"\r\n"
                + "Content-Type: text/plain\r\nX-Other: \u00e4\r\n\r\n"
                + "two\r\n\r\n--xYz--\r\n",
            "a",
            "=one",
            "b file b.txt",
            "=two\r\n"),
        accepted(content(""), "a", "="),
        accepted("--xYz\r\n" + NAME_A + "\r\n--xYz--", "a", "="), // RFC 2046: no body at all
        accepted(
            "--xYz\r\n" + NAME_A + "\r\n--xYz\r\n" + NAME_A + "\r\n--xYz--", "a", "=", "a", "="));
  }

  /** Contents that hold pieces of a boundary. */
  static List<Case> nearBoundaries() {
    return List.of(
            "\r",
            "\r\n",
            "\r\n\r\n",
            "\r\r\n--xY",
            "\r\n--xY\r\n--xY",
            "\r\n--xYZ",
            "\r\n-",
            "--xYz",
            "\n--xYz",
            "\r--xYz",
            "-",
            "--",
            "--x",
            "--xYy",
            "\r\n--\r\n--\r\n--x\r\r\n--xY\r",
            "\r\n--xYz".substring(1).repeat(3),
            "\u0000\u00ff\u0080")
        .stream()
        .filter(content -> !content.startsWith("--xYz")) // that is a boundary
        .map(content -> accepted(content(content), "a", "=" + content))
        .toList();
  }

  static List<Case> paddedAndSurrounded() {
    return List.of(
        accepted(
            "--xYz \t\r\n" + NAME_A + "\r\nv\r\n--xYz  \r\n" + NAME_A + "\r\nw\r\n--xYz-- \t",
            "a",
            "=v",
            "a",
            "=w"),
        accepted("--xYz-- \t\r\nepilogue\r\n--xY\r\n"),
        accepted("\r\n" + part(NAME_A), "a", "=v"),
        accepted("preamble --xYz\r\n--xYx\r\n" + part(NAME_A) + "epilogue --xYz", "a", "=v"));
  }

  static List<Case> names() {
    return List.of(
        accepted(disposition("name=\"\u00c3\u00a4\""), "\u00e4", "=v"),
        accepted(disposition("name=\"a;b=c\"; x; filename=\"\""), "a;b=c file ", "=v"),
        accepted(disposition("name=\"a\\\"b\\\\c\""), "a\"b\\c", "=v"),
        accepted(disposition("name=a;filename=\"C:\\dir\\f.txt\""), "a file C:\\dir\\f.txt", "=v"),
        accepted(
            disposition("name=a; filename=\"../../etc/passwd\""), "a file ../../etc/passwd", "=v"),
        accepted(disposition("name=\"a%22b\""), "a%22b", "=v"),
        accepted(
            disposition("name=a; filename*=utf-8''%e2%82%ac%20x.txt"), "a file \u20ac x.txt", "=v"),
        accepted(
            disposition("name=a; filename=\"=?x?=\"; filename*=UTF-8'en'%C3%A4"),
            "a file \u00e4",
            "=v"),
        accepted(part(NAME_A + "Content-Transfer-Encoding: 8bit\r\n"), "a", "=v"));
  }

  private static Case refused(int status, String body) {
    return new Case(body, List.of("refused " + status));
  }

  static List<Case> refusedParts() {
    return List.of(
        refused(400, part("")),
        refused(400, part("Content-Type: text/plain\r\n")),
        refused(400, part(NAME_A + NAME_A)),
        refused(400, part(NAME_A + "Content-Type: a/b\r\nContent-Type: a/b\r\n")),
        refused(400, part("Content-Disposition: attachment; name=a\r\n")),
        refused(400, part("Content-Disposition: form-data\r\n")),
        refused(400, part("Content-Disposition: form-data, name=a\r\n")),
        refused(400, part("Content-Disposition : form-data; name=a\r\n")),
        refused(400, part("Content-Disposition: form-data;\r\n name=a\r\n")),
        refused(400, part("Content-Disposition: form-data; name=a\n")),
        refused(400, part("Content-Disposition: form-data; name=\"a\rb\"\r\n")),
        refused(400, part("Content-Disposition: form-data; name=\"a\u0000\"\r\n")),
        refused(400, part(NAME_A + "--xYz: 1\r\n")),
        refused(415, part(NAME_A + "Content-Transfer-Encoding: base64\r\n")),
        refused(400, disposition("name=a; name=b")),
        refused(400, disposition("name=a; NAME=b")),
        refused(400, disposition("name=a; filename=b; filename=c")),
        refused(400, disposition("name")),
        refused(400, disposition("name=")),
        refused(400, disposition("name=\"\"")),
        refused(400, disposition("name =a")),
        refused(400, disposition("name=\"a")),
        refused(400, disposition("name=\"a\\\"")),
        refused(400, disposition("name=\"a\"b")),
        refused(400, disposition("name=\"a\" filename=b")),
        refused(400, disposition("name=a b")),
        refused(400, disposition("name=\"\u00ff\"")),
        refused(400, disposition("name=a; filename=\"\u00e4\"")),
        refused(400, disposition("name=a; filename*=x")),
        refused(400, disposition("name=a; filename*")),
        refused(400, disposition("name=a; filename*=iso-8859-1''x")),
        refused(400, disposition("name=a; filename*=UTF-8''%e")),
        refused(400, disposition("name=a; filename*=UTF-8''%ff")),
        refused(400, disposition("name=a; filename*=UTF-8''a%00")),
        refused(400, disposition("name=a; filename*=UTF-8''a%0d%0ab")),
        refused(400, disposition("name=a; filename*=\"UTF-8''a b\"")));
  }

  static List<Case> refusedBoundaries() {
    return List.of(
        refused(400, "--xYzz\r\n" + NAME_A),
        refused(400, "--xYz x\r\n" + NAME_A),
        refused(400, "--xYz\n" + NAME_A),
        refused(400, "--xYz\rx" + NAME_A),
        refused(400, "--xYz-x"),
        refused(400, "--xYz--x"),
        refused(400, "--xYz--\rx"),
        refused(400, "--xYz--\n"),
        refused(400, "--xYz--\r\n--xYz--"),
        refused(400, "--xYz--\r\nx\r\n--xYz\r\n" + NAME_A));
  }

  private static Case cut(String body, String... events) {
    List<String> all = new ArrayList<>(List.of(events));
    all.add("cut");
    return new Case(body, all);
  }

  static List<Case> cutBodies() {
    return List.of(
        cut(""),
        cut("x"),
        cut("--xYz"),
        cut("--xYz-"),
        cut("--xYz--\r"),
        cut("--xYz\r\n" + NAME_A),
        cut("--xYz\r\n" + NAME_A + "\r\n", "a"),
        cut("--xYz\r\n" + NAME_A + "\r\nv", "a"),
        cut("--xYz\r\n" + NAME_A + "\r\nv\r\n--xYz", "a", "=v"),
        cut("--xYz\r\n" + NAME_A + "\r\nv\r\n--xY--", "a"),
        cut("--wrong\r\n" + NAME_A + "\r\nv\r\n--wrong--"));
  }

  @ParameterizedTest
  @MethodSource({"accepted", "nearBoundaries", "paddedAndSurrounded", "names"})
  void acceptsForms(Case form) {
    check(form);
  }

  @ParameterizedTest
  @MethodSource({"refusedParts", "refusedBoundaries"})
  void refusesWhatCouldBeReadInTwoWays(Case form) {
    check(form);
  }

  @ParameterizedTest
  @MethodSource("cutBodies")
  void noticesThatTheFinalBoundaryIsMissing(Case form) {
    check(form);
  }

  private static void check(Case form) {
    byte[] body = form.body.getBytes(StandardCharsets.ISO_8859_1);
    var limits = FormLimits.DEFAULT;

    assertThat(MultipartForm.parse(BOUNDARY, limits, body)).isEqualTo(form.events);
    assertThat(MultipartForm.parse(BOUNDARY, limits, MultipartForm.bytes(body)))
        .as("byte by byte")
        .isEqualTo(form.events);
    for (int i = 0; i <= body.length; i++) {
      assertThat(MultipartForm.parse(BOUNDARY, limits, MultipartForm.split(body, i)))
          .as("split at %d", i)
          .isEqualTo(form.events);
    }
  }

  // ---- the boundary

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "'()+_,-./:=?",
        "a b",
        "0123456789012345678901234567890123456789012345678901234567890123456789"
      })
  void acceptsEveryBoundaryOfTheRFC(String boundary) {
    String body = "--" + boundary + "\r\n" + NAME_A + "\r\nv\r\n--" + boundary + "--";

    assertThat(parse(boundary, body)).containsExactly("a", "=v", "finished");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a ",
        " ",
        "a\r\n",
        "a*",
        "a\"",
        "\u00e4",
        "a;b",
        "01234567890123456789012345678901234567890123456789012345678901234567890"
      })
  void refusesOtherBoundaries(String boundary) {
    assertThat(parse(boundary, "")).containsExactly("refused 400");
  }

  @Test
  void knowsABoundaryThatRepeatsItself() {
    String body = "----a\r\n" + NAME_A + "\r\n\r\n---\r\n----\r\n---a\r\n----a--";

    assertThat(parse("--a", body)).containsExactly("a", "=\r\n---\r\n----\r\n---a", "finished");
  }

  private static List<String> parse(String boundary, String body) {
    return MultipartForm.parse(
        boundary, FormLimits.DEFAULT, body.getBytes(StandardCharsets.ISO_8859_1));
  }

  // ---- limits

  @Test
  void limitsTheNumberOfParts() {
    String two = "--xYz\r\n" + NAME_A + "\r\n\r\n".concat("--xYz\r\n" + NAME_A + "\r\n\r\n--xYz--");

    assertThat(limited(two, FormLimits.DEFAULT.withMaxParts(2))).endsWith("finished");
    assertThat(limited(two, FormLimits.DEFAULT.withMaxParts(1))).endsWith("refused 400");
    assertThat(limited(two, FormLimits.DEFAULT.withMaxParts(0))).containsExactly("refused 400");
    assertThat(limited("--xYz--", FormLimits.DEFAULT.withMaxParts(0))).containsExactly("finished");
  }

  @Test
  void limitsTheHeadersOfAPart() {
    String body = part(NAME_A + "X: y\r\n");
    int size = NAME_A.length() + 8; // the other field, and the empty line

    assertThat(limited(body, FormLimits.DEFAULT.withMaxPartHeaderSize(size))).endsWith("finished");
    assertThat(limited(body, FormLimits.DEFAULT.withMaxPartHeaderSize(size - 1)))
        .containsExactly("refused 400");
    assertThat(limited(body, FormLimits.DEFAULT.withMaxPartHeaderSize(0)))
        .containsExactly("refused 400");
  }

  @Test
  void countsPaddingAsHeaders() {
    String body = "--xYz" + " ".repeat(20_000) + "\r\n" + NAME_A + "\r\n\r\n--xYz--";

    assertThat(limited(body, FormLimits.DEFAULT)).containsExactly("refused 400");
    assertThat(limited("--xYz\r\nX: " + "y".repeat(20_000), FormLimits.DEFAULT))
        .containsExactly("refused 400");
  }

  private static List<String> limited(String body, FormLimits limits) {
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    var whole = MultipartForm.parse(BOUNDARY, limits, bytes);
    assertThat(MultipartForm.parse(BOUNDARY, limits, MultipartForm.bytes(bytes))).isEqualTo(whole);
    return whole;
  }

  // ---- cost

  /** Boundaries that break off at their end: what is not linear takes hours for these. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 4096, 1 << 20})
  @Timeout(20)
  void takesLinearTimeForNearBoundaries(int pieceSize) {
    String boundary = "-".repeat(70);
    int size = pieceSize == 1 ? 1 << 19 : 8 << 20;
    var parser = new MultipartParser(boundary, FormLimits.DEFAULT);
    parser.feed(("--" + boundary + "\r\n" + NAME_A + "\r\n").getBytes(StandardCharsets.US_ASCII));
    assertThat(parser.next()).isInstanceOf(MultipartParser.Event.Begin.class);
    assertThat(parser.next()).isNull();

    byte[] near = ("\r\n" + "-".repeat(71)).getBytes(StandardCharsets.US_ASCII);
    long received = 0;
    for (int sent = 0; sent < size; sent += pieceSize) {
      byte[] piece = new byte[pieceSize];
      for (int i = 0; i < pieceSize; i++) {
        piece[i] = near[(sent + i) % near.length];
      }
      parser.feed(piece);
      for (var event = parser.next(); event != null; event = parser.next()) {
        received += ((MultipartParser.Event.Data) event).chunk().length;
      }
    }
    assertThat(received).isBetween((long) size - near.length, (long) size + pieceSize);
  }

  @Test
  void handsOnAPieceThatIsAllDataAsItIs() {
    var parser = new MultipartParser(BOUNDARY, FormLimits.DEFAULT);
    parser.feed(("--xYz\r\n" + NAME_A + "\r\n").getBytes(StandardCharsets.US_ASCII));
    var _ = parser.next();
    byte[] piece = "data \r\n--xY data".getBytes(StandardCharsets.US_ASCII);

    parser.feed(piece);
    assertThat(((MultipartParser.Event.Data) parser.next()).chunk()).isSameAs(piece);
  }
}
