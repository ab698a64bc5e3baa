// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.waterspout.http.Capability;

/**
 * Makes {@code docs/deployment-modes.md} of what the contract has measured in this run, and fails
 * if the page says anything else; with {@code -Ddeployment-modes.write} it writes the page. So it
 * runs behind the contract in all its deployments, and not alone.
 */
@Isolated("which JUnit runs behind all that run at the same time")
@Order(Integer.MAX_VALUE)
final class DeploymentModesTest {
  private static final Path PAGE = Path.of("../docs/deployment-modes.md");

  private static final String HEAD =
      """
      # What each deployment offers

      One `Application` runs natively, on its own event loop, or in a container: by the adapter for \
      Jetty's core or for Undertow, or as a servlet. A container keeps some things to itself. Each *yes* below comes from a test that used the capability over a \
      real socket, each *no* from a test that saw the refusal; the tests write this page.

      What a deployment lacks is refused at its start, by the name of route and handler, or with 501 \
      for that route (`settings().onMissingCapability`). A handler that copes says `@Prefers`.

      """;

  /** What belongs to no capability. */
  private static final String NOTES =
      """
      - Jetty core and Undertow lend us their connection behind the answer 101, so WebSockets are what \
      they are natively there.
      - Undertow gives servlets no body of more than 2 MiB unless its `MAX_ENTITY_SIZE` is set.
      - How large a request's headers may be, and the status that says so, is the container's.
      """;

  @Test
  void thePageTellsWhatWasMeasured() throws IOException {
    var page =
        HEAD
            + "## Natively, without servlets, and in servlets with async support\n\n"
            + table(true, "async")
            + "\n## In servlets without async support\n\n"
            + "A thread of the container waits for each answer.\n\n"
            + table(false, "sync")
            + "\n"
            + "## In a filter before other servlets\n\n"
            + "What no route is for goes on to them. Where the chain has no async support, a thread"
            + " waits here, too, and `LONG_POLLING` is missing.\n\n"
            + table(false, "filter")
            + "\n## How it differs\n\n"
            + differences()
            + NOTES;
    if (System.getProperty("deployment-modes.write") != null) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("docs/deployment-modes.md; -Ddeployment-modes.write writes it")
        .isEqualTo(page);
  }

  private static String differences() {
    return Arrays.stream(Capability.values())
        .filter(capability -> !capability.inContainers().isEmpty())
        .map(capability -> "- `" + capability + "`: " + capability.inContainers() + "\n")
        .collect(Collectors.joining());
  }

  private static String table(boolean withoutServlets, String mode) throws IOException {
    var titles = new ArrayList<String>();
    var columns = new ArrayList<Map<Capability, String>>();
    if (withoutServlets) {
      titles.add("native");
      columns.add(measured("native"));
      titles.add("Jetty core");
      columns.add(measured("jetty-core"));
      titles.add("Undertow");
      columns.add(measured("undertow-core"));
    }
    for (var container : Container.values()) {
      titles.add(container.title());
      columns.add(measured(container + "-" + mode));
    }
    var table = new StringBuilder("| | " + String.join(" | ", titles) + " |\n|---|");
    table.append(":-:|".repeat(titles.size())).append('\n');
    for (var capability : Capability.values()) {
      table.append("| `" + capability + "`: " + capability.meaning());
      columns.forEach(column -> table.append(" | " + column.get(capability)));
      table.append(" |\n");
    }
    return table.toString();
  }

  /** Of all tests that measured a capability in a column, each has to have found the same. */
  private static Map<Capability, String> measured(String column) throws IOException {
    assertThat(Measurements.begun()).as("deployments of this run").contains(column);
    var found = new EnumMap<Capability, String>(Capability.class);
    for (var line : Files.readAllLines(Measurements.FOLDER.resolve(column + ".txt"))) {
      var words = line.split(" ", 2);
      var before = found.put(Capability.valueOf(words[0]), words[1]);
      assertThat(before).as(column + ": " + line).isIn(null, words[1]);
    }
    assertThat(found.keySet()).as(column).containsExactlyInAnyOrder(Capability.values());
    return found;
  }
}
