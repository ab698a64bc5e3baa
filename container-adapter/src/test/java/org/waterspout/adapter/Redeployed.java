// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.handlers.PathHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletContainer;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /** Takes from the container's own threads what they keep of web applications that are gone. */
  default void tidy() {}

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

  /** Undertow, which is told everything. */
  final class InUndertow implements Redeployed {
    private final ServletContainer container = Servlets.newContainer();
    private final PathHandler paths = Handlers.path();
    private final Undertow undertow =
        Undertow.builder().addHttpListener(0, "127.0.0.1").setHandler(paths).build();
    private @Nullable DeploymentManager manager; // null while nothing is deployed
    private @Nullable ChildFirst loader; // null while nothing is deployed

    InUndertow() {
      undertow.start();
    }

    /** The web application's own classes come first, but for the container's. */
    private static final class ChildFirst extends URLClassLoader {
      ChildFirst(URL[] places) {
        super(places, ChildFirst.class.getClassLoader());
      }

      @Override
      protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        boolean own =
            name.startsWith("org.waterspout.")
                || name.startsWith("tools.jackson.")
                || name.startsWith("com.fasterxml.");
        synchronized (getClassLoadingLock(name)) {
          var loaded = own ? findLoadedClass(name) : super.loadClass(name, resolve);
          return loaded != null ? loaded : findClass(name);
        }
      }
    }

    @Override
    public int port() {
      return ((InetSocketAddress) undertow.getListenerInfo().getFirst().getAddress()).getPort();
    }

    @Override
    public ClassLoader deploy(Path directory, List<Path> places) throws Exception {
      var urls = new ArrayList<URL>();
      urls.add(directory.resolve("WEB-INF/classes").toUri().toURL());
      for (Path place : places) {
        urls.add(url(place));
      }
      loader = new ChildFirst(urls.toArray(URL[]::new));
      var type = loader.loadClass(ServletAdapter.class.getName()).asSubclass(Servlet.class);
      manager =
          container.addDeployment(
              Servlets.deployment()
                  .setClassLoader(loader)
                  .setContextPath("/app")
                  .setDeploymentName("app")
                  .addServlet(
                      Servlets.servlet("site", type)
                          .addMapping("/*")
                          .addInitParam(
                              "application", "org.waterspout.adapter.WebApplicationTest$Site")
                          .setLoadOnStartup(1)
                          .setAsyncSupported(true)));
      manager.deploy();
      paths.addPrefixPath("/app", manager.start());
      return loader;
    }

    private static URL url(Path place) throws MalformedURLException {
      return place.toUri().toURL();
    }

    @Override
    public void undeploy() throws Exception {
      paths.removePrefixPath("/app");
      var gone = Objects.requireNonNull(manager);
      manager = null;
      var info = gone.getDeployment().getDeploymentInfo();
      gone.stop();
      gone.undeploy();
      container.removeDeployment(info);
      closeLoader();
    }

    /**
     * A worker that is started while a task of a web application runs has that one's loader as its
     * context class loader for ever: XNIO leaves it to the JDK, which inherits it.
     */
    @Override
    public void tidy() {
      for (var thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().startsWith("XNIO-")
            && thread.getContextClassLoader() instanceof ChildFirst) {
          thread.setContextClassLoader(null);
        }
      }
    }

    private void closeLoader() throws IOException {
      Objects.requireNonNull(loader).close();
      loader = null;
    }

    @Override
    public void close() {
      undertow.stop();
    }
  }
}
