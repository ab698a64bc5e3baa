// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.log.Log;

/** Signed cookies of handlers. */
class SignedCookieTest extends HandlerTest {
  private static final String SECRET = "It's a secret to everybody";

  private final SignedValues values = new SignedValues(SECRET);
  private LogCapture log;

  @BeforeEach
  void captureLog() {
    log = new LogCapture(Log.GENERAL);
  }

  @AfterEach
  void releaseLog() {
    log.close();
  }

  /** What a handler does, as the answer's text. */
  private interface Step {
    Object run(RequestHandler handler) throws Exception;
  }

  private FakeConnection answer(Settings settings, Step step) throws Exception {
    class Handler extends RequestHandler {
      @Override
      protected void get() throws Exception {
        write(String.valueOf(step.run(this)));
      }
    }
    return request(new Application(settings, url("/", Handler::new)), "GET", "/", "");
  }

  private FakeConnection answer(Step step) throws Exception {
    return answer(settings().cookieSecret(SECRET).build(), step);
  }

  private String read(String cookie) throws Exception {
    return with(cookie).answer(handler -> handler.getSignedCookie("user")).body();
  }

  /** Of several Cookie headers the last counts, so that each call is as if it were the first. */
  private SignedCookieTest with(String cookie) {
    return (SignedCookieTest) with("Cookie", cookie);
  }

  /** What is said of requests. */
  private List<String> lines() {
    return log.lines().stream().filter(line -> line.contains("(192.0.2.7)")).toList();
  }

  private SignedValues ago(Duration age) {
    return values.withClock(() -> Instant.now().minus(age));
  }

  @Test
  void whatIsSetComesBack() throws Exception {
    var set =
        answer(
            handler -> {
              handler.setSignedCookie("user", "Jürgen; \r\n\"");
              return "";
            });
    String header = set.header("Set-Cookie");

    assertThat(header)
        .matches("user=\\S+; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax")
        .startsWith("user=2|1:0|10:");
    assertThat(read(header.substring(0, header.indexOf(';')))).isEqualTo("Jürgen; \r\n\"");
    assertThat(lines()).isEmpty();
  }

  @Test
  void theAttributesAreThoseGiven() throws Exception {
    var set =
        answer(
            handler -> {
              handler.setSignedCookie("a", "b", CookieAttributes.DEFAULT);
              return "";
            });

    assertThat(set.header("Set-Cookie")).matches("a=2\\S+; Path=/");
  }

  @Test
  void bytesComeBackAsTheyWere() throws Exception {
    byte[] all = {0, -1, 0x7f, -128, '\n'};
    String signed = values.createSignedValue("user", all);
    var got =
        with("user=" + signed)
            .answer(
                handler -> {
                  handler.setSignedCookie("copy", all, CookieAttributes.SIGNED);
                  byte[] value = handler.getSignedCookieBytes("user", SignedValues.MAX_AGE, 2);
                  return new String(value, StandardCharsets.ISO_8859_1);
                });

    assertThat(got.body()).isEqualTo(new String(all, StandardCharsets.ISO_8859_1));
    assertThat(got.header("Set-Cookie")).startsWith("copy=2|1:0|");
  }

  /** Python puts quotes around it. */
  @Test
  void aCookieOfTornadoIsUnderstood() throws Exception {
    String signed = values.createSignedValue("user", "me");

    assertThat(read("a=b; user=\"" + signed + "\"")).isEqualTo("me");
  }

  @Test
  void aCookieThatIsNotThereIsNone() throws Exception {
    assertThat(answer(handler -> handler.getSignedCookie("user")).body()).isEqualTo("null");
    assertThat(read("user=")).isEqualTo("null");
    assertThat(lines()).isEmpty();
  }

  @Test
  void aForgedCookieIsNoneAndSaidOnce() throws Exception {
    String signed = values.createSignedValue("user", "me");

    assertThat(read("user=" + signed.replace("|4:user", "|04:user"))).isEqualTo("null");
    assertThat(lines()).containsExactly("WARNING Cookie user: it is malformed: GET / (192.0.2.7)");
  }

  @Test
  void theLogSaysWhyACookieIsNone() throws Exception {
    read("user=" + values.createSignedValue("user", "me") + "0");
    read("user=" + values.createSignedValue("admin", "me"));
    read("user=" + ago(Duration.ofDays(32)).createSignedValue("user", "me"));
    read("user=3|");
    read("user=" + values.createSignedValue("user", new byte[] {-1}));

    assertThat(lines())
        .containsExactly(
            "WARNING Cookie user: its signature does not match: GET / (192.0.2.7)",
            "WARNING Cookie user: it is of another name: GET / (192.0.2.7)",
            "INFO Cookie user: it has expired: GET / (192.0.2.7)",
            "WARNING Cookie user: version 3 is not accepted: GET / (192.0.2.7)",
            "WARNING Cookie user: it is no text: GET / (192.0.2.7)");
  }

