// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import static org.waterspout.web.Application.mount;

import java.io.IOException;
import java.net.InetAddress;
import org.waterspout.bridge.ServletContainer;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;

/**
 * Ours, with one servlet, or a folder with a page, mounted at the root; as many may run at a time
 * as in the others.
 */
final class MountedServlets {
  private MountedServlets() {}

  static void main(String[] args) throws IOException {
    Ready.keepQuiet();
    var hosted = Hosted.named(args);
    var container = ServletContainer.builder().maxConcurrent(10_000);
    if (hosted.servesPages()) {
      container.war(Pages.folder());
    } else {
      container.servlet(
          "servlet",
          hosted.servlet(),
          servlet -> {
            servlet.addMapping(hosted.mapping());
            servlet.setAsyncSupported(true);
            servlet.setLoadOnStartup(1);
          });
    }
    var application = new Application(mount("", container.build()));
    var server = application.listen(0, InetAddress.getLoopbackAddress().getHostAddress());
    Ready.announce(server.port(), "");
    IOLoop.current().start();
  }
}
