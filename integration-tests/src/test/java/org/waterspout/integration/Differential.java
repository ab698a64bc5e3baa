// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Compares how servers answer the same requests. What is ours alone has to be explained, and what
 * is explained has to be there.
 */
final class Differential {
  /**
   * A difference that is meant.
   *
   * @param steps finds the names of the steps
   * @param what is the name of what differs
   */
  record Explained(Pattern steps, Pattern what, String reason) {
    static Explained of(String steps, String what, String reason) {
      return new Explained(Pattern.compile(steps), Pattern.compile(what), reason);
    }

    boolean covers(Difference difference) {
      return steps.matcher(difference.step).find() && what.matcher(difference.what).matches();
    }
  }

  /** The values by server; ours is the first. */
  record Difference(String step, String what, Map<String, String> values) {
    private static final int LONG = 400;

    /** Whether no other server says what we say. */
    boolean isOurs() {
      var all = new ArrayList<>(values.values());
      var own = all.removeFirst();
      return !all.contains(own);
    }

    @Override
    public String toString() {
      var text = new StringBuilder((isOurs() ? "OURS   " : "others ") + step + "\n  " + what);
      int same = values.values().stream().reduce(Difference::common).orElseThrow().length();
      values.forEach(
          (server, value) ->
              text.append(
                  "\n    %-8s %s"
                      .formatted(server, value.length() > LONG ? cut(value, same) : value)));
      return text.toString();
    }

    private static String common(String one, String other) {
      int end = 0;
      int length = Math.min(one.length(), other.length());
      while (end < length && one.charAt(end) == other.charAt(end)) {
        end++;
      }
      return one.substring(0, end);
    }

    /** From a little before the place where they part. */
    private static String cut(String value, int same) {
      int from = Math.max(0, same - LONG / 4);
      int to = Math.min(value.length(), from + LONG);
      return "(%d) ...%s...".formatted(value.length(), value.substring(from, to));
    }
  }

  private static final String NOTHING = "(nothing)";
  private static final String STATUS = "status";

  private final Map<String, Map<String, Map<String, String>>> observed = new LinkedHashMap<>();

  /** Adds a server's answers: ours first. */
  void add(String server, Map<String, Map<String, String>> answers) {
    observed.put(server, answers);
  }

  /** Fails with what is not explained, and with explanations of what is not there. */
  void check(Path report, List<Explained> explained) throws Exception {
    var differences = differences();
    Files.createDirectories(report.getParent());
    Files.write(report, differences.stream().map(Difference::toString).toList());
    var problems = new ArrayList<String>();
    for (var each : differences) {
      if (each.isOurs() && explained.stream().noneMatch(one -> one.covers(each))) {
        problems.add(each.toString());
      }
    }
    for (var each : explained) {
      if (differences.stream().noneMatch(one -> one.isOurs() && each.covers(one))) {
        problems.add("differs no more: " + each);
      }
    }
    if (!problems.isEmpty()) {
      throw new AssertionError(
          problems.size()
              + " problems; all differences: "
              + report
              + "\n"
              + String.join("\n", problems));
    }
  }

  private List<Difference> differences() {
    var found = new ArrayList<Difference>();
    var own = observed.values().iterator().next();
    for (var step : own.keySet()) {
      var status = values(observed, step, STATUS);
      if (status.values().stream().distinct().count() > 1) {
        found.add(new Difference(step, STATUS, status));
      }
      var alike = new LinkedHashMap<>(observed);
      alike
          .values()
          .removeIf(each -> !own.get(step).get(STATUS).equals(each.get(step).get(STATUS)));
      found.addAll(differences(alike, step));
    }
    return found;
  }

  /** Of answers with the same status. */
  private static List<Difference> differences(
      Map<String, Map<String, Map<String, String>>> alike, String step) {
    var found = new ArrayList<Difference>();
    var names = new TreeSet<String>();
    alike.values().forEach(answers -> names.addAll(answers.get(step).keySet()));
    for (var what : names) {
      var values = values(alike, step, what);
      if (values.values().stream().distinct().count() > 1) {
        found.add(new Difference(step, what, values));
      }
    }
    return found;
  }

  private static Map<String, String> values(
      Map<String, Map<String, Map<String, String>>> answers, String step, String what) {
    var values = new LinkedHashMap<String, String>();
    answers.forEach(
        (server, each) -> values.put(server, each.get(step).getOrDefault(what, NOTHING)));
    return values;
  }
}
