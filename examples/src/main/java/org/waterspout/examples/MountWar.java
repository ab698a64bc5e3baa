// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.waterspout.web.Application.mount;
import static org.waterspout.web.Application.url;

import java.nio.file.Path;
import org.waterspout.bridge.OnStartFailure;
import org.waterspout.bridge.ServletContainer;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;

/**
 * A WAR below a path of the native server, beside a handler at {@code /hello}.
 *
 * <pre>
 *   java ... org.waterspout.examples.MountWar --war shop.war --context /shop
 * </pre>
 */
final class MountWar {
  private MountWar() {}

  static final class HelloHandler extends RequestHandler {
    @Override
    protected void get() {
      write("Hello, world");
    }
  }

  /**
   * What is served.
   *
   * @param war a file, which is unpacked, or a directory
   * @param context the path of the web application: {@code /shop}, or {@code /} for the root
   */
  static Application application(Path war, String context) {
    var container = ServletContainer.builder().war(war).onStartFailure(OnStartFailure.FAIL).build();
    return new Application(
        url("/hello", HelloHandler::new), mount(context.equals("/") ? "" : context, container));
  }

  static void main(String[] args) {
    var options =
        Options.of("A WAR below a path of the native server.")
            .serving(8888)
            .option("war", "examples/shop-war/target/shop.war", "the WAR: a file, or a directory")
            .option("context", "/shop", "its path; / for the root")
            .parse(args);
    var context = options.text("context");
    try {
      int port = options.listen(application(options.path("war"), context)).port();
      System.out.println("http://localhost:" + port + context + (context.endsWith("/") ? "" : "/"));
    } catch (IllegalArgumentException | IllegalStateException e) {
      Options.fail(String.valueOf(e.getMessage()));
    }
    IOLoop.current().start();
  }
}
