// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.waterspout.web.Application.url;

import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;

/** The smallest server. */
final class HelloWorld {
  static final class MainHandler extends RequestHandler {
    @Override
    protected void get() {
      write("Hello, world");
    }
  }

  private HelloWorld() {}

  static void main(String[] args) {
    var options = Options.of("Answers GET / with a greeting.").serving(8888).parse(args);
    var _ = options.listen(new Application(url("/", MainHandler::new)));
    IOLoop.current().start();
  }
}
