// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How events are written. */
class ServerSentEventTest {
  private static String encoded(ServerSentEvent event) {
    return new String(event.encoded(), StandardCharsets.UTF_8);
  }

  @Test
  void writesDataAlone() {
    assertThat(encoded(ServerSentEvent.of("grün"))).isEqualTo("data: grün\n\n");
    assertThat(encoded(ServerSentEvent.of(""))).isEqualTo("data: \n\n");
    assertThat(encoded(ServerSentEvent.of(" x:y"))).isEqualTo("data:  x:y\n\n");
  }

  @Test
  void writesAllFieldsInOneOrder() {
    var event =
        ServerSentEvent.of("d").withRetry(Duration.ofSeconds(2)).withId("7").withEvent("news");
    assertThat(encoded(event)).isEqualTo("event: news\nid: 7\nretry: 2000\ndata: d\n\n");
  }

  @Test
  void anEmptyIdIsWritten() {
    assertThat(encoded(ServerSentEvent.of("d").withId(""))).isEqualTo("id: \ndata: d\n\n");
  }

  @Test
  void splitsDataAtEveryEndOfALine() {
    assertThat(encoded(ServerSentEvent.of("a\nb\r\nc\rd")))
        .isEqualTo("data: a\ndata: b\ndata: c\ndata: d\n\n");
    assertThat(encoded(ServerSentEvent.of("\n\r"))).isEqualTo("data: \ndata: \ndata: \n\n");
    assertThat(encoded(ServerSentEvent.of("a\n\nid: 1\ndata: forged")))
        .isEqualTo("data: a\ndata: \ndata: id: 1\ndata: data: forged\n\n");
  }

  @Test
  void refusesEventsAndIdsOfMoreThanALine() {
    for (var end : List.of("\n", "\r", "\r\n")) {
      var value = "a" + end + "data: forged";
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ServerSentEvent.of("d").withEvent(value))
          .withMessage("more than a line as event");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ServerSentEvent.of("d").withId(value))
          .withMessage("more than a line as id");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerSentEvent.of("d").withId("a\0b"))
        .withMessageContaining("NUL");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerSentEvent.of("d").withRetry(Duration.ofMillis(-1)));
  }

  /** Whatever the data is, a client that reads by the standard gets one event with it. */
  @Test
  void anyDataComesBackAsItWas() {
    var random = new Random(6);
    for (int round = 0; round < 2000; round++) {
      var data = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        data.append("\r\n:ad ".charAt(random.nextInt(6)));
      }
      assertThat(received(encoded(ServerSentEvent.of(data.toString()).withEvent("e"))))
          .containsExactly("e|" + data.toString().replace("\r\n", "\n").replace('\r', '\n'));
    }
  }

  /** HTML standard, section 9.2.6, for streams without a lone CR. */
  private static List<String> received(String stream) {
    List<String> events = new ArrayList<>();
    var data = new StringBuilder();
    var event = "message";
    for (var line : stream.split("\n", -1)) {
      int colon = line.indexOf(':');
      var value = line.substring(colon + 1);
      value = value.startsWith(" ") ? value.substring(1) : value;
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          events.add(event + "|" + data.substring(0, data.length() - 1));
        }
        data.setLength(0);
      } else if (line.startsWith("data:")) {
        data.append(value).append('\n');
      } else if (line.startsWith("event:")) {
        event = value;
      }
    }
    return events;
  }
}
