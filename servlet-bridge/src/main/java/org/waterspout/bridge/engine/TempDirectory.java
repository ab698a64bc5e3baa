// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import org.waterspout.bridge.war.WorkDirectory;
import org.waterspout.log.Log;

/**
 * An application's own directory for temporary files, Servlet 6.1 section 4.8.1: made before
 * anything of it runs, deleted with all that is in it after its end.
 */
record TempDirectory(Path path) {
  static TempDirectory make() throws IOException {
    return new TempDirectory(WorkDirectory.standard().temporary());
  }

  void delete() {
    try {
      WorkDirectory.deleteTree(path);
    } catch (IOException e) {
      Log.GENERAL.log(Level.WARNING, "temporary files stay: {0}", e.toString());
    }
  }
}
