// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration.launch;

import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.annotation.HandlesTypes;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EventListener;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * Reads a WAR for Undertow, as far as the WARs of our tests go: the classes, the initializers that
 * they name as services, and of {@code web.xml} the context parameters, listeners, filters and
 * servlets with their mappings.
 */
final class UndertowWar {
  /** Where Undertow's WebSocket part looks for what it is to deploy, if that part is there. */
  private static final String WEB_SOCKETS = "io.undertow.websockets.jsr.WebSocketDeploymentInfo";

  private final Path folder;
  private final ClassLoader loader;
  private final DeploymentInfo deployment;

  private UndertowWar(String contextPath, Path folder) throws IOException {
    this.folder = folder;
    loader = classLoader(folder);
    deployment =
        Servlets.deployment()
            .setDeploymentName(contextPath.isEmpty() ? "root" : contextPath.substring(1))
            .setContextPath(contextPath.isEmpty() ? "/" : contextPath)
            .setClassLoader(loader)
            .setResourceManager(new PathResourceManager(folder));
  }

  /** Unpacks and reads. */
  static DeploymentInfo read(String contextPath, Path war)
      throws IOException, ReflectiveOperationException, SAXException, ParserConfigurationException {
    var read = new UndertowWar(contextPath, unpack(war));
    read.addInitializers();
    var webXml = read.folder.resolve("WEB-INF/web.xml");
    if (Files.exists(webXml)) {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      read.add(factory.newDocumentBuilder().parse(webXml.toFile()).getDocumentElement());
    }
    read.addWebSockets();
    return read.deployment;
  }

  private static Path unpack(Path war) throws IOException {
    var folder = Files.createTempDirectory("undertow-");
    try (var zip = FileSystems.newFileSystem(war);
        var files = Files.walk(zip.getPath("/"))) {
      for (var file : files.toList()) {
        var target = folder.resolve(file.toString().substring(1));
        if (!target.equals(folder) && !Files.exists(target)) {
          Files.copy(file, target);
        }
      }
    }
    return folder;
  }

  private static ClassLoader classLoader(Path folder) throws IOException {
    var urls = new ArrayList<URL>();
    urls.add(folder.resolve("WEB-INF/classes").toUri().toURL());
    for (var jar : jars(folder)) {
      urls.add(jar.toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), UndertowWar.class.getClassLoader());
  }

  private static List<Path> jars(Path folder) throws IOException {
    var lib = folder.resolve("WEB-INF/lib");
    if (!Files.isDirectory(lib)) {
      return List.of();
    }
    try (var files = Files.list(lib)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  /** Servlet 6.0 section 8.2.4. */
  private void addInitializers() throws IOException {
    for (var found : ServiceLoader.load(ServletContainerInitializer.class, loader)) {
      var type = found.getClass();
      var handled = type.getAnnotation(HandlesTypes.class);
      Set<Class<?>> types = handled == null ? Set.of() : classesOf(handled.value());
      deployment.addServletContainerInitializer(new ServletContainerInitializerInfo(type, types));
    }
  }

  /** Classes in WEB-INF/classes that are of one of the types, or annotated with it. */
  private Set<Class<?>> classesOf(Class<?>[] wanted) throws IOException {
    var classes = folder.resolve("WEB-INF/classes");
    var found = new HashSet<Class<?>>();
    if (!Files.isDirectory(classes)) {
      return found;
    }
    try (var files = Files.walk(classes)) {
      for (var file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        var path = classes.relativize(file).toString();
        var type = load(path.substring(0, path.length() - ".class".length()).replace('/', '.'));
        if (type != null && Arrays.stream(wanted).anyMatch(each -> isOf(type, each))) {
          found.add(type);
        }
      }
    }
    return found;
  }

  private @Nullable Class<?> load(String name) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      return null; // module-info, or what lacks an optional library
    }
  }

  private static boolean isOf(Class<?> type, Class<?> wanted) {
    return wanted.isAnnotation()
        ? type.isAnnotationPresent(wanted.asSubclass(java.lang.annotation.Annotation.class))
        : wanted.isAssignableFrom(type) && !wanted.equals(type);
  }

  private void add(Element webApp) throws ClassNotFoundException {
    for (var parameter : children(webApp, "context-param")) {
      deployment.addInitParameter(
          text(parameter, "param-name", ""), text(parameter, "param-value", ""));
    }
    for (var listener : children(webApp, "listener")) {
      deployment.addListener(
          Servlets.listener(type(listener, "listener-class", EventListener.class)));
    }
    for (var filter : children(webApp, "filter")) {
      addFilter(filter);
    }
    for (var mapping : children(webApp, "filter-mapping")) {
      var name = text(mapping, "filter-name", "");
      for (var pattern : children(mapping, "url-pattern")) {
        deployment.addFilterUrlMapping(name, pattern.getTextContent(), DispatcherType.REQUEST);
      }
      for (var servlet : children(mapping, "servlet-name")) {
        deployment.addFilterServletNameMapping(
            name, servlet.getTextContent(), DispatcherType.REQUEST);
      }
    }
    for (var servlet : children(webApp, "servlet")) {
      addServlet(webApp, servlet);
    }
  }

  private void addFilter(Element element) throws ClassNotFoundException {
    var filter =
        Servlets.filter(
            text(element, "filter-name", ""), type(element, "filter-class", Filter.class));
    filter.setAsyncSupported(Boolean.parseBoolean(text(element, "async-supported", "false")));
    for (var parameter : children(element, "init-param")) {
      filter.addInitParam(text(parameter, "param-name", ""), text(parameter, "param-value", ""));
    }
    deployment.addFilter(filter);
  }

  private void addServlet(Element webApp, Element element) throws ClassNotFoundException {
    var name = text(element, "servlet-name", "");
    var servlet = Servlets.servlet(name, type(element, "servlet-class", Servlet.class));
    servlet.setAsyncSupported(Boolean.parseBoolean(text(element, "async-supported", "false")));
    servlet.setLoadOnStartup(Integer.valueOf(text(element, "load-on-startup", "-1")));
    for (var parameter : children(element, "init-param")) {
      servlet.addInitParam(text(parameter, "param-name", ""), text(parameter, "param-value", ""));
    }
    for (var mapping : children(webApp, "servlet-mapping")) {
      if (text(mapping, "servlet-name", "").equals(name)) {
        children(mapping, "url-pattern").forEach(each -> servlet.addMapping(each.getTextContent()));
      }
    }
    deployment.addServlet(servlet);
  }

  /** What makes jakarta.websocket's ServerContainer appear. */
  private void addWebSockets() throws ReflectiveOperationException {
    var type = load(WEB_SOCKETS);
    if (type != null) {
      deployment.addServletContextAttribute(
          WEB_SOCKETS, type.getDeclaredConstructor().newInstance());
    }
  }

  private <T> Class<? extends T> type(Element element, String child, Class<T> of)
      throws ClassNotFoundException {
    return Class.forName(text(element, child, ""), true, loader).asSubclass(of);
  }

  private static String text(Element element, String child, String otherwise) {
    var found = children(element, child);
    return found.isEmpty() ? otherwise : found.getFirst().getTextContent().strip();
  }

  private static List<Element> children(Element element, String name) {
    var nodes = element.getChildNodes();
    return IntStream.range(0, nodes.getLength())
        .mapToObj(nodes::item)
        .filter(Element.class::isInstance)
        .map(Element.class::cast)
        .filter(child -> name.equals(child.getLocalName()))
        .toList();
  }
}
