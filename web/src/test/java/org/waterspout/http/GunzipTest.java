// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The coding gzip: each case whole, byte by byte, and split at every index. */
class GunzipTest {
  private static final long MAX_SIZE = 1000;
  private static final int MAX_PIECE = 64;
  private static final String TEXT = "one, two, one, two, one, two, three";

  record Case(String what, byte[] body, String outcome) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Case accepted(String what, String text, byte[]... members) {
    return new Case(what, Gzipped.joined(members), "whole " + text);
  }

  private static Case refused(String what, int status, byte[]... parts) {
    return new Case(what, Gzipped.joined(parts), "refused " + status);
  }

  static List<Case> accepted() {
    return List.of(
        accepted("one member", TEXT, Gzipped.of(TEXT)),
        accepted("a member of nothing", "", Gzipped.of("")),
        accepted("no member", ""),
        accepted("as much as may be", "x".repeat(1000), Gzipped.of("x".repeat(1000))),
        accepted("what does not get smaller", noise(), Gzipped.of(noise())),
        accepted("several members", "abc", Gzipped.of("a"), Gzipped.of(""), Gzipped.of("b"), c()),
        accepted("a name", TEXT, Gzipped.withHeader(TEXT, 8, "name\0")),
        accepted("an empty name", TEXT, Gzipped.withHeader(TEXT, 8, "\0")),
        accepted("a comment", TEXT, Gzipped.withHeader(TEXT, 16, "\u00e4 comment\0")),
        accepted("an extra field", TEXT, Gzipped.withHeader(TEXT, 4, "\4\0ab\0d")),
        accepted("an empty extra field", TEXT, Gzipped.withHeader(TEXT, 4, "\0\0")),
        accepted("a sum of the header", TEXT, Gzipped.withHeader(TEXT, 2, "")),
        accepted("said to be text", TEXT, Gzipped.withHeader(TEXT, 1, "")),
        accepted(
            "everything",
            TEXT + "c",
            Gzipped.withHeader(TEXT, 31, "\0\1" + "e".repeat(256) + "name\0comment\0"),
            c()));
  }

  private static byte[] c() {
    return Gzipped.of("c");
  }

