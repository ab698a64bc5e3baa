// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.assembly.AppHome;
import org.waterspout.bridge.deployment.DeploymentDraft;
import org.waterspout.bridge.deployment.Neighbours;
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

  /**
   * What is known before the start, and let go of then.
   *
   * @param draft what is declared in code
   */
  private record Plan(DeploymentDraft draft, Opening opening) {}

  private final OnStartFailure onFailure;
  private final AtomicReference<@Nullable Plan> plan;

  /** Null before start, where there is none, and when it is closed. */
  private @Nullable AppHome home;

  /** Null before start. */
  private volatile @Nullable Served served;

  Hosting(DeploymentDraft draft, Opening opening, OnStartFailure onFailure) {
    this.plan = new AtomicReference<>(new Plan(draft, opening));
    this.onFailure = onFailure;
  }

  /** As {@link CrossContext#between} says. */
  void join(Neighbours neighbours) {
    Plan known = plan.get();
    if (known == null) {
      throw new IllegalStateException("the servlet container has been started before");
    }
    known.draft().neighbours(neighbours);
  }

  void start(String prefix) throws Exception {
    Plan taken = plan.getAndSet(null);
    if (taken == null) {
      throw new IllegalStateException("the servlet container has been started before");
    }
    try {
      served = OwnThread.call("start of " + prefix, () -> start(taken, prefix));
    } catch (Exception | Error e) { // of what is mounted, a part may be missing
      close();
      if (onFailure == OnStartFailure.FAIL || isFatal(e)) {
        throw e;
      }
      Log.APPLICATION.log(
          Level.ERROR, "the mount at \"" + prefix + "\" does not start, and answers 503", e);
      served = new FailedApp(prefix);
    }
  }

  private WebApp start(Plan taken, String prefix) throws Exception {
    AppHome opened = taken.opening().open();
    home = opened;
    try {
      WebApp app = AppStart.start(taken.draft(), opened.environment(), prefix);
      Log.GENERAL.log(
          Level.INFO,
          "mounted at \"{0}\": {1}, {2}",
          prefix,
          opened.description(),
          app.description());
      return app;
    } catch (Exception | Error e) {
      Path source = opened.source();
      if (source == null || isFatal(e)) {
        throw e;
      }
      throw WarException.ofStart(source, e);
    }
  }

  /** Whether it is the whole process that fails: a recursion without end is the application's. */
  private static boolean isFatal(Throwable failure) {
    return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
  }

  /** Stops the application, once, and forgets it: whoever keeps the mount does not keep it. */
  void stop() {
    Served stopped = served;
    if (!(stopped instanceof WebApp app)) {
      return;
    }
    try {
      var _ =
          OwnThread.call(
              "stop of " + app.prefix(),
              () -> {
                app.stop();
                return true;
              });
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the mount at \"" + app.prefix() + "\" failed to stop", e);
    } finally {
      served = new FailedApp(app.prefix());
      close();
    }
  }

  private void close() {
    AppHome closed = home;
    home = null;
    if (closed != null) {
      closed.close();
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
