// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.nio.file.Path;

/** Applications as they are published, where the build of the bridge has put them. */
final class PublishedWars {
  private static final Path TARGET = Path.of("..", "servlet-bridge", "target");

  static final Path JOLOKIA = war("jolokia-agent-war");

  /** For javax.servlet. */
  static final Path WICKET = war("wicket-examples");

  /** For javax.servlet, with pages. */
  static final Path JSPWIKI = war("jspwiki-war");

  /** Where the bridge's tests have unpacked and converted them. */
  static final Path WORK = TARGET.resolve("work").toAbsolutePath().normalize();

  private PublishedWars() {}

  private static Path war(String name) {
    return TARGET.resolve(Path.of("wars", name + ".war")).toAbsolutePath().normalize();
  }
}
