// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.guide;

import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.ioloop.IOLoop;

/** One program, a loop for each processor, behind a proxy on the same machine. */
final class ManyLoops {
  private ManyLoops() {}

  static void main() throws IOException {
    var options = HTTPServerOptions.builder().xheaders(true).build();
    var server = Notes.application(new ConcurrentHashMap<>()).server(options);
    server.bind(8888, "127.0.0.1");
    server.start(0);
    IOLoop.current().start();
  }
}
