// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One event for an {@link EventStream}. Immutable, and usable from any thread.
 *
 * <pre>{@code
 * ServerSentEvent.of(Escape.jsonEncode(price)).withEvent("price").withId("4711")
 * }</pre>
 *
 * @param data may have several lines; those end alike at the client, whatever ends them here
 * @param event which kind of listener gets it; null: those for {@code message}
 * @param id what the client says it has seen when it comes back; null: as before. An empty one has
 *     it forget the last
 * @param retry after how long the client comes back when the connection is lost; null: as before
 */
public record ServerSentEvent(
    String data, @Nullable String event, @Nullable String id, @Nullable Duration retry) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if event or id would end their line, or the id has a NUL, with
   *     which clients ignore it; or if the time is negative
   */
  public ServerSentEvent {
    Objects.requireNonNull(data, "data");
    checkLine("event", event);
    checkLine("id", id);
    if (id != null && id.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("an id with a NUL");
    }
    if (retry != null && retry.isNegative()) {
      throw new IllegalArgumentException("to come back after " + retry);
    }
  }

  private static void checkLine(String name, @Nullable String value) {
    if (value != null && (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0)) {
      throw new IllegalArgumentException("more than a line as " + name);
    }
  }

  /** An event with data alone. */
  public static ServerSentEvent of(String data) {
    return new ServerSentEvent(data, null, null, null);
  }

  /** The same for another kind of listener. */
  public ServerSentEvent withEvent(String kind) {
    return new ServerSentEvent(data, kind, id, retry);
  }

  /** The same with another id. */
  public ServerSentEvent withId(String newId) {
    return new ServerSentEvent(data, event, newId, retry);
  }

  /** The same with another time to come back. */
  public ServerSentEvent withRetry(Duration time) {
    return new ServerSentEvent(data, event, id, time);
  }

  /** As it is sent. HTML standard, section 9.2.6. */
  byte[] encoded() {
    var text = new StringBuilder(data.length() + 64);
    if (event != null) {
      text.append("event: ").append(event).append('\n');
    }
    if (id != null) {
      text.append("id: ").append(id).append('\n');
    }
    if (retry != null) {
      text.append("retry: ").append(retry.toMillis()).append('\n');
    }
    appendLines(text, "data: ", data);
    return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Text behind the name of a field, repeated for each line: CRLF, CR and LF all end one. */
  static void appendLines(StringBuilder to, String field, String text) {
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r') {
        to.append(field).append(text, start, i).append('\n');
        if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
          i++;
        }
        start = i + 1;
      }
    }
    to.append(field).append(text, start, text.length()).append('\n');
  }
}
