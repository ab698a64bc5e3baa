// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.waterspout.web.Application;
import org.xml.sax.SAXException;

/**
 * A WAR that is looked into where no container is. Its classes are loaded behind our own, so that
 * there is one copy of Waterspout. Any one thread.
 */
final class WarFile implements AutoCloseable {
  private static final String CLASSES = "WEB-INF/classes";
  private static final String LIB = "WEB-INF/lib";
  private static final String WEB_XML = "WEB-INF/web.xml";

  /** An application that the WAR runs, and who says so. */
  record Named(String className, String where) {}

  private final Path war;
  private final Path folder;
  private final @Nullable Path unpacked; // null: the WAR is a folder itself
  private final List<Path> places; // of classes
  private final URLClassLoader classes;

  private WarFile(Path war, Path folder, @Nullable Path unpacked) throws IOException {
    this.war = war;
    this.folder = folder;
    this.unpacked = unpacked;
    this.places = places(folder);
    this.classes =
        new URLClassLoader(
            places.stream().map(WarFile::url).toArray(URL[]::new), WarFile.class.getClassLoader());
  }

  /**
   * Opens one; a packed one is unpacked into a folder for temporary files until it is closed.
   *
   * @throws IOException that says what is wrong with it
   */
  static WarFile open(Path war) throws IOException {
    if (Files.isDirectory(war)) {
      return new WarFile(war, war, null);
    }
    if (!Files.isReadable(war)) {
      throw new IOException("there is no WAR " + war);
    }
    var unpacked = Files.createTempDirectory("waterspout-check");
    try {
      unpack(war, unpacked);
      return new WarFile(war, unpacked, unpacked);
    } catch (IOException | RuntimeException e) {
      delete(unpacked);
      throw e;
    }
  }

  private static void unpack(Path war, Path to) throws IOException {
    try (var zip = FileSystems.newFileSystem(war);
        var entries = Files.walk(zip.getPath("WEB-INF"))) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        var copy = to.resolve(entry.toString()).normalize();
        if (!copy.startsWith(to)) {
          throw new IOException(war + " has an entry outside of it: " + entry);
        }
        if (Files.isDirectory(entry)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(entry, copy);
        }
      }
    } catch (ProviderNotFoundException | ZipException e) {
      throw new IOException(war + " is no WAR: it is neither a folder nor a ZIP file", e);
    } catch (NoSuchFileException e) {
      throw new IOException(war + " is no WAR: it has no WEB-INF", e);
    }
  }

  private static List<Path> places(Path folder) throws IOException {
    var places = new ArrayList<Path>();
    var classes = folder.resolve(CLASSES);
    if (Files.isDirectory(classes)) {
      places.add(classes);
    }
    var lib = folder.resolve(LIB);
    if (Files.isDirectory(lib)) {
      try (var jars = Files.list(lib)) {
        jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().forEach(places::add);
      }
    }
    return places;
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What the WAR runs: the class given, else what its {@code web.xml} names, else the classes
   * marked {@link ServedInContainer}.
   *
   * @throws IOException if nothing is named, or {@code web.xml} cannot be read
   */
  List<Named> applications(@Nullable String given) throws IOException {
    if (given != null) {
      return List.of(new Named(given, "--application"));
    }
    var named = new ArrayList<Named>();
    var webXml = folder.resolve(WEB_XML);
    if (Files.exists(webXml)) {
      var document = parse(webXml);
      named.addAll(adapters(document, "servlet"));
      named.addAll(adapters(document, "filter"));
      if (named.isEmpty()) {
        named.addAll(contextParameter(document));
      }
    }
    if (named.isEmpty()) {
      MarkedClasses.in(places)
          .forEach(name -> named.add(new Named(name, "marked @ServedInContainer")));
    }
    if (named.isEmpty()) {
      throw new IOException(
          war
              + ": its web.xml names no application in an init-param \""
              + ServletAdapter.APPLICATION
              + "\", and no class is marked @ServedInContainer; say which class supplies it by"
              + " --application CLASS");
    }
    return named;
  }

  private static List<Named> contextParameter(Document webXml) {
    return children(webXml.getDocumentElement(), "context-param").stream()
        .filter(each -> text(each, "param-name").equals(WaterspoutInitializer.APPLICATION))
        .map(each -> new Named(text(each, "param-value"), "context-param"))
        .toList();
  }

  private static List<Named> adapters(Document webXml, String kind) {
    var named = new ArrayList<Named>();
    for (Element adapter : children(webXml.getDocumentElement(), kind)) {
      if (!text(adapter, kind + "-class").startsWith(Check.class.getPackageName() + ".")) {
        continue;
      }
      for (Element parameter : children(adapter, "init-param")) {
        if (text(parameter, "param-name").equals(ServletAdapter.APPLICATION)) {
          String where = kind + " " + text(adapter, kind + "-name");
          named.add(new Named(text(parameter, "param-value"), where));
        }
      }
    }
    return named;
  }

  private Document parse(Path webXml) throws IOException {
    try (InputStream in = Files.newInputStream(webXml)) {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
      factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null); // what it cannot read it throws; nothing is printed
      return builder.parse(in);
    } catch (SAXException | ParserConfigurationException e) {
      throw new IOException(war + ": web.xml cannot be read: " + e.getMessage(), e);
    }
  }

  private static List<Element> children(Element parent, String name) {
    var found = new ArrayList<Element>();
    for (var child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element element && name.equals(element.getLocalName())) {
        found.add(element);
      }
    }
    return found;
  }

  /** The text of the first child of a name; empty if there is none. */
  private static String text(Element parent, String name) {
    var found = children(parent, name);
    return found.isEmpty() ? "" : found.getFirst().getTextContent().strip();
  }

  /** Where it is unpacked. */
  Path folder() {
    return folder;
  }

  /** Makes an application, as the adapter does in a container. */
  Application load(Named named) throws ServletException {
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    thread.setContextClassLoader(classes);
    try {
      return ApplicationParameter.load(named.className(), named.where());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Override
  public void close() throws IOException {
    classes.close();
    if (unpacked != null) {
      delete(unpacked);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
