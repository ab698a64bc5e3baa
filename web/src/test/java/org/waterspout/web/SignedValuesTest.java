// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.Soak;

class SignedValuesTest {
  private static final long PRESENT = 1_300_000_000;
  private static final String SECRET = "It's a secret to everybody";
  private static final Map<Integer, String> SECRETS =
      Map.of(0, "asdfbasdf", 1, "12312312", 17, "2342342");

  /** What Tornado makes of the name "key" and the value "value". */
  private static final String V1 = "dmFsdWU=|1300000000|31c934969f53e48164c50768b40cbd7e2daaaa4f";

  private static final String UNSIGNED = "2|1:0|10:1300000000|3:key|8:dmFsdWU=|";
  private static final String SIGNATURE =
      "3d4e60b996ff9c5d5788e333a0cba6f238a22c6c0f94788870e1a9ecd482e152";
  private static final String V2 = UNSIGNED + SIGNATURE;

  private final SignedValues values = at(new SignedValues(SECRET), PRESENT);

  private static SignedValues at(SignedValues values, long second) {
    return values.withClock(() -> Instant.ofEpochSecond(second));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String decoded(SignedValues values, String signed) {
    byte[] value = values.decodeSignedValue("key", signed);
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  private String decoded(String signed) {
    return decoded(values, signed);
  }

  @Test
  void writesWhatTornadoWrites() {
    assertThat(values.createSignedValue("key", "value")).isEqualTo(V2);
    assertThat(values.createSignedValue("key", bytes("value"), 1)).isEqualTo(V1);
    assertThat(values.createSignedValue("key", new byte[] {(byte) 0xe9, 0, (byte) 0xff}))
        .isEqualTo(
            "2|1:0|10:1300000000|3:key|4:6QD/|"
                + "853c225597c70e58bd0478d13f8e629e3de0b9ec5af0063dd013ba4dfc5fe7dd");
    assertThat(values.createSignedValue("key", ""))
        .isEqualTo(
            "2|1:0|10:1300000000|3:key|0:|"
                + "6e95660506257587586edb4dbac28ab1c44d8163a37af507ec5c99232c6d4a87");
    assertThat(at(new SignedValues(SECRETS, 17), PRESENT).createSignedValue("key", "value"))
        .isEqualTo(
            "2|2:17|10:1300000000|3:key|8:dmFsdWU=|"
                + "2b52a2681263c0a3fdf0fd37e35550de05c29ee0dd039e94e5ef01efcee549a0");
    assertThat(
            at(new SignedValues("é".repeat(100)), PRESENT)
                .createSignedValue("__Host-user", "Jürgen"))
        .as("a secret that is longer than a block of the hash, and not ASCII")
        .isEqualTo(
            "2|1:0|10:1300000000|11:__Host-user|12:SsO8cmdlbg==|"
                + "53c1ebdf7c77ee1b351e2ed10b8d957ecbaaa7468eddf3da51c3bab5798caff6");
  }

  @Test
  void readsWhatTornadoWrites() {
    assertThat(decoded(V2)).isEqualTo("value");
    assertThat(decoded(V1)).isEqualTo("value");
    assertThat(decoded("|1300000000|deaa22682dbfb132eff510f9d95445a77cadc28a")).isEmpty();
    assertThat(
            decoded(
                "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw|1300000000|"
                    + "bb798e6072e3fddf75f7bd4345bc2d8ded6e4558"))
        .isEqualTo("1234567890".repeat(3));
  }

  @Test
  void keepsAllBytesAndAllNames() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    for (String name : new String[] {"", "a", "a|b:c", "5:|", "größe", "\ud83d\ude00"}) {
      String signed = values.createSignedValue(name, all);
      assertThat(values.decodeSignedValue(name, signed)).as(name).isEqualTo(all);
      assertThat(values.decodeSignedValue(name + "x", signed)).isNull();
    }
  }

  @Test
  void refusesAValueOfAnotherName() {
    assertThat(values.decodeSignedValue("kex", V2)).isNull();
    assertThat(values.decodeSignedValue("kex", V1)).isNull();
    assertThat(values.decodeSignedValue("", V2)).isNull();
  }

  @Test
  void refusesAValueThatIsTooOld() {
    long day = Duration.ofDays(1).toSeconds();
    for (String signed : new String[] {V1, V2}) {
      assertThat(decoded(at(values, PRESENT + 31 * day), signed)).isEqualTo("value");
      assertThat(decoded(at(values, PRESENT + 31 * day + 1), signed)).isNull();
      assertThat(values.decodeSignedValue("key", signed, Duration.ZERO, 1)).isNotNull();
      assertThat(
              at(values, PRESENT + 1).decodeSignedValue("key", signed, Duration.ofMillis(900), 1))
          .isNull();
      assertThat(
              at(values, PRESENT + 900 * day)
                  .decodeSignedValue("key", signed, Duration.ofSeconds(Long.MAX_VALUE), 1))
          .isNotNull();
      assertThat(values.decodeSignedValue("key", signed, Duration.ofDays(-1), 1)).isNull();
    }
  }

  @Test
  void refusesVersion1FromTheFutureOnly() {
    long month = Duration.ofDays(31).toSeconds();

    assertThat(decoded(at(values, PRESENT - month), V1)).isEqualTo("value");
    assertThat(decoded(at(values, PRESENT - month - 1), V1)).isNull();
    assertThat(decoded(at(values, PRESENT - 2 * month), V2)).isEqualTo("value");
  }

  /** Version 1 signs value and time without a border between them. */
  @Test
  void refusesVersion1WithDigitsMovedBetweenValueAndTime() {
    String value = Base64.getEncoder().encodeToString(bytes("x40")); // eDQw
    String signature = hmac("HmacSHA1", "key" + value + "1300000000");
    String signature5 = hmac("HmacSHA1", "key" + "eDA4" + "1300000000");
    String signature0 = hmac("HmacSHA1", "key" + "eDQ0" + "0000" + "1300000000");
    long everything = Duration.ofDays(36_500).toSeconds();

    assertThat(decoded(value + "|1300000000|" + signature)).isEqualTo("x40");
    for (long max : new long[] {SignedValues.MAX_AGE.toSeconds(), everything}) {
      var age = Duration.ofSeconds(max);
      for (String moved :
          new String[] {
            "eDQw1|300000000|" + signature,
            "eDQw1300|000000|" + signature,
            "eDQw1300000000||" + signature,
            "eDA|41300000000|" + signature5,
            "eDQ0|00001300000000|" + signature0,
            "eDQ0000|01300000000|" + signature0,
            "eDQ00000|1300000000|" + signature // signed as another value
          }) {
        assertThat(values.decodeSignedValue("key", moved, age, 1)).as(moved).isNull();
      }
    }
  }

  /** What passes the signature has passed all else, but who knows the secret may be careless. */
  @Test
  void refusesWhatIsSignedButMalformed() {
    for (String unsigned :
        new String[] {
          "2|1:0|10:1300000000|3:key|8:dmFsd!U=|",
          "2|1:0|10:1300000000|3:key|9:dmFsdWU==|",
          "2|1:0|10:13000000x0|3:key|8:dmFsdWU=|",
          "2|1:0|11:01300000000|3:key|8:dmFsdWU=|",
          "2|1:0|19:1300000000000000000|3:key|8:dmFsdWU=|",
          "2|1:0|0:|3:key|8:dmFsdWU=|",
          "2|2:00|10:1300000000|3:key|8:dmFsdWU=|",
          "2|2:-1|10:1300000000|3:key|8:dmFsdWU=|",
          "2|10:4294967296|10:1300000000|3:key|8:dmFsdWU=|",
          "2|01:0|10:1300000000|3:key|8:dmFsdWU=|",
          "2|+1:0|10:1300000000|3:key|8:dmFsdWU=|",
          "2|1:0|10:1300000000|3:key|08:dmFsdWU=|",
          "2|1:0|10:1300000000|3:key|8:dmFsdWU=",
          "2|1:0|10:1300000000|3:key|",
          "2|",
          "3|1:0|10:1300000000|3:key|8:dmFsdWU=|",
          "999|1:0|10:1300000000|3:key|8:dmFsdWU=|",
          "02|1:0|10:1300000000|3:key|8:dmFsdWU=|"
        }) {
      String signed = unsigned + hmac("HmacSHA256", unsigned);
      assertThat(decoded(signed)).as(signed).isNull();
    }
    for (String parts :
        new String[] {
          "dmFsdWU=|", "dmFsdWU|1300000000", "dmFsd!U=|1300000000", "dmFsdWU=|+300000000"
        }) {
      String signed = parts + "|" + hmac("HmacSHA1", "key" + parts.replace("|", ""));
      assertThat(decoded(signed)).as(signed).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "|",
        "||",
        "|||",
        "2",
        "2||",
        "2|1",
        "2|:",
        "2|1:",
        "2|1:0",
        "2|0:|0:|0:|0:|",
        "2|999999999:|",
        "2|2147483647:|",
        "2|9999999999999999999:|",
        "1|1300000000|",
        "1000|1300000000|",
        "value",
        "\u0000",
        "\ud800",
        "é|1300000000|x",
        "2|1:0\n|"
      })
  void refusesWhatWasNeverSigned(String text) {
    assertThat(decoded(text)).isNull();
    assertThat(SignedValues.getSignatureKeyVersion(text)).isNull();
  }

  @Test
  void aValueThatIsNotThereIsNone() {
    assertThat(values.decodeSignedValue("key", null)).isNull();
  }

  @Test
  void refusesForgedPayloadsAndSignatures() {
    assertThat(decoded("2|1:1|10:1300000000|3:key|8:dmFsdWU=|" + SIGNATURE)).isNull();
    assertThat(decoded("2|1:0|10:130000000|3:key|8:dmFsdWU=|" + SIGNATURE)).isNull();
    assertThat(decoded("2|1:0|10:1300000001|3:key|8:dmFsdWU=|" + SIGNATURE)).isNull();
    assertThat(decoded("2|1:0|10:1300000000|3:keey|8:dmFsdWU=|" + SIGNATURE)).isNull();
    assertThat(decoded(UNSIGNED + "0".repeat(64))).isNull();
    assertThat(decoded(UNSIGNED)).isNull();
    assertThat(decoded(UNSIGNED + "4" + SIGNATURE.substring(1))).isNull();
    assertThat(decoded(V2.substring(0, V2.length() - 1))).isNull();
    assertThat(decoded(V2 + "8")).isNull();
    assertThat(decoded(V2.replace("3d4e", "3D4E"))).isNull();
    assertThat(decoded(V2.replaceFirst("2", "1"))).isNull();
    assertThat(decoded(V1.replace("31c9", "31C9"))).isNull();
    assertThat(decoded(at(new SignedValues(SECRET + "?"), PRESENT), V2)).isNull();
  }

  /** A change of one byte anywhere, and any mixture of changes, is noticed. */
  @Test
  void whateverIsChangedIsRefused() {
    var refused = new AtomicInteger();
    String alphabet = "0123456789abcdefABC|:=+/ \u0000\u007f\u00ff\ud800é";
    Soak.run(
        20_260_728,
        4_000,
        (random, round) -> {
          String original = random.nextBoolean() ? V1 : V2;
          var changed = new StringBuilder(original);
          for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(changed.length());
            char c = alphabet.charAt(random.nextInt(alphabet.length()));
            switch (random.nextInt(4)) {
              case 0 -> changed.setCharAt(at, c);
              case 1 -> changed.insert(at, c);
              case 2 -> changed.deleteCharAt(at);
              default -> changed.append(changed, at, Math.min(changed.length(), at + 9));
            }
          }
          String text = changed.toString();
          if (text.equals(original)) {
            assertThat(decoded(text)).isEqualTo("value");
          } else {
            assertThat(decoded(text)).as(text).isNull();
            refused.incrementAndGet();
          }
        });
    assertThat(refused).hasPositiveValue();
    for (int i = 0; i < V2.length(); i++) {
      assertThat(decoded(V2.substring(0, i))).isNull();
      assertThat(decoded(V2.substring(0, i) + V2.substring(i + 1))).isNull();
    }
  }

