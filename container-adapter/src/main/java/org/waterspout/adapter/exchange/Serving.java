// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import java.util.EnumSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;
import org.waterspout.web.Application;

/**
 * An Application while one adapter serves it in a container that is no servlet container.
 *
 * <pre>
 *   start   the loop, on a thread of its own unless one was given; then the Application
 *   begin   an exchange, from the container's threads
 *   stop    the exchanges, the Application, the loop unless it was given
 * </pre>
 */
public final class Serving {
  private final String who;
  private final Application application;
  private final Deployment deployment;
  private final @Nullable LoopThread thread; // null: the loop is another's
  private final OpenExchanges open;
  private volatile boolean stopping;

  private Serving(
      String who,
      Application application,
      Deployment deployment,
      OpenExchanges.Limits limits,
      @Nullable IOLoop given) {
    this.who = who;
    this.application = application;
    this.deployment = deployment;
    if (given == null) {
      thread = new LoopThread(who, new IOLoop());
      open = new OpenExchanges(thread.loop(), application, limits);
      thread.whenEnded(open::abandon);
    } else {
      thread = null;
      open = new OpenExchanges(given, application, limits);
    }
  }

  /**
   * Starts to serve. Not on the loop.
   *
   * @param who the adapter, for messages
   * @param limits of each exchange
   * @param given the loop to serve on, which runs already and goes on running; null for a new one
   * @throws IllegalStateException if the Application needs what the deployment lacks
   */
  public static Serving start(
      String who,
      Application application,
      Deployment deployment,
      OpenExchanges.Limits limits,
      @Nullable IOLoop given) {
    var serving = new Serving(who, application, deployment, limits, given);
    boolean started = false;
    try {
      serving.startApplication();
      started = true;
    } finally {
      if (!started) {
        serving.stopLoop();
      }
    }
    Log.GENERAL.log(
        System.Logger.Level.INFO,
        "{0} runs in {1}, bodies up to {2} bytes; without {3}",
        who,
        deployment.name(),
        Long.toString(limits.maxBodySize()),
        EnumSet.complementOf(EnumSet.copyOf(deployment.capabilities())));
    return serving;
  }

  private void startApplication() {
    try {
      application.start(deployment.name(), deployment.capabilities());
    } catch (IllegalStateException e) {
      throw new IllegalStateException(who + " cannot start: " + e.getMessage(), e);
    }
  }

  /**
   * Begins an exchange, as the last act of a thread of the container.
   *
   * @param carrier makes its carrier, which may keep the exchange but not call it yet
   * @return whether it was begun: not if the loop has died, or the Application is being stopped
   */
  public boolean begin(RequestHead head, Function<Exchange, Carrier> carrier) {
    if (stopping || open.abandoned()) {
      return false;
    }
    var _ = open.begin(deployment, head, carrier);
    return true;
  }

  /** Ends what is open, then the Application, then the loop. Not on the loop; once. */
  public void stop() {
    stopping = true;
    open.shutDown();
    application.stop();
    stopLoop();
  }

  private void stopLoop() {
    if (thread != null) {
      thread.stop();
    }
  }
}
