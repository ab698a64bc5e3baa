// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.assembly;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.deployment.Environment.Version;
import org.waterspout.bridge.descriptor.DescriptorReader;
import org.waterspout.bridge.descriptor.Merge;
import org.waterspout.bridge.descriptor.Place;
import org.waterspout.bridge.descriptor.WebXml;
import org.waterspout.bridge.scan.ClassFacts;
import org.waterspout.bridge.scan.ClassIndex;
import org.waterspout.bridge.war.WarFile;

/**
 * What a WAR says, put together: Servlet 6.1 section 8.2.3.
 *
 * @param webXml its own descriptor, which may say nothing
 * @param effective what holds: that of web.xml, fragments and annotations
 * @param classes all class files, of libraries too that declare nothing
 */
record Assembly(
    WarFile war, Libraries libraries, WebXml webXml, WebXml effective, ClassIndex classes) {
  private static final String WEB_XML = "WEB-INF/web.xml";

  /**
   * Reads a WAR.
   *
   * @throws org.waterspout.bridge.descriptor.DescriptorException if a descriptor is broken, or if
   *     what is declared contradicts itself; its message says where
   */
  static Assembly of(WarFile war) throws IOException {
    WebXml webXml = webXml(war);
    Libraries libraries = Libraries.read(war.libraries(), webXml);
    ClassIndex classes = ClassIndex.of(places(war, libraries));
    WebXml effective =
        webXml.metadataComplete()
            ? Merge.of(webXml, List.of())
            : merged(webXml, war, libraries, classes);
    return new Assembly(war, libraries, webXml, effective, classes);
  }

  private static WebXml webXml(WarFile war) throws IOException {
    Path file = war.root().resolve("WEB-INF").resolve("web.xml");
    if (!Files.isRegularFile(file)) {
      return WebXml.empty(Place.of(WEB_XML));
    }
    try (InputStream in = Files.newInputStream(file)) {
      return DescriptorReader.webXml(in, WEB_XML);
    }
  }

  private static List<Path> places(WarFile war, Libraries libraries) {
    List<Path> places = new ArrayList<>();
    if (Files.isDirectory(war.classes())) {
      places.add(war.classes());
    }
    libraries.all().forEach(library -> places.add(library.place()));
    return places;
  }

  /**
   * The annotations of a fragment complete the fragment; those of the WAR's own classes complete
   * the whole, but their listeners come before those of the fragments.
   */
  private static WebXml merged(
      WebXml webXml, WarFile war, Libraries libraries, ClassIndex classes) {
    WebXml own = Annotations.of(classes.at(war.classes()), "WEB-INF/classes");
    List<WebXml> fragments = new ArrayList<>();
    for (Library library : libraries.included()) {
      WebXml xml = library.xml();
      if (xml == null) {
        xml = WebXml.empty(Place.of(library.inWar()));
      }
      fragments.add(
          xml.metadataComplete()
              ? xml
              : Merge.complete(xml, Annotations.of(classes.at(library.place()), library.inWar())));
    }
    WebXml described = Merge.of(webXml.withListeners(own.listeners()), fragments);
    return Merge.of(described, List.of(own));
  }

  /**
   * A class whose annotations count for whoever declares it: of the WAR, from a place that does not
   * say that its descriptor is complete. Null if there is none of that name.
   */
  @Nullable ClassFacts annotated(String className) {
    ClassIndex.Found found = webXml.metadataComplete() ? null : classes.found(className);
    if (found == null) {
      return null;
    }
    for (Library library : libraries.all()) {
      WebXml xml = library.xml();
      if (library.place().equals(found.place()) && xml != null && xml.metadataComplete()) {
        return null;
      }
    }
    return found.facts();
  }

  /** The classes of what is not left out of the order. */
  ClassIndex included() {
    Set<Path> places = new HashSet<>();
    places.add(war.classes());
    libraries.included().forEach(library -> places.add(library.place()));
    return classes.within(places);
  }

  /** The version that the WAR was written for; one that names none is as good as one of today. */
  Version version() {
    String version = webXml.version();
    if (version == null) {
      return Version.CURRENT;
    }
    int dot = version.indexOf('.');
    return new Version(
        Integer.parseInt(version.substring(0, dot)), Integer.parseInt(version.substring(dot + 1)));
  }
}
