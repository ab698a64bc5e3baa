// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.http.ProxyHeader.FOUR;
import static org.waterspout.http.ProxyHeader.SIGNATURE;
import static org.waterspout.http.ProxyHeader.SIX;
import static org.waterspout.http.ProxyHeader.block;
import static org.waterspout.http.ProxyHeader.hex;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.waterspout.text.Shown;

/** The header of a proxy: each case whole, byte by byte, and split at every index. */
class ProxyHeaderParserTest {
  private static final int MAX_SIZE = 600;
  private static final ConnectionContext PROXY =
      new ConnectionContext("198.51.100.1", 4711, "198.51.100.2", 80, "https");
  private static final String ITSELF = "198.51.100.1 4711 198.51.100.2 80";
  private static final String BEHIND = "GET / HTTP/1.1";

  record Case(String header, String addresses) {
    @Override
    public String toString() {
      return Shown.quoted(header) + " " + addresses;
    }
  }

  private static Case line(String line, String addresses) {
    return new Case(line + "\r\n", addresses);
  }

  static List<Case> accepted() {
    return List.of(
        line("PROXY TCP4 192.0.2.7 192.0.2.1 49153 443", "192.0.2.7 49153 192.0.2.1 443"),
        line("PROXY TCP4 0.0.0.0 255.255.255.255 0 65535", "0.0.0.0 0 255.255.255.255 65535"),
        line(
            "PROXY TCP6 2001:db8::7 2001:DB8::1 49153 443",
            "2001:db8:0:0:0:0:0:7 49153 2001:db8:0:0:0:0:0:1 443"),
        line("PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2", "192.0.2.7 1 0:0:0:0:0:0:0:1 2"),
        line("PROXY TCP6 0011:0:0:0:0:0:0:01 ::0 1 2", "11:0:0:0:0:0:0:1 1 0:0:0:0:0:0:0:0 2"),
        line("PROXY UNKNOWN", ITSELF),
        line("PROXY UNKNOWN ", ITSELF),
        line("PROXY UNKNOWN 192.0.2.7 x\0y  TCP4 \u00ff", ITSELF),
        line("PROXY UNKNOWN " + "x".repeat(91), ITSELF), // 107 bytes with its end
        new Case(FOUR, "192.0.2.7 49153 192.0.2.1 443"),
        new Case(SIX, "2001:db8:0:0:0:0:0:7 49153 2001:db8:0:0:0:0:0:1 443"),
        new Case(
            block(0x21, 0x12, hex("c0000207 c0000201 c001 01bb")), // datagrams
            "192.0.2.7 49153 192.0.2.1 443"),
        new Case(
            block(0x21, 0x11, hex("c0000207 c0000201 c001 01bb") + "x".repeat(572)),
            "192.0.2.7 49153 192.0.2.1 443"),
        new Case(
            block(0x21, 0x21, "\0".repeat(10) + hex("ffff c0000207") + "\0".repeat(20)),
            "192.0.2.7 0 0:0:0:0:0:0:0:0 0"),
        new Case(block(0x21, 0x31, "/".repeat(216)), "0.0.0.0 0 0.0.0.0 0"),
        new Case(block(0x21, 0x32, "/".repeat(300)), "0.0.0.0 0 0.0.0.0 0"),
        new Case(block(0x20, 0x00, ""), ITSELF),
        new Case(block(0x20, 0x11, hex("c0000207 c0000201 c001 01bb")), ITSELF),
        new Case(block(0x20, 0x11, "short"), ITSELF),
        new Case(block(0x20, 0xff, "x".repeat(584)), ITSELF),
        new Case(block(0x21, 0x00, ""), ITSELF),
        new Case(block(0x21, 0x00, "x".repeat(300)), ITSELF),
        new Case(block(0x21, 0x10, ""), ITSELF),
        new Case(block(0x21, 0x01, "x"), ITSELF));
  }

