// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What the launchers have in common. Their arguments are web applications, each as {@code
 * contextPath=war}; the root's context path is empty. Their first line of output tells where they
 * listen: {@code port=8080}. They stop in good order when their standard input ends, so that none
 * outlives who started it.
 */
final class Launch {
  /**
   * A web application to deploy.
   *
   * @param contextPath empty for the root
   */
  record WebApplication(String contextPath, Path war) {}

  private Launch() {}

  static List<WebApplication> webApplications(String[] arguments) {
    return Arrays.stream(arguments).map(Launch::webApplication).toList();
  }

  private static WebApplication webApplication(String argument) {
    int equals = argument.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException("not contextPath=war: " + argument);
    }
    return new WebApplication(
        argument.substring(0, equals), Path.of(argument.substring(equals + 1)).toAbsolutePath());
  }

  /** Tells the port and waits for the end of standard input. */
  static void serve(int port) throws IOException {
    System.out.println("port=" + port);
    while (System.in.read() >= 0) {
      // nobody sends anything
    }
  }
}