  private static String noise() {
    byte[] bytes = new byte[900];
    new Random(1952).nextBytes(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static List<Case> refused() {
    byte[] good = Gzipped.of(TEXT);
    return List.of(
        refused("text", 400, "one".getBytes(StandardCharsets.ISO_8859_1)),
        refused("zlib's format", 400, new byte[] {0x78, (byte) 0x9c, 3, 0, 0, 0, 0, 1}),
        refused("another method", 400, changed(good, 2, 7)),
        refused("a reserved flag", 400, changed(good, 3, 0x20)),
        refused("a sum of the header that is wrong", 400, wrongHeaderCRC()),
        refused("a reserved type of block", 400, changed(good, 10, 7)),
        refused(
            "a sum that is wrong", 400, changed(good, good.length - 8, good[good.length - 8] + 1)),
        refused(
            "a length that is wrong",
            400,
            changed(good, good.length - 4, good[good.length - 4] + 1)),
        refused("a high bit of the length", 400, changed(good, good.length - 1, 0x80)),
        refused("bytes behind it", 400, good, new byte[] {0}),
        refused("zeros behind it", 400, good, new byte[512]),
        refused("half a header behind it", 400, good, new byte[] {0x1f, (byte) 0x8b, 9}),
        refused("too much", 413, Gzipped.of("x".repeat(1001))),
        refused("far too much", 413, Gzipped.of("x".repeat(10_000_000))),
        refused("too much in all", 413, Gzipped.of("x".repeat(999)), Gzipped.of("yy")));
  }

  private static byte[] changed(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) value;
    return changed;
  }

  private static byte[] wrongHeaderCRC() {
    byte[] good = Gzipped.withHeader(TEXT, 2, "");
    return changed(good, 11, good[11] + 1);
  }

  /** What comes of it in pieces; nothing behind a refusal counts. */
  private static String inflate(byte[] body, int first, int others) {
    var out = new ByteArrayOutputStream();
    try (var gunzip = new Gunzip(MAX_SIZE)) {
      int end = 0;
      while (end < body.length) {
        int start = end;
        end = Math.min(body.length, start == 0 ? first : start + others);
        gunzip.feed(Arrays.copyOfRange(body, start, end));
        for (byte[] piece = gunzip.next(MAX_PIECE); piece != null; piece = gunzip.next(MAX_PIECE)) {
          assertThat(piece).hasSizeBetween(1, MAX_PIECE);
          out.writeBytes(piece);
        }
        assertThat(out.size()).isLessThanOrEqualTo((int) MAX_SIZE);
      }
      String text = out.toString(StandardCharsets.ISO_8859_1);
      return (gunzip.complete() ? "whole " : "begun ") + text;
    } catch (HTTPInputException e) {
      return "refused " + e.status();
    }
  }

  private static String whole(byte[] body) {
    return inflate(body, body.length, 1);
  }

  @ParameterizedTest
  @MethodSource({"accepted", "refused"})
  void doesNotDependOnHowTheBodyArrives(Case given) {
    byte[] body = given.body();
    assertThat(inflate(body, 1, 1)).isEqualTo(given.outcome());
    for (int i = 1; i <= body.length; i += body.length > 2000 ? 97 : 1) {
      assertThat(inflate(body, i, body.length)).as("split at " + i).isEqualTo(given.outcome());
    }
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void knowsThatItIsNotAllThereIs(Case given) {
    byte[] body = given.body();
    int ends = 0;
    for (int i = 1; i < body.length; i++) {
      String outcome = whole(Arrays.copyOf(body, i));
      if (outcome.startsWith("whole ")) {
        ends++; // between members
      } else {
        assertThat(outcome).startsWith("begun ");
      }
    }
    assertThat(ends).isLessThan(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 1023, 1024, 1025, 65_536})
  void piecesAreAsLongAsTheyMayBe(int max) {
    byte[] zeros = new byte[200_000];
    try (var gunzip = new Gunzip(zeros.length)) {
      gunzip.feed(Gzipped.of(zeros));
      int size = 0;
      for (byte[] piece = gunzip.next(max); piece != null; piece = gunzip.next(max)) {
        assertThat(piece.length).isBetween(1, max);
        size += piece.length;
      }
      assertThat(size).isEqualTo(zeros.length);
      assertThat(gunzip.complete()).isTrue();
    }
  }

  @Test
  void inflatesNoMoreThanWhatIsTaken() {
    try (var gunzip = new Gunzip(1 << 30)) {
      gunzip.feed(Gzipped.of(new byte[10_000_000]));
      assertThat(gunzip.next(10)).hasSize(10); // and does not fail by what lies behind
      assertThat(gunzip.complete()).isFalse();
    }
  }

  @Test
  void theOutcomeOfMutationsDoesNotDependOnHowTheyArrive() {
    var random = new Random(1952);
    int whole = 0;
    int refused = 0;
    byte[] good =
        Gzipped.joined(Gzipped.withHeader(TEXT, 31, "\3\0abcname\0comment\0"), Gzipped.of(noise()));
    for (int round = 0; round < 5000; round++) {
      byte[] body = good.clone();
      int limit = random.nextBoolean() ? 60 : body.length;
      for (int i = random.nextInt(2); i >= 0; i--) {
        body[random.nextInt(limit)] ^= (byte) (1 << random.nextInt(8));
      }
      String outcome = whole(body);
      assertThat(inflate(body, 1, 1)).as("round " + round).isEqualTo(outcome);
      whole += outcome.startsWith("whole") ? 1 : 0;
      refused += outcome.startsWith("refused") ? 1 : 0;
    }
    assertThat(whole).as("some bytes of a header do not count").isPositive();
    assertThat(refused).isPositive();
  }

  @Test
  void closingTwiceDoesNoHarm() {
    var gunzip = new Gunzip(MAX_SIZE);
    gunzip.feed(Arrays.copyOf(Gzipped.of(TEXT), 20));
    var _ = gunzip.next(MAX_PIECE);
    gunzip.close();
    gunzip.close();
    assertThat(gunzip.next(MAX_PIECE)).isNull();
  }
}
