// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.webresources.DirResourceSet;
import org.apache.catalina.webresources.JarResourceSet;
import org.apache.catalina.webresources.StandardRoot;
import org.jspecify.annotations.Nullable;

/** A container that runs on while a web application at /app comes and goes. */
interface Redeployed extends AutoCloseable {
  int port();

  /** Starts it, with its own copy of the classes at these places, and gives its loader. */
  ClassLoader deploy(Path directory, List<Path> places) throws Exception;

  void undeploy() throws Exception;

  @Override
  void close() throws Exception;

  /** Tomcat, which reads the web.xml. */
  final class InTomcat implements Redeployed {
    private final Tomcat tomcat = new Tomcat();
    private final Connector connector = new Connector();
    private final Path base;
    private @Nullable Context context; // null while nothing is deployed

    InTomcat() throws Exception {
      base = Files.createTempDirectory("tomcat");
      tomcat.setBaseDir(base.toString());
      connector.setPort(0);
      connector.setProperty("address", "127.0.0.1");
      tomcat.setConnector(connector);
      tomcat.start();
    }

    @Override
    public int port() {
      return connector.getLocalPort();
    }

    @Override
    public ClassLoader deploy(Path directory, List<Path> places) {
      // as addWebapp, but with the resources in place before it starts
      var context = new StandardContext();
      context.setPath("/app");
      context.setName("/app");
      context.setDocBase(directory.toString());
      context.addLifecycleListener(new ContextConfig());
      context.setContainerSciFilter("org\\.eclipse\\."); // Jetty's WebSockets
      context.setParentClassLoader(getClass().getClassLoader());
      var root = new StandardRoot(context);
      for (Path place : places) {
        String from = place.toString();
        root.addPreResources(
            Files.isDirectory(place)
                ? new DirResourceSet(root, "/WEB-INF/classes", from, "/")
                : new JarResourceSet(root, "/WEB-INF/classes", from, "/"));
      }
      context.setResources(root);
      tomcat.getHost().addChild(context);
      this.context = context;
      return context.getLoader().getClassLoader();
    }

    @Override
    public void undeploy() throws Exception {
      var gone = Objects.requireNonNull(context);
      context = null;
      gone.stop();
      tomcat.getHost().removeChild(gone);
    }

    @Override
    public void close() throws Exception {
      tomcat.stop();
      tomcat.destroy();
      try (var files = Files.walk(base)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }
}
