// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.assembly.AppHome;
import org.waterspout.bridge.deployment.DeploymentDraft;
import org.waterspout.bridge.engine.AppStart;
import org.waterspout.bridge.engine.FailedApp;
import org.waterspout.bridge.engine.Served;
import org.waterspout.bridge.engine.WebApp;
import org.waterspout.bridge.war.WarException;
import org.waterspout.log.Log;
import org.waterspout.web.HTTPError;

/**
 * The life of an application and its home: new, started or failed, stopped. Start and stop are each
 * called once, by one thread after the other; the rest by any.
 */
final class Hosting {
  /** Opens the home, and declares in the draft what is found there. */
  interface Opening {
    AppHome open() throws Exception;
  }

  private final DeploymentDraft draft;
  private final Opening opening;
  private final OnStartFailure onFailure;
  private final AtomicBoolean begun = new AtomicBoolean();

  /** Null before start, and where there is none. */
  private @Nullable AppHome home;

  /** Null before start. */
  private volatile @Nullable Served served;

  Hosting(DeploymentDraft draft, Opening opening, OnStartFailure onFailure) {
    this.draft = draft;
    this.opening = opening;
    this.onFailure = onFailure;
  }

  void start(String prefix) throws Exception {
    if (!begun.compareAndSet(false, true)) {
      throw new IllegalStateException("the servlet container has been started before");
    }
    try {
      AppHome opened = opening.open();
      home = opened;
      WebApp app = start(opened, prefix);
      served = app;
      Log.GENERAL.log(
          Level.INFO,
          "mounted at \"{0}\": {1}, {2}",
          prefix,
          opened.description(),
          app.description());
    } catch (Exception | LinkageError e) { // of what is mounted, a part may be missing
      close();
      if (onFailure == OnStartFailure.FAIL) {
        throw e;
      }
      Log.APPLICATION.log(
          Level.ERROR, "the mount at \"" + prefix + "\" does not start, and answers 503", e);
      served = new FailedApp(prefix);
    }
  }

  private WebApp start(AppHome opened, String prefix) throws Exception {
    try {
      return AppStart.start(draft, opened.environment(), prefix);
    } catch (Exception | LinkageError e) {
      Path source = opened.source();
      if (source == null) {
        throw e;
      }
      throw new WarException(source + ": " + e.getMessage(), e);
    }
  }

  void stop() {
    Served stopped = served;
    if (stopped != null) {
      try {
        stopped.stop();
      } finally {
        close();
      }
    }
  }

  private void close() {
    if (home != null) {
      home.close();
    }
  }

  /**
   * The application.
   *
   * @throws HTTPError 503 if it did not start
   */
  WebApp app() {
    if (served() instanceof WebApp app) {
      return app;
    }
    throw new HTTPError(503, "the mount did not start");
  }

  Served served() {
    Served known = served;
    if (known == null) {
      throw new IllegalStateException("the servlet container has not been started");
    }
    return known;
  }
}
