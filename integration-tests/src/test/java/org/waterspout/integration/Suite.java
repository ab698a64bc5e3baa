// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Scripts that are sent to every server, each with cookies of its own. */
final class Suite {
  private final List<List<Step>> scripts = new ArrayList<>();

  /** Requests that go together: what one answer sets as a cookie, the next request brings. */
  Suite script(Step... steps) {
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

  /** What each step's answer was like, by the step's name. */
  Map<String, Map<String, String>> run(int port) throws Exception {
    var all = new LinkedHashMap<String, Map<String, String>>();
    for (var script : scripts) {
      var cookies = new LinkedHashMap<String, String>();
      for (var step : script) {
        var answer = send(step, cookies, port);
        if (all.put(step.name(), Observed.of(answer, port)) != null) {
          throw new IllegalArgumentException("two steps are called " + step.name());
        }
        answer.values("Set-Cookie").forEach(each -> keep(each, cookies));
      }
    }
    return all;
  }

  private static void keep(String setCookie, Map<String, String> cookies) {
    var pair = setCookie.split(";")[0];
    cookies.put(pair.substring(0, pair.indexOf('=')), pair);
  }

  private static WireAnswer send(Step step, Map<String, String> cookies, int port)
      throws Exception {
    try (var client = new RawClient(port)) {
      client.send(step.bytes(String.join("; ", cookies.values())));
      return WireAnswer.of(client.readBytesToEnd(), step.isHead());
    } catch (java.io.IOException e) {
      return WireAnswer.NONE; // it does not even say no
    }
  }
}
