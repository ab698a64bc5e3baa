// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A request of a script, as it goes over the wire, but for {@code Host}, {@code Connection: close},
 * the length and the cookies of the script, which are added unless it says them itself.
 *
 * @param name what differences are explained by; no two of a suite are alike
 * @param lines the request line, then header fields
 * @param body of ISO-8859-1: what is sent is its bytes
 * @param complete whether nothing is added
 * @param takes what is looked for in the answer, by the key that stands for it, as in {@code
 *     {{key}}}, in requests that follow
 */
record Step(
    String name, List<String> lines, String body, boolean complete, Map<String, Pattern> takes) {
  private static final int LONG = 60;

  Step {
    lines = List.copyOf(lines);
    takes = Map.copyOf(takes);
  }

  static Step get(String target, String... fields) {
    return of("GET", target, "", fields);
  }

  /** Without a body if it is empty. */
  static Step of(String method, String target, String body, String... fields) {
    var lines = new ArrayList<String>();
    lines.add(method + " " + target + " HTTP/1.1");
    lines.addAll(List.of(fields));
    var name = method + " " + target + " " + String.join(" ", fields) + " " + printable(body);
    return new Step(name.strip(), lines, body, false, Map.of());
  }

  private static String printable(String body) {
    return body.length() > LONG ? "(long)" : body.replaceAll("[^ -~]", "?");
  }

  static Step form(String target, String body, String... fields) {
    var all = new ArrayList<>(List.of(fields));
    all.add("Content-Type: application/x-www-form-urlencoded");
    return of("POST", target, body, all.toArray(String[]::new))
        .named("POST " + target + " " + body);
  }

  /** These lines, and nothing is added but the end of the head. */
  static Step raw(String... lines) {
    return new Step(String.join(" | ", lines), List.of(lines), "", true, Map.of());
  }

  Step named(String other) {
    return new Step(other, lines, body, complete, takes);
  }

  /** Takes from the answer what the first group of a pattern finds. */
  Step taking(String key, String pattern) {
    var all = new LinkedHashMap<>(takes);
    all.put(key, Pattern.compile(pattern));
    return new Step(name, lines, body, complete, all);
  }

  boolean isHead() {
    return lines.getFirst().startsWith("HEAD ");
  }

  /**
   * What is sent.
   *
   * @param taken from earlier answers, by key
   */
  byte[] bytes(String cookies, Map<String, String> taken) {
    var all = new ArrayList<>(lines);
    all.replaceAll(line -> filled(line, taken));
    var filledBody = filled(body, taken);
    if (!complete) {
      add(all, "Host: ", "127.0.0.1");
      add(all, "Connection: ", "close");
      if (!cookies.isEmpty()) {
        add(all, "Cookie: ", cookies);
      }
      if (!body.isEmpty() && all.stream().noneMatch(line -> line.startsWith("Transfer-Encoding"))) {
        add(all, "Content-Length: ", String.valueOf(filledBody.length()));
      }
    }
    return (String.join("\r\n", all) + "\r\n\r\n" + filledBody)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String filled(String text, Map<String, String> taken) {
    var filled = text;
    for (var each : taken.entrySet()) {
      filled = filled.replace("{{" + each.getKey() + "}}", each.getValue());
    }
    return filled;
  }

  private static void add(List<String> lines, String name, String value) {
    if (lines.stream().noneMatch(line -> line.startsWith(name))) {
      lines.add(name + value);
    }
  }
}
