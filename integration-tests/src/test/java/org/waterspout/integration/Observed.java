// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What of an answer matters, by name: the status, header fields, trailers, the body or, if a
 * specimen has written it, its facts one by one. What must differ from server to server is masked.
 */
final class Observed {
  private static final String FACTS = "text/x-facts";

  /** Says nothing of the application. */
  private static final Set<String> OF_THE_SERVER =
      Set.of("date", "server", "connection", "keep-alive", "transfer-encoding", "x-powered-by");

  /** Of pages that the server makes itself, nothing but the status is compared. */
  private static final Set<String> OF_ITS_PAGES =
      Set.of("content-type", "content-length", "content-language", "cache-control");

  private static final Pattern SESSION_ID =
      Pattern.compile("(?i)(jsessionid=)[0-9a-zA-Z._~+-]+|\\bnode0[0-9a-z]{20,}\\.node0\\b");
  private static final Pattern DATE =
      Pattern.compile("[A-Z][a-z]{2}, [0-9]{2}[ -][A-Z][a-z]{2}[ -][0-9]{4} [0-9:]{8} GMT");

  /** What applications say of the moment, of the process and of the server they are in. */
  private static final Pattern CHANGING =
      Pattern.compile(
          "(?<=\"timestamp\":)[0-9]+|(?<=@)[0-9a-f]{5,8}\\b|[0-9.]+-[0-9]+-[0-9a-f]+(?=-servlet)"
              + "|(?<=\"config\":)\\{.*?\\}(?=,\"info\")"
              + "|\"server_(product|vendor|version)\":\"[^\"]*\",");

  /** As our server answers what reaches no application. */
  private static final Pattern ITS_LINE = Pattern.compile("^[1-5][0-9]{2}: ");

  private final Map<String, String> seen = new TreeMap<>();
  private final int port;
  private final UnaryOperator<String> mask;

  private Observed(int port, UnaryOperator<String> mask) {
    this.port = port;
    this.mask = mask;
  }

  /**
   * Looks at an answer.
   *
   * @param port where the server listens, which is masked
   * @param mask what else is masked, before all other
   */
  static Map<String, String> of(WireAnswer answer, int port, UnaryOperator<String> mask) {
    var observed = new Observed(port, mask);
    observed.look(answer);
    return observed.seen;
  }

  private void look(WireAnswer answer) {
    var type = String.valueOf(answer.value("Content-Type"));
    var facts = type.startsWith(FACTS);
    var body = new String(answer.body(), StandardCharsets.ISO_8859_1);
    boolean itsPage = isPageOfServer(answer.status(), type, body);
    seen.put("status", String.valueOf(answer.status()));
    if (answer.cut()) {
      seen.put("cut", "true");
    }
    for (var field : answer.fields()) {
      int colon = field.indexOf(':');
      field(
          field.substring(0, colon).toLowerCase(java.util.Locale.ROOT),
          field.substring(colon + 1).strip(),
          itsPage);
    }
    if (!answer.trailers().isEmpty()) {
      seen.put("trailers", answer.trailers().toString());
    }
    if (facts) {
      facts(masked(body));
    } else if (!itsPage) {
      seen.put("body", masked(body));
    }
  }

  /** The specimen's own are facts or plain text. */
  private static boolean isPageOfServer(int status, String type, String body) {
    return status >= 300
        && !type.startsWith(FACTS)
        && (!type.startsWith("text/plain") || ITS_LINE.matcher(body).find());
  }

  private void field(String name, String value, boolean itsPage) {
    if (OF_THE_SERVER.contains(name) || (itsPage && OF_ITS_PAGES.contains(name))) {
      return;
    }
    var shown =
        switch (name) {
          case "set-cookie" -> cookie(value);
          case "etag", "last-modified", "expires" -> "(some)";
          case "content-type" -> value.replace(" ", "").toLowerCase(java.util.Locale.ROOT);
          case "content-length" -> "(some)"; // what it counts is compared itself
          case "allow", "vary" -> List.of(value.split(", *")).stream().sorted().toList().toString();
          default -> value;
        };
    seen.merge(name, masked(shown), (one, other) -> one + "\n" + other);
  }

  /** The attributes in order, and in the case of the standard. */
  private static String cookie(String value) {
    var parts = value.split("; *");
    var attributes = new TreeMap<String, String>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      var name = equals < 0 ? parts[i] : parts[i].substring(0, equals);
      var of = equals < 0 ? "" : parts[i].substring(equals + 1);
      attributes.put(name.toLowerCase(java.util.Locale.ROOT), of);
    }
    return parts[0] + " " + attributes;
  }

  private void facts(String body) {
    for (var line : body.split("\n")) {
      int colon = line.indexOf(": ");
      if (colon < 0) {
        seen.merge("body", line, (one, other) -> one + "\n" + other);
      } else {
        seen.merge(
            "fact " + line.substring(0, colon),
            line.substring(colon + 2),
            (one, other) -> one + "\n" + other);
      }
    }
  }

  private String masked(String text) {
    var masked = SESSION_ID.matcher(mask.apply(text)).replaceAll("$1ID");
    masked = DATE.matcher(masked).replaceAll("DATE");
    masked = CHANGING.matcher(masked).replaceAll("");
    return masked.replaceAll("(127\\.0\\.0\\.1|localhost):" + port, "$1:PORT");
  }
}
