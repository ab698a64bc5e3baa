// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestAnswerTest {
  private static final Credentials MUFASA =
      new Credentials("Mufasa", "Circle of Life", AuthMode.DIGEST);

  /** RFC 7616 section 3.9.1. */
  private static String challenge(String algorithm) {
    return "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm="
        + algorithm
        + ", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
        + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
  }

  private static String answer(String header, Credentials credentials) {
    var chosen = DigestAnswer.choose(Challenge.parse(List.of(header)));
    return DigestAnswer.answer(
        chosen,
        credentials,
        "GET",
        "/dir/index.html",
        1,
        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
  }

  @ParameterizedTest
  @CsvSource({
    "MD5, 8ca523f5e9506fed4657c9700eebdbec",
    "SHA-256, 753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
  })
  void answersTheChallengesOfTheRFC(String algorithm, String response) {
    assertThat(answer(challenge(algorithm), MUFASA))
        .isEqualTo(
            "Digest username=\"Mufasa\", realm=\"http-auth@example.org\","
                + " nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
                + " uri=\"/dir/index.html\", response=\""
                + response
                + "\", cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\","
                + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\", algorithm="
                + algorithm
                + ", qop=auth, nc=00000001");
  }

  @Test
  void prefersTheBetterHash() {
    var chosen =
        DigestAnswer.choose(
            Challenge.parse(List.of("Basic realm=x", challenge("MD5"), challenge("SHA-256"))));
    assertThat(chosen.get("algorithm", "")).isEqualTo("SHA-256");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Basic realm=\"x\"",
        "Digest realm=\"x\", nonce=\"n\"",
        "Digest realm=\"x\", nonce=\"n\", qop=\"auth-int\"",
        "Digest realm=\"x\", nonce=\"n\", qop=auth, algorithm=SHA-512",
        "Digest nonce=\"n\", qop=auth",
        "Digest realm=\"x\", qop=auth",
        "Digest realm=\"x\", realm=\"y\", nonce=\"n\", qop=auth",
        "Digest realm=\"x, nonce=\"n\", qop=auth",
        "Digest realm=\"x\" nonce=\"n\" qop=auth =",
        "Digest",
        "=",
        ""
      })
  void hasNoAnswerToWhatItDoesNotSpeak(String header) {
    assertThat(DigestAnswer.choose(Challenge.parse(List.of(header)))).isNull();
  }

  @Test
  void hasNoAnswerToEndlessChallenges() {
    var header = "Digest realm=\"" + "x".repeat(20_000) + "\", nonce=\"n\", qop=auth";
    assertThat(DigestAnswer.choose(Challenge.parse(List.of(header)))).isNull();
  }

  @Test
  void findsAChallengeAmongOthersInOneField() {
    var challenges =
        Challenge.parse(
            List.of(
                "Negotiate abc+/==, Basic realm=\"a, b=\\\"c\\\"\","
                    + " Digest realm=r ,nonce = \"n\",, qop=auth, NTLM"));
    assertThat(challenges)
        .extracting(Challenge::scheme)
        .containsExactly("negotiate", "basic", "digest", "ntlm");
    assertThat(challenges.get(1).parameters()).containsEntry("realm", "a, b=\"c\"");
    assertThat(challenges.get(2).parameters()).containsEntry("nonce", "n");
  }

  @Test
  void quotesWhatCouldEndAValueAndNormalizesNames() {
    var header = "Digest realm=\"a\\\"b\", nonce=\"n\", qop=auth";
    assertThat(answer(header, new Credentials("x\"y\\z", "p", AuthMode.DIGEST)))
        .contains("username=\"x\\\"y\\\\z\"", "realm=\"a\\\"b\"");
    var composed = answer(header, new Credentials("J\u00e4", "p", AuthMode.DIGEST));
    var decomposed = answer(header, new Credentials("Ja\u0308", "p", AuthMode.DIGEST));
    assertThat(composed).isEqualTo(decomposed).contains("username*=UTF-8''J%C3%A4");
  }

  @Test
  void takesAnotherClientNonceForEachChallenge() {
    assertThat(DigestAnswer.newClientNonce())
        .hasSize(32)
        .isNotEqualTo(DigestAnswer.newClientNonce());
  }

  /** RFC 7616 section 3.4: a server may refuse a count that it has seen. */
  @Test
  void countsItsAnswersToAChallenge() {
    var digest = new Authentication(MUFASA);
    assertThat(digest.value("GET", "/")).isNull();
    assertThat(digest.answers(List.of(challenge("MD5")))).isTrue();
    for (int i = 1; i <= 17; i++) {
      assertThat(digest.value("GET", "/")).endsWith("nc=%08x".formatted(i));
    }
    assertThat(digest.answers(List.of(challenge("MD5") + ", stale=true"))).isTrue();
    assertThat(digest.value("GET", "/")).endsWith("nc=00000001");
  }

  @Test
  void readsAnythingWithoutHarm() {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
    var base = challenge("MD5") + ", Basic realm=x, Negotiate a==";
    for (int i = 0; i < 5_000; i++) {
      var text = new StringBuilder(base);
      for (int n = random.nextInt(4); n >= 0 && !text.isEmpty(); n--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, "\",=\\ x\u00e9".charAt(random.nextInt(7)));
          default -> text.setLength(at + 1);
        }
      }
      var chosen = DigestAnswer.choose(Challenge.parse(List.of(text.toString())));
      if (chosen != null) {
        assertThat(DigestAnswer.answer(chosen, MUFASA, "GET", "/", 1, "c")).startsWith("Digest ");
      }
    }
  }
}
