// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.assembly;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.waterspout.bridge.loading.LeakReport;
import org.waterspout.bridge.loading.Visibility;
import org.waterspout.bridge.loading.WarClassLoader;
import org.waterspout.bridge.resource.Resources;
import org.waterspout.bridge.war.WarFile;
import org.waterspout.log.Log;

/** What is held open for a WAR as long as it runs. */
record WarParts(WarFile war, WarClassLoader loader, Resources resources) implements AutoCloseable {
  /**
   * Opens them.
   *
   * @param host where the servlet API and what is shared come from
   */
  static WarParts open(WarFile war, ClassLoader host, List<String> shared) throws IOException {
    List<Path> places = new ArrayList<>();
    if (Files.isDirectory(war.classes())) {
      places.add(war.classes());
    }
    places.addAll(war.libraries());
    String name = String.valueOf(war.source().getFileName());
    // It opens nothing before it is asked: only the resources have to be closed, and they come
    // last.
    var loader = new WarClassLoader(name, places, host, new Visibility(shared));
    return new WarParts(war, loader, Resources.open(war.root(), war.libraries(), false));
  }

  /** Lets go of everything; what the application itself has not let go of is said in the log. */
  @Override
  public void close() {
    for (String line : LeakReport.of(loader).lines()) {
      Log.GENERAL.log(Level.WARNING, "{0}: {1}", war.source(), line);
    }
    try {
      loader.close();
    } catch (IOException e) {
      Log.GENERAL.log(Level.WARNING, "the files of " + war.source() + " may stay open", e);
    }
    resources.close();
  }
}
