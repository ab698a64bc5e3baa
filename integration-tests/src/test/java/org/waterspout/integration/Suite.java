// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Scripts that are sent to every server, each with cookies of its own. */
final class Suite {
  private final List<List<Step>> scripts = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final List<Pattern> masked = new ArrayList<>();

  /** Requests that go together: what one answer sets as a cookie, the next request brings. */
  Suite script(Step... steps) {
    for (var step : steps) {
      if (!names.add(step.name())) {
        throw new IllegalArgumentException("two steps are called " + step.name());
      }
    }
    scripts.add(List.of(steps));
    return this;
  }

  /** Requests that each stand alone. */
  Suite each(Step... steps) {
    for (var step : steps) {
      script(step);
    }
    return this;
  }

  /** Takes no notice of what is found in headers and bodies. */
  Suite masking(String... patterns) {
    for (var pattern : patterns) {
      masked.add(Pattern.compile(pattern));
    }
    return this;
  }

  /** What each step's answer was like, by the step's name. */
  Map<String, Map<String, String>> run(int port) throws Exception {
    var all = new LinkedHashMap<String, Map<String, String>>();
    for (var script : scripts) {
      var client = new ScriptClient(port);
      for (var step : script) {
        var answer = client.send(step);
        var observed = Observed.of(answer, port, text -> mask(client.mask(text)));
        all.put(step.name(), observed);
      }
    }
    return all;
  }

  private String mask(String text) {
    var rest = text;
    for (var pattern : masked) {
      rest = pattern.matcher(rest).replaceAll("");
    }
    return rest;
  }
}
