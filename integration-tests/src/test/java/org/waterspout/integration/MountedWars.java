// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.waterspout.bridge.OnStartFailure;
import org.waterspout.bridge.ServletContainer;
import org.waterspout.http.HTTPServer;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.routing.Rule;
import org.waterspout.web.Application;

/** WARs under paths of our own server, on a loop of its own. */
final class MountedWars implements AutoCloseable {
  private static final int DEADLINE_SECONDS = 180; // what is to be converted takes its time

  private final IOLoop loop = new IOLoop();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("mounted WARs").start(loop::start);
  private final Application application;
  private final HTTPServer server;

  MountedWars(Path workDirectory, Map<String, Path> wars) throws Exception {
    this(workDirectory, wars, (prefix, builder) -> {});
  }

  /**
   * Mounts WARs by their context paths.
   *
   * @param settings for each
   */
  MountedWars(
      Path workDirectory,
      Map<String, Path> wars,
      BiConsumer<String, ServletContainer.Builder> settings)
      throws Exception {
    var rules = new ArrayList<Rule>();
    wars.forEach(
        (prefix, war) -> {
          var builder = builder(war, workDirectory);
          settings.accept(prefix, builder);
          rules.add(Application.mount(prefix, builder.build()));
        });
    application = new Application(rules.toArray(Rule[]::new));
    server = onLoop(() -> application.listen(0, "127.0.0.1"));
  }

  private static ServletContainer.Builder builder(Path war, Path workDirectory) {
    return ServletContainer.builder()
        .war(war)
        .workDirectory(workDirectory)
        .onStartFailure(OnStartFailure.FAIL);
  }

  int port() {
    return server.port();
  }

  private <T> T onLoop(Callable<T> task) throws Exception {
    var result = new CompletableFuture<T>();
    loop.addCallback(
        () -> {
          try {
            result.complete(task.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return result.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    application.stop();
    loop.stop();
    thread.join(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
    loop.close();
  }
}
