// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.assembly;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.deployment.Environment;
import org.waterspout.bridge.deployment.Environment.Version;
import org.waterspout.bridge.deployment.Initializer;
import org.waterspout.bridge.war.WorkDirectory;
import org.waterspout.log.Log;

/**
 * What an application lives on: its directory for temporary files and, if it comes from a WAR, its
 * class loader and its resources.
 *
 * <p>Life: opened before the application starts, closed when it has ended or could not start.
 */
public final class AppHome implements AutoCloseable {
  private final Environment environment;

  private AppHome(Environment environment) {
    this.environment = environment;
  }

  /**
   * The home of an application that is declared in code.
   *
   * @param work where its files are; null for the directory of the user
   */
  public static AppHome ofCode(List<Initializer> initializers, @Nullable Path work)
      throws IOException {
    Path temporary = workDirectory(work).temporary();
    return new AppHome(
        new Environment(null, temporary, initializers, List.of(), null, Version.CURRENT, null));
  }

  static WorkDirectory workDirectory(@Nullable Path work) throws IOException {
    return work == null ? WorkDirectory.standard() : WorkDirectory.of(work);
  }

  /** What the application finds here. */
  public Environment environment() {
    return environment;
  }

  /** Deletes its temporary files. What goes wrong is logged. */
  @Override
  public void close() {
    try {
      WorkDirectory.deleteTree(environment.temporary());
    } catch (IOException e) {
      Log.GENERAL.log(Level.WARNING, "temporary files are left: " + environment.temporary(), e);
    }
  }
}
