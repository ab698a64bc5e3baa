// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The parsers of requests against requests with a few bytes changed. */
class HTTPMutationTest {
  private static final String SPICE = "\r\n :;,\t0159afxHTP/.*%#\"\u0000\u007f\u00e4chunked";

  /** How the bytes arrive makes no difference, and nothing is thrown but refusals. */
  @Test
  void requestsDoNotDependOnHowTheyArrive() {
    var good = ParserTest.accepted();
    var whole = new AtomicInteger();
    var refused = new AtomicInteger();
    Soak.run(
        9112,
        5000,
        (random, round) -> {
          var mutator = new Mutator(random, SPICE);
          var one = good.get(random.nextInt(good.size()));
          String wire = new String(mutator.mutated(one.wire()), StandardCharsets.ISO_8859_1);
          var events = Parsed.whole(wire);
          assertThat(Parsed.parse(wire, 1 + random.nextInt(9))).as(wire).isEqualTo(events);
          assertThat(Parsed.splitAt(wire, random.nextInt(wire.length() + 1)))
              .as(wire)
              .isEqualTo(events);
          if (!events.isEmpty()) {
            boolean ended = events.getLast().startsWith("refused");
            (ended ? refused : whole).incrementAndGet();
          }
        });
    assertThat(whole).as("not all of them are broken").hasPositiveValue();
    assertThat(refused).hasPositiveValue();
  }

  /** Whatever was accepted is what a strict reader would see too: nothing to be smuggled by. */
  @Test
  void whatIsAcceptedIsUnambiguous() {
    var good = ParserTest.accepted();
    Soak.run(
        9110,
        5000,
        (random, round) -> {
          var one = good.get(random.nextInt(good.size()));
          byte[] bytes = new Mutator(random, SPICE).mutated(one.wire());
          String wire = new String(bytes, StandardCharsets.ISO_8859_1);
          for (String event : Parsed.whole(wire)) {
            if (!event.startsWith("body ")) {
              assertThat(event).as(wire).doesNotContainPattern("[\r\n\u0000\u007f]");
            }
            assertThat(event)
                .as(wire)
                .doesNotMatch("(?i)(content-length|transfer-encoding)[ \t].*");
          }
        });
  }
}