  @Test
  void ofTwoCookiesTheLastCounts() throws Exception {
    String mine = values.createSignedValue("user", "me");

    assertThat(read("user=forged; user=" + mine)).isEqualTo("me");
    assertThat(read("user=" + mine + "; user=forged")).isEqualTo("null");
  }

  @Test
  void ageAndVersionCanBeDemanded() throws Exception {
    String old = ago(Duration.ofDays(2)).createSignedValue("user", "me");
    String version1 = values.createSignedValue("user", "me".getBytes(StandardCharsets.UTF_8), 1);

    with("user=" + old);
    assertThat(answer(h -> h.getSignedCookie("user", Duration.ofDays(3))).body()).isEqualTo("me");
    assertThat(answer(h -> h.getSignedCookie("user", Duration.ofDays(1))).body()).isEqualTo("null");
    with("user=" + version1);
    assertThat(answer(h -> h.getSignedCookie("user")).body()).isEqualTo("me");
    assertThat(answer(h -> h.getSignedCookie("user", Duration.ofDays(3), 2)).body())
        .isEqualTo("null");
    assertThat(lines())
        .last()
        .isEqualTo("WARNING Cookie user: version 1 is not accepted: GET / (192.0.2.7)");
  }

  @Test
  void theKeyVersionIsWhatTheCookieSays() throws Exception {
    var settings = settings().cookieSecrets(Map.of(1, "old", 2, "new")).keyVersion(2).build();
    String old = new SignedValues(Map.of(1, "old"), 1).createSignedValue("user", "me");

    assertThat(answer(settings, h -> h.getSignedCookieKeyVersion("user")).body()).isEqualTo("null");
    with("user=" + old);
    assertThat(answer(settings, h -> h.getSignedCookieKeyVersion("user")).body()).isEqualTo("1");
    assertThat(answer(settings, h -> h.getSignedCookie("user")).body()).isEqualTo("me");
    assertThat(answer(settings, h -> h.createSignedValue("a", "b")).body()).startsWith("2|1:2|");
  }

  @Test
  void valuesForOtherUsesAreSignedAndRead() throws Exception {
    var age = Duration.ofDays(1);
    var answer =
        answer(
            handler -> {
              String signed = handler.createSignedValue("mail", "größe");
              return handler.decodeSignedValue("mail", signed, age)
                  + handler.decodeSignedValue("other", signed, age)
                  + handler.decodeSignedValue("mail", signed, age.negated())
                  + handler.decodeSignedValue("mail", null, age);
            });

    assertThat(answer.body()).isEqualTo("größenullnullnull");
  }

  @Test
  void aMissingSecretIsNamed() throws Exception {
    try (var errors = new LogCapture(Log.APPLICATION)) {
      var none = settings().build();
      assertThat(answer(none, h -> h.getSignedCookie("user")).status()).isEqualTo(500);
      assertThat(answer(none, h -> h.createSignedValue("user", "me")).status()).isEqualTo(500);
      assertThat(errors.thrown())
          .hasSize(2)
          .allSatisfy(
              e ->
                  assertThat(e)
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessageContaining("cookieSecret")
                      .hasMessageContaining("signed cookies"));
    }
    assertThatIllegalStateException().isThrownBy(() -> settings().build().signedValues());
  }

  @Test
  void settingsThatContradictEachOtherAreRefused() {
    var secrets = Map.of(1, "a");

    assertThatIllegalArgumentException().isThrownBy(() -> settings().cookieSecret(""));
    assertThatIllegalArgumentException().isThrownBy(() -> settings().cookieSecret(new byte[0]));
    for (var refused :
        new Settings.Builder[] {
          settings().cookieSecrets(secrets),
          settings().cookieSecret("a").keyVersion(0),
          settings().cookieSecrets(secrets).keyVersion(2),
          settings().cookieSecrets(Map.of(1, "")).keyVersion(1),
          settings().cookieSecret("a").cookieSecrets(secrets).keyVersion(1)
        }) {
      assertThatIllegalArgumentException().isThrownBy(refused::build);
    }
  }

  @Test
  void aCookieThatBrowsersWouldDropIsRefused() throws Exception {
    try (var errors = new LogCapture(Log.APPLICATION)) {
      var answer =
          answer(
              handler -> {
                handler.setSignedCookie("a", "x".repeat(3100));
                return "";
              });
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.header("Set-Cookie")).isNull();
      assertThat(errors.thrown()).hasSize(1);
      assertThat(errors.thrown().getFirst()).hasMessageContaining("more than 4096 bytes");
    }
  }
}
