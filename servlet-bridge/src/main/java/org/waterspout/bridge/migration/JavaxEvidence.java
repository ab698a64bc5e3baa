// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.migration;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a WAR is written for {@code javax.servlet}. The version of its descriptor does
 * not tell: many a jakarta WAR has an old one. What tells is, in this order and as soon as it is
 * clear:
 *
 * <ol>
 *   <li>which API the classes of WEB-INF/classes use;
 *   <li>whether the descriptor has Jakarta's namespace, which javax never had;
 *   <li>which one classes and libraries use together; where both are used, a descriptor is one for
 *       javax, and without one the greater number of classes counts;
 *   <li>where no class uses either, whether pages, or what describes them in WEB-INF, name {@code
 *       javax.servlet}.
 * </ol>
 */
final class JavaxEvidence {
  private static final String NAME = "javax.servlet";
  private static final String JAKARTA_NAMESPACE = "https://jakarta.ee/xml/ns/jakartaee";
  private static final Set<String> PAGES = Set.of("jsp", "jspf", "jspx", "tag", "tagf", "tagx");

  /** Anywhere else, they are the application's own documents. */
  private static final Set<String> IN_WEB_INF = Set.of("tld", "xml");

  private static final int MAX_BYTES = 16 * 1024 * 1024;

  private JavaxEvidence() {}

  /**
   * Where a WAR is seen to be written for javax, for messages; null if it is not.
   *
   * @param root its directory
   * @param libraries its jars
   */
  static @Nullable String find(Path root, List<Path> libraries) throws IOException {
    var use = new ServletUse();
    use.addClasses(root.resolve("WEB-INF/classes"));
    if (use.isClear()) {
      return use.firstJavax();
    }
    String namespace = namespace(root.resolve("WEB-INF/web.xml"));
    if (JAKARTA_NAMESPACE.equals(namespace)) {
      return null;
    }
    use.addLibraries(libraries);
    if (use.isMixed()) {
      return namespace != null || use.isMostlyJavax() ? use.firstJavax() : null;
    }
    return use.isClear() ? use.firstJavax() : text(root);
  }

  /** The namespace of a descriptor, empty if it has none; null if there is no descriptor. */
  private static @Nullable String namespace(Path descriptor) throws IOException {
    if (!Files.isRegularFile(descriptor)) {
      return null;
    }
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try (InputStream in = Files.newInputStream(descriptor)) {
      XMLStreamReader reader = factory.createXMLStreamReader(in);
      try {
        while (!reader.isStartElement()) {
          reader.next();
        }
        String namespace = reader.getNamespaceURI();
        return namespace == null ? "" : namespace;
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      return null; // who reads the whole of it says what is wrong
    }
  }

  private static @Nullable String text(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        Path path = root.relativize(file);
        if (mayTell(path) && Files.isRegularFile(file) && names(file)) {
          return path.toString();
        }
      }
    }
    return null;
  }

  private static boolean mayTell(Path path) {
    String extension = extension(path);
    return !path.startsWith("WEB-INF/classes")
        && (PAGES.contains(extension)
            || (IN_WEB_INF.contains(extension) && path.startsWith("WEB-INF")));
  }

  private static String extension(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** In a file that is longer than pages are, the beginning is looked at. */
  private static boolean names(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1).contains(NAME);
    }
  }
}