  @Test
  void aMinimalVersionIsDemanded() {
    assertThat(values.decodeSignedValue("key", V1, SignedValues.MAX_AGE, 2)).isNull();
    assertThat(values.decodeSignedValue("key", V2, SignedValues.MAX_AGE, 2))
        .isEqualTo(bytes("value"));
    for (int none : new int[] {0, 3, -1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> values.decodeSignedValue("key", V2, SignedValues.MAX_AGE, none));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> values.createSignedValue("key", bytes(""), none));
    }
  }

  @Test
  void everySecretReadsAndOneSigns() {
    var old = at(new SignedValues(SECRETS, 1), PRESENT);
    var rotated = at(new SignedValues(Map.of(1, "12312312", 2, "new"), 2), PRESENT);
    var without = at(new SignedValues(Map.of(2, "new"), 2), PRESENT);
    String signed = old.createSignedValue("key", "value");

    assertThat(SignedValues.getSignatureKeyVersion(signed)).isEqualTo(1);
    assertThat(decoded(rotated, signed)).isEqualTo("value");
    assertThat(decoded(without, signed)).as("its secret was removed").isNull();
    String again = rotated.createSignedValue("key", "value");
    assertThat(SignedValues.getSignatureKeyVersion(again)).isEqualTo(2);
    assertThat(decoded(without, again)).isEqualTo("value");
    assertThat(decoded(old, again)).isNull();
    assertThat(decoded(rotated, again.replaceFirst("1:2", "1:1"))).as("another version").isNull();
  }

  @Test
  void severalSecretsHaveNoVersion1() {
    var several = at(new SignedValues(Map.of(0, SECRET), 0), PRESENT);

    assertThat(decoded(several, V1)).isNull();
    assertThat(decoded(several, V2)).isEqualTo("value");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> several.createSignedValue("key", bytes("value"), 1));
  }

  @Test
  void theKeyVersionIsThatOfVersion2Only() {
    assertThat(SignedValues.getSignatureKeyVersion(V2)).isZero();
    assertThat(SignedValues.getSignatureKeyVersion(V1)).isNull();
    assertThat(SignedValues.getSignatureKeyVersion(V2.replaceFirst("2", "3"))).isNull();
    assertThat(SignedValues.getSignatureKeyVersion("2|2:17|1:0|0:|0:|")).isEqualTo(17);
  }

  @Test
  void refusesSecretsThatAreNone() {
    assertThatIllegalArgumentException().isThrownBy(() -> new SignedValues(""));
    assertThatIllegalArgumentException().isThrownBy(() -> new SignedValues(new byte[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> new SignedValues(Map.of(), 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new SignedValues(Map.of(1, ""), 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new SignedValues(Map.of(-1, "a"), -1));
    assertThatIllegalArgumentException().isThrownBy(() -> new SignedValues(SECRETS, 2));
  }

  @Test
  void keepsItsSecretsToItself() {
    byte[] secret = bytes(SECRET);
    var own = at(new SignedValues(secret), PRESENT);
    secret[0] = 0;

    assertThat(decoded(own, V2)).isEqualTo("value");
    assertThat(own.toString()).doesNotContain(SECRET);
    assertThat(new SignedValues(SECRETS, 1).toString())
        .doesNotContain("asdfbasdf")
        .doesNotContain("12312312");
  }

  private static String hmac(String algorithm, String text) {
    try {
      var mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(bytes(SECRET), algorithm));
      return HexFormat.of().formatHex(mac.doFinal(bytes(text)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
