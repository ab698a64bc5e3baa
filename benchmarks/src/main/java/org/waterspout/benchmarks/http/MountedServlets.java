// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import static org.waterspout.web.Application.mount;

import java.io.IOException;
import java.net.InetAddress;
import org.waterspout.bridge.ServletContainer;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;

/** Ours, with one servlet mounted at the root; as many may run at a time as in the others. */
final class MountedServlets {
  private MountedServlets() {}

  static void main(String[] args) throws IOException {
    Ready.keepQuiet();
    var container =
        ServletContainer.builder()
            .servlet(
                "servlet",
                Hosted.named(args).servlet(),
                servlet -> {
                  servlet.addMapping("/*");
                  servlet.setAsyncSupported(true);
                  servlet.setLoadOnStartup(1);
                })
            .maxConcurrent(10_000)
            .build();
    var application = new Application(mount("", container));
    var server = application.listen(0, InetAddress.getLoopbackAddress().getHostAddress());
    Ready.announce(server.port(), "");
    IOLoop.current().start();
  }
}
