// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.apache.jasper.servlet.JasperInitializer;
import org.apache.tomcat.InstanceManager;
import org.apache.tomcat.SimpleInstanceManager;

/**
 * Gets an application ready for the same Jasper wherever it is hosted, as Tomcat does by itself.
 */
final class Pages implements ServletContainerInitializer {
  @Override
  public void onStartup(Set<Class<?>> classes, ServletContext context) throws ServletException {
    context.setAttribute(InstanceManager.class.getName(), new SimpleInstanceManager());
    new JasperInitializer().onStartup(null, context);
  }

  /** A folder with a page and a place for what Jasper makes of it; it is left there. */
  static Path folder() throws IOException {
    var folder = Files.createTempDirectory("waterspout-benchmarks-pages");
    var page = folder.resolve("page.jsp");
    Files.createDirectory(folder.resolve("WEB-INF"));
    try (var source = Pages.class.getResourceAsStream("page.jsp")) {
      Files.copy(Objects.requireNonNull(source, "page.jsp"), page);
    }
    return folder;
  }
}
