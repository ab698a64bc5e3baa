// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** What was seen, line by line: {@code name: value}, of ASCII only. */
final class Facts {
  static final String TYPE = "text/x-facts";

  private final StringBuilder lines = new StringBuilder();
  private final String prefix;

  Facts() {
    this("");
  }

  Facts(String prefix) {
    this.prefix = prefix;
  }

  Facts put(String name, Object value) {
    lines.append(prefix).append(name).append(": ").append(ascii(text(value))).append('\n');
    return this;
  }

  /** What a call returns, or which exception it throws. */
  Facts call(String name, Callable<?> call) {
    try {
      return put(name, call.call());
    } catch (Exception e) {
      return put(name, "throws " + kind(e));
    }
  }

  /** The nearest class that is not the server's own. */
  static String kind(Throwable failure) {
    Class<?> type = failure.getClass();
    while (!type.getName().startsWith("java") && !type.getName().startsWith("com.example.")) {
      type = type.getSuperclass();
    }
    return type.getName();
  }

  /** What cannot be called without a result. */
  interface Action {
    void run() throws Exception;
  }

  /** Whether a call returns, or which exception it throws. */
  Facts run(String name, Action action) {
    return call(
        name,
        () -> {
          action.run();
          return "returns";
        });
  }

  Facts add(Facts others) {
    lines.append(others.lines);
    return this;
  }

  /** As the whole answer. */
  void send(HttpServletResponse response) throws IOException {
    response.setContentType(TYPE + ";charset=UTF-8");
    response.getWriter().print(lines);
  }

  private static String text(Object value) {
    return switch (value) {
      case null -> "null";
      case String[] array -> java.util.List.of(array).toString();
      case Map<?, ?> map -> {
        var sorted = new TreeMap<String, String>();
        map.forEach((key, each) -> sorted.put(text(key), text(each)));
        yield sorted.toString();
      }
      case Enumeration<?> all -> text(Collections.list(all));
      case Collection<?> all -> all.stream().map(Facts::text).toList().toString();
      case Throwable e -> e.getClass().getName() + " " + e.getMessage();
      default -> value.toString();
    };
  }

  static String ascii(String text) {
    var ascii = new StringBuilder();
    for (char each : text.toCharArray()) {
      if (each >= ' ' && each < 127 && each != '\\') {
        ascii.append(each);
      } else {
        ascii.append("\\u%04x".formatted((int) each));
      }
    }
    return ascii.toString();
  }

  @Override
  public String toString() {
    return lines.toString();
  }
}
