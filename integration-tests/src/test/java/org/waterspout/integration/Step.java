// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A request of a script, as it goes over the wire, but for {@code Host}, {@code Connection: close}
 * and the cookies of the script, which are added unless it says them itself.
 *
 * @param name what differences are explained by; no two of a suite are alike
 * @param lines the request line, then header fields
 * @param body of ISO-8859-1: what is sent is its bytes
 * @param complete whether nothing is added
 */
record Step(String name, List<String> lines, String body, boolean complete) {
  private static final int LONG = 60;

  Step {
    lines = List.copyOf(lines);
  }

  static Step get(String target, String... fields) {
    return of("GET", target, "", fields);
  }

  /** Without a body if it is empty; with its length, unless the fields say how it is framed. */
  static Step of(String method, String target, String body, String... fields) {
    var lines = new ArrayList<String>();
    lines.add(method + " " + target + " HTTP/1.1");
    lines.addAll(List.of(fields));
    boolean framed = lines.stream().anyMatch(line -> line.startsWith("Transfer-Encoding:"));
    if (!body.isEmpty() && !framed) {
      lines.add("Content-Length: " + body.length());
    }
    var name = method + " " + target + " " + String.join(" ", fields) + " " + printable(body);
    return new Step(name.strip(), lines, body, false);
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
    return new Step(String.join(" | ", lines), List.of(lines), "", true);
  }

  Step named(String other) {
    return new Step(other, lines, body, complete);
  }

  boolean isHead() {
    return lines.getFirst().startsWith("HEAD ");
  }

  byte[] bytes(String cookies) {
    var all = new ArrayList<>(lines);
    if (!complete) {
      add(all, "Host: ", "127.0.0.1");
      add(all, "Connection: ", "close");
      if (!cookies.isEmpty()) {
        add(all, "Cookie: ", cookies);
      }
    }
    return (String.join("\r\n", all) + "\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void add(List<String> lines, String name, String value) {
    if (lines.stream().noneMatch(line -> line.startsWith(name))) {
      lines.add(name + value);
    }
  }
}
