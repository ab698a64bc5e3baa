// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import static org.waterspout.web.Application.mount;
import static org.waterspout.web.Application.url;

import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import org.waterspout.adapter.ServletAdapter;
import org.waterspout.web.Application;

/** What answers in a servlet container. */
enum Way {
  DELEGATE("adapter, delegate", Kind.OURS_ON_DEFAULT_CARRIER),
  HANDLER("adapter, RequestHandler", Kind.OURS_ON_DEFAULT_CARRIER),
  HANDLER_OWN_CARRIER("adapter, RequestHandler, custom carrier", Kind.OURS),
  ASYNCHRONOUS("asynchronous servlet", Kind.PEER),
  BLOCKING("blocking servlet", Kind.PEER);

  /** As the tables call it. */
  final String label;

  final Kind kind;

  Way(String label, Kind kind) {
    this.label = label;
    this.kind = kind;
  }

  HttpServlet servlet() throws IOException {
    return switch (this) {
      case DELEGATE -> new ServletAdapter(new Application(mount("", new DelegateServer())));
      case HANDLER, HANDLER_OWN_CARRIER -> {
        AccessLog.toNowhere();
        yield new ServletAdapter(
            new Application(
                url("/hello", HandlerServer.HelloHandler::new),
                url("/echo", HandlerServer.EchoHandler::new)));
      }
      case ASYNCHRONOUS -> new AsynchronousServlet();
      case BLOCKING -> new BlockingServlet();
    };
  }
}