  static List<String> refused() {
    return List.of(
        "GET / HTTP/1.1\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001",
        "\r\n\r\nGET",
        "\r\n\r\n\0\r\nQUIT\r",
        "PRI * HTTP/2.0\r\n",
        "proxy TCP4 192.0.2.7 192.0.2.1 1 2\r\n",
        "PROXY\r\n",
        "PROXY \r\n",
        "PROXY TCP4\r\n",
        "PROXY  TCP4 192.0.2.7 192.0.2.1 1 2\r\n",
        "PROXY TCP4  192.0.2.7 192.0.2.1 1 2\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 1 2 \r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 1\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 1 2 3\r\n",
        "PROXY TCP4\t192.0.2.7 192.0.2.1 1 2\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 1 2\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r",
        "PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 1\r 2\r\n",
        "PROXY UNKNOWN x\ry\r\n",
        "PROXY UNKNOWN x\ny\r\n",
        "PROXY UNKNOWNX\r\n",
        "PROXY UNKNOWN " + "x".repeat(92) + "\r\n",
        "PROXY UNKNOWN " + "x".repeat(500),
        "PROXY TCP5 192.0.2.7 192.0.2.1 1 2\r\n",
        "PROXY UDP4 192.0.2.7 192.0.2.1 1 2\r\n",
        "PROXY TCP4 192.0.2 192.0.2.1 1 2\r\n",
        "PROXY TCP4 192.0.2.256 192.0.2.1 1 2\r\n",
        "PROXY TCP4 192.0.2.07 192.0.2.1 1 2\r\n",
        "PROXY TCP4 092.0.2.7 192.0.2.1 1 2\r\n",
        "PROXY TCP4 192.0.2.7 192.00.2.1 1 2\r\n",
        "PROXY TCP4 ::1 ::1 1 2\r\n",
        "PROXY TCP4 localhost 192.0.2.1 1 2\r\n",
        "PROXY TCP4 3221225991 192.0.2.1 1 2\r\n",
        "PROXY TCP4 192.0.2.7 ::1 1 2\r\n",
        "PROXY TCP4 192.0.2.\u00b9 192.0.2.1 1 2\r\n",
        "PROXY TCP6 192.0.2.7 192.0.2.1 1 2\r\n",
        "PROXY TCP6 ::1 192.0.2.1 1 2\r\n",
        "PROXY TCP6 ::ffff:192.0.2.07 ::1 1 2\r\n",
        "PROXY TCP6 ::ffff:092.0.2.7 ::1 1 2\r\n",
        "PROXY TCP6 fe80::1%lo ::1 1 2\r\n",
        "PROXY TCP6 [::1] ::1 1 2\r\n",
        "PROXY TCP6 1::2::3 ::1 1 2\r\n",
        "PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 1 2\r\n",
        "PROXY TCP6 ::12345 ::1 1 2\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 65536 2\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 99999999999999999999 2\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 -1 2\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 +1 2\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 01 2\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 1 00\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 1 0x2\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 1 \r\n",
        SIGNATURE + (char) 0x11,
        SIGNATURE + (char) 0x01,
        SIGNATURE + (char) 0x22,
        SIGNATURE + (char) 0x31,
        block(0x21, 0x41, "x".repeat(300)),
        block(0x21, 0x13, hex("c0000207 c0000201 c001 01bb")),
        block(0x21, 0x11, hex("c0000207 c0000201 c001 01")),
        block(0x21, 0x11, ""),
        block(0x21, 0x21, "x".repeat(35)),
        block(0x21, 0x31, "x".repeat(215)),
        block(0x21, 0x11, 585, ""),
        block(0x21, 0x11, 65_535, ""),
        block(0x20, 0x00, 585, ""));
  }

  /** What the parser makes of it: addresses and how much it leaves, or that it refuses. */
  private static String parse(String wire, int first, int others) {
    byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
    var parser = new ProxyHeaderParser(MAX_SIZE, PROXY);
    int end = 0;
    while (end < bytes.length) {
      int start = end;
      end = Math.min(bytes.length, start == 0 ? first : start + others);
      var in = ByteBuffer.wrap(bytes, start, end - start);
      try {
        ConnectionContext found = parser.parse(in);
        if (found != null) {
          return text(found) + " then " + (bytes.length - in.position());
        }
      } catch (HTTPInputException e) {
        return "refused";
      }
      assertThat(in.hasRemaining()).isFalse();
    }
    return "incomplete";
  }

  private static String whole(String wire) {
    return parse(wire, wire.length(), 1);
  }

  private static String text(ConnectionContext found) {
    assertThat(found.protocol()).isEqualTo("https");
    return found.remoteIP()
        + " "
        + found.remotePort()
        + " "
        + found.localIP()
        + " "
        + found.localPort();
  }

  private static void checkInAllPieces(String wire, String outcome) {
    assertThat(parse(wire, 1, 1)).isEqualTo(outcome);
    for (int i = 1; i <= wire.length(); i++) {
      assertThat(parse(wire, i, wire.length())).as("split at " + i).isEqualTo(outcome);
    }
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void findsTheAddressesAndLeavesWhatIsBehind(Case given) {
    checkInAllPieces(given.header() + BEHIND, given.addresses() + " then " + BEHIND.length());
    checkInAllPieces(given.header(), given.addresses() + " then 0");
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void waitsForTheWholeHeader(Case given) {
    for (int i = 0; i < given.header().length(); i++) {
      String part = given.header().substring(0, i);
      assertThat(whole(part)).as("%d bytes", i).isEqualTo("incomplete");
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatIsNoHeader(String wire) {
    // behind a lone CR one more byte is needed
    checkInAllPieces(wire.endsWith("\r") ? wire + "x" : wire, "refused");
  }

  @Test
  void refusesOtherProtocolsWithTheirFirstByte() {
    for (String first : List.of("G", "\u0016", "p", "\0", "\n")) {
      assertThat(whole(first)).isEqualTo("refused");
    }
  }

  @Test
  void theOutcomeOfMutationsDoesNotDependOnHowTheyArrive() {
    var found = new AtomicInteger();
    var refused = new AtomicInteger();
    var headers = accepted();
    Soak.run(
        2010,
        5000,
        (random, round) -> {
          var wire = new StringBuilder(headers.get(random.nextInt(headers.size())).header());
          for (int i = random.nextInt(3); i >= 0; i--) {
            mutate(wire, random);
          }
          String whole = whole(wire.toString());
          assertThat(parse(wire.toString(), 1, 1)).as("%s", wire).isEqualTo(whole);
          found.addAndGet(whole.contains("then") ? 1 : 0);
          refused.addAndGet(whole.equals("refused") ? 1 : 0);
        });
    assertThat(found).hasPositiveValue();
    assertThat(refused).hasPositiveValue();
  }

  private static void mutate(StringBuilder wire, Random random) {
    String spice = "\r\n PROXYTCP46.:019%f\0 !\u0011\u00ff";
    int at = random.nextInt(wire.length());
    char c = spice.charAt(random.nextInt(spice.length()));
    switch (random.nextInt(3)) {
      case 0 -> wire.setCharAt(at, c);
      case 1 -> wire.insert(at, c);
      default -> wire.deleteCharAt(at);
    }
    if (wire.isEmpty()) {
      wire.append(c);
    }
  }
}
