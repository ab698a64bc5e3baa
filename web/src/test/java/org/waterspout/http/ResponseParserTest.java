// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.waterspout.text.Shown;

/** The pure parsers of answers: each case whole, byte by byte, and split at every index. */
class ResponseParserTest {
  private static final String SPICE = "\r\n :;,\t0159afxHTP/.*%#\"\u0000\u007f\u00e4chunked";

  /** An answer to GET that is refused, behind which the connection stays open. */
  record Refused(String wire, String reason) {
    @Override
    public String toString() {
      return wire.length() > 200 ? wire.substring(0, 200) : wire;
    }
  }

  private static Refused line(String line) {
    return new Refused(
        line + "\r\nContent-Length: 0\r\n\r\n", "malformed status line: " + Shown.quoted(line));
  }

  private static Refused head(String fields, String reason) {
    return new Refused("HTTP/1.1 200 OK\r\n" + fields + "\r\n\r\n5\r\nabcde\r\n0\r\n\r\n", reason);
  }

  private static Refused chunks(String chunks, String reason) {
    return new Refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks, reason);
  }

  private static Refused status(int status, String field) {
    return new Refused(
        "HTTP/1.1 " + status + " X\r\n" + field + "\r\n\r\n",
        "a body announced with status " + status);
  }

  static List<Refused> refused() {
    String both = "both Transfer-Encoding and Content-Length";
    String bareLF = "a line ends with LF alone";
    return List.of(
        line("HTTP/1.1 20 OK"),
        line("HTTP/1.1 2000 OK"),
        line("HTTP/1.1  200 OK"),
        line("HTTP/1.1 099 OK"),
        line("HTTP/1.1 +20 OK"),
        line("HTTP/1.1 200_OK"),
        line("HTTP/1.1\t200 OK"),
        line("HTTP/1.1"),
        line("HTTP/1.1 200 \u0000"),
        line("HTTP/1.1 200 O\rK"),
        new Refused("HTTP/1 200 OK\r\n\r\n", "malformed status line: \"HTTP/1 200 OK\""),
        new Refused("HTTPS/1.1 200 OK\r\n\r\n", "malformed status line: \"HTTPS/1.1 200 OK\""),
        new Refused("HTTP/2.0 200 OK\r\n\r\n", "major version is not 1: \"HTTP/2.0\""),
        new Refused("\r\nHTTP/1.1 200 OK\r\n\r\n", "not an HTTP answer: begins with byte 13"),
        new Refused("\u0015\u0003\u0001", "not an HTTP answer: begins with byte 21"),
        new Refused("<html>", "not an HTTP answer: begins with byte 60"),
        new Refused("HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n", bareLF),
        new Refused("HTTP/1.1 200 OK\r\nContent-Length: 0\n\r\n", bareLF),
        new Refused("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\n", bareLF),
        head("X: a\r\n folded", "malformed header name in \" folded\""),
        head("X : a", "malformed header name in \"X : a\""),
        head(": a", "malformed header name in \": a\""),
        head("no colon", "malformed header name in \"no colon\""),
        head("X: a\rb", "malformed header value in \"X: a\\u000db\""),
        head("X: \u0000", "malformed header value in \"X: \\u0000\""),
        head("Content-Length: 5\r\nTransfer-Encoding: chunked", both),
        head("Transfer-Encoding: chunked\r\nContent-Length: 0", both),
        head("Content-Length: 5\r\nContent-Length: 6", "malformed Content-Length: \"[5, 6]\""),
        head("Content-Length: 5, 6", "malformed Content-Length: \"[5, 6]\""),
        head("Content-Length: 5,", "malformed Content-Length: \"[5,]\""),
        head("Content-Length: -5", "malformed Content-Length: \"[-5]\""),
        head("Content-Length: +5", "malformed Content-Length: \"[+5]\""),
        head("Content-Length: 0x5", "malformed Content-Length: \"[0x5]\""),
        head("Content-Length: 5 5", "malformed Content-Length: \"[5 5]\""),
        head("Content-Length:", "malformed Content-Length: \"[]\""),
        head("Content-Length: 1001", "body of 1001 bytes is over 1000"),
        head(
            "Content-Length: 99999999999999999999",
            "body of " + Long.MAX_VALUE + " bytes is over 1000"),
        head("Transfer-Encoding: gzip, chunked", "unknown transfer coding: \"[gzip, chunked]\""),
        head("Transfer-Encoding: gzip", "chunked is not the last coding: \"[gzip]\""),
        head(
            "Transfer-Encoding: chunked, gzip",
            "chunked is not the last coding: \"[chunked, gzip]\""),
        head(
            "Transfer-Encoding: chunked, chunked",
            "malformed Transfer-Encoding: \"[chunked, chunked]\""),
        head("Transfer-Encoding:", "chunked is not the last coding: \"[]\""),
        new Refused(
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "Transfer-Encoding in HTTP/1.0"),
        chunks("x\r\n", "malformed chunk size: \"x\""),
        chunks("5\r\nabcdef\r\n", "a chunk is longer than its size"),
        chunks("5\nabcde\r\n", bareLF),
        chunks("-5\r\n", "malformed chunk size: \"-5\""),
        chunks("3e9\r\n", "chunked body is over 1000 bytes"),
        chunks("ffffffffffffffffff\r\n", "chunk of absurd size"),
        chunks("0\r\n folded\r\n\r\n", "malformed header name in \" folded\""),
        chunks("0\r\nX: " + "x".repeat(4096), "trailers are too large"),
        new Refused("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(1001), "body is over 1000 bytes"),
        status(204, "Content-Length: 5"),
        status(204, "Transfer-Encoding: chunked"),
        status(100, "Content-Length: 5"),
        status(103, "Transfer-Encoding: chunked"),
        status(101, "Content-Length: 1"),
        new Refused(
            "HTTP/1.1 101 Switching Protocols\r\n\r\n",
            "another protocol, for which nobody has asked"),
        new Refused("HTTP/1.1 100 X\r\n\r\n".repeat(101), "more than 100 interim answers"),
        new Refused(
            ("HTTP/1.1 103 X\r\nX: " + "x".repeat(1000) + "\r\n\r\n").repeat(5),
            "heads of an answer over 4096 bytes"),
        new Refused("HTTP/1.1 200 " + "x".repeat(4096), "heads of an answer over 4096 bytes"),
        new Refused(
            "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(1000), "heads of an answer over 4096 bytes"));
  }

  static List<String> accepted() {
    return List.of(
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcdeHTTP/1.1 204\r\n\r\n",
        "HTTP/1.1 200\r\nContent-Length: 5, 5\r\nContent-Length: 5\r\n\r\nabcde",
        "HTTP/1.1 200 \r\nTransfer-Encoding: Chunked\r\n\r\n2;x\r\nok\r\n0\r\nX: y\r\n\r\n",
        "HTTP/1.7 100 Continue\r\n\r\nHTTP/1.1 103 X\r\nLink: <a>\r\n\r\n"
            + "HTTP/1.0 404 Not F\u00f6und\r\nX:\t y \r\n\r\nuntil the end",
        "HTTP/1.1 304 X\r\nContent-Length: 10\r\n\r\nHTTP/1.1 999 ?\r\n\r\nx");
  }

  @Test
  void readsWhatIsValid() {
    assertThat(parse(accepted().get(0), 1000))
        .containsExactly("200 OK", "Content-Length=5", "body abcde", "204 ", "body ");
    assertThat(parse(accepted().get(1), 1000))
        .containsExactly("200 ", "Content-Length=5, 5", "Content-Length=5", "body abcde");
    assertThat(parse(accepted().get(2), 1000))
        .containsExactly("200 ", "Transfer-Encoding=Chunked", "body ok", "trailer X=y");
    assertThat(parse(accepted().get(3), 1000))
        .containsExactly(
            "100 Continue", "103 X", "Link=<a>", "404 Not F\u00f6und", "X=y", "body until the end");
    assertThat(parse(accepted().get(4), 1000))
        .containsExactly("304 X", "Content-Length=10", "body ", "999 ?", "body x");
    accepted().forEach(wire -> checkInAllPieces(wire, parse(wire, wire.length())));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatIsNot(Refused given) {
    List<String> events = parse(given.wire(), given.wire().length());
    if (given.wire().contains(" 101 ") && !given.reason().contains("announced")) {
      return; // not known without the request
    }
    assertThat(events).last().isEqualTo("refused: " + given.reason());
    checkInAllPieces(given.wire(), events);
  }

  private static void checkInAllPieces(String wire, List<String> events) {
    assertThat(parse(wire, 1)).as("byte by byte").isEqualTo(events);
    int step = wire.length() > 1000 ? 97 : 1;
    for (int i = 0; i <= wire.length(); i += step) {
      assertThat(splitAt(wire, i)).as("split at " + i).isEqualTo(events);
    }
  }

  /** How the bytes arrive makes no difference, and nothing is thrown but refusals. */
  @Test
  void answersDoNotDependOnHowTheyArrive() {
    var whole = new AtomicInteger();
    var refused = new AtomicInteger();
    Soak.run(
        9112,
        5000,
        (random, round) -> {
          var mutator = new Mutator(random, SPICE);
          String good = accepted().get(random.nextInt(accepted().size()));
          String wire = new String(mutator.mutated(good), StandardCharsets.ISO_8859_1);
          var events = parse(wire, wire.length() + 1);
          assertThat(parse(wire, 1 + random.nextInt(9))).as(wire).isEqualTo(events);
          assertThat(splitAt(wire, random.nextInt(wire.length() + 1))).as(wire).isEqualTo(events);
          if (!events.isEmpty()) {
            (events.getLast().startsWith("refused") ? refused : whole).incrementAndGet();
          }
        });
    assertThat(whole).as("not all of them are broken").hasPositiveValue();
    assertThat(refused).hasPositiveValue();
  }

  // What the parsers make of bytes, with the end of the connection behind them.

  private static List<String> parse(String wire, int pieces) {
    byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
    var parsed = new Answers();
    for (int i = 0; i < bytes.length; i += pieces) {
      parsed.feed(ByteBuffer.wrap(bytes, i, Math.min(pieces, bytes.length - i)));
    }
    return parsed.end();
  }

  private static List<String> splitAt(String wire, int index) {
    byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
    var parsed = new Answers();
    parsed.feed(ByteBuffer.wrap(bytes, 0, index));
    parsed.feed(ByteBuffer.wrap(bytes, index, bytes.length - index));
    return parsed.end();
  }

  private static final class Answers {
    private final ResponseReader reader =
        new ResponseReader(
            new HTTP1ClientOptions(4096, 1000, 7, Duration.ofSeconds(60)), new byte[512]);
    private final List<String> events = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private boolean inBody;
    private boolean refused;

    void feed(ByteBuffer in) {
      try {
        while (in.hasRemaining() && !refused) {
          step(in);
        }
      } catch (HTTPInputException e) {
        refuse(e);
      }
    }

    private void step(ByteBuffer in) {
      boolean found = inBody ? reader.readBody(in) : reader.readHead(in);
      HTTPInputException reason = reader.takeRefusal();
      if (reason != null) {
        refuse(reason);
      } else if (found && inBody) {
        takeBody();
      } else if (found) {
        takeHead(reader.takeHead());
      }
    }

    private void takeHead(@Nullable ResponseHead head) {
      assertThat(head).isNotNull();
      long length = BodyFraming.ofAnswer(head, "GET");
      events.add(head.status() + " " + head.startLine().reason());
      head.headers().forEach((name, value) -> events.add(name + "=" + value));
      if (head.interim()) {
        return;
      }
      if (length == 0) {
        events.add("body ");
      } else {
        reader.expectBody(length, 1000, false);
        inBody = true;
      }
    }

    private void takeBody() {
      byte[] piece = reader.takePiece();
      if (piece != null) {
        body.writeBytes(piece);
      }
      if (reader.bodyFinished()) {
        endBody();
      }
    }

    private void endBody() {
      events.add("body " + body.toString(StandardCharsets.ISO_8859_1));
      reader.trailers().forEach((name, value) -> events.add("trailer " + name + "=" + value));
      reader.endBody();
      body.reset();
      inBody = false;
    }

    private void refuse(HTTPInputException reason) {
      events.add("refused: " + reason.getMessage());
      refused = true;
    }

    List<String> end() {
      if (!refused && inBody && reader.inputEnded()) {
        endBody();
      }
      return events;
    }
  }
}
