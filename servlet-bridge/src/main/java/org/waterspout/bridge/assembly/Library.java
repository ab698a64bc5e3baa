// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.assembly;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.descriptor.DescriptorReader;
import org.waterspout.bridge.descriptor.WebXml;
import org.waterspout.log.Log;

/**
 * A library of a WAR, and what its jar says of itself.
 *
 * @param name its file name
 * @param xml its web-fragment.xml; null if it has none
 * @param initializers the classes that it names as such
 * @param bundlesAPI whether it brings the servlet API, which is the host's
 */
record Library(
    Path place, String name, @Nullable WebXml xml, List<String> initializers, boolean bundlesAPI) {
  private static final String FRAGMENT = "META-INF/web-fragment.xml";

  Library {
    initializers = List.copyOf(initializers);
  }

  /**
   * Reads a library; one that is no jar says nothing, with a line in the log.
   *
   * @throws org.waterspout.bridge.descriptor.DescriptorException if its descriptor is broken
   */
  static Library read(Path place) {
    String name = String.valueOf(place.getFileName());
    try (JarFile jar = new JarFile(place.toFile(), false)) {
      return new Library(
          place,
          name,
          fragment(jar, name),
          initializers(jar),
          jar.getEntry("jakarta/servlet/Servlet.class") != null);
    } catch (IOException e) {
      Log.GENERAL.log(Level.WARNING, "not a library, or a damaged one: " + place, e);
      return new Library(place, name, null, List.of(), false);
    }
  }

  /** Where it lies in the WAR, for messages. */
  String inWar() {
    return "WEB-INF/lib/" + name;
  }

  private static @Nullable WebXml fragment(JarFile jar, String name) throws IOException {
    ZipEntry entry = jar.getEntry(FRAGMENT);
    if (entry == null) {
      return null;
    }
    try (InputStream in = jar.getInputStream(entry)) {
      return DescriptorReader.fragment(in, "WEB-INF/lib/" + name + "!/" + FRAGMENT);
    }
  }

  private static List<String> initializers(JarFile jar) throws IOException {
    ZipEntry entry = jar.getEntry(ServiceFile.INITIALIZERS);
    if (entry == null) {
      return List.of();
    }
    try (InputStream in = jar.getInputStream(entry)) {
      return ServiceFile.names(in);
    }
  }
}
