// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.HTTPServerConnectionDelegate;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.log.Log;

/** Serves an application, and says where. */
final class ApplicationServer extends HTTPServer {
  private final Application application;
  private final String scheme;
  private boolean warned; // that what is mounted may hold up the loop

  ApplicationServer(Application application, HTTPServerOptions options) {
    super(application, options);
    this.application = application;
    this.scheme = options.ssl() == null ? "http://" : "https://";
  }

  /** Starts each further application as {@link Application#server} does the first. */
  @Override
  public void start(int loops, Supplier<? extends HTTPServerConnectionDelegate> further)
      throws IOException {
    List<Application> begun = new ArrayList<>();
    boolean started = false;
    try {
      super.start(loops, () -> begin(further.get(), begun));
      started = true;
    } finally {
      if (!started) {
        begun.forEach(application -> Application.offLoop(loop(), application::stop));
      }
    }
  }

  private HTTPServerConnectionDelegate begin(
      HTTPServerConnectionDelegate delegate, List<Application> begun) {
    if (delegate instanceof Application application) {
      Application.offLoop(loop(), application::startNative);
      begun.add(application);
    }
    return delegate;
  }

  @Override
  protected void listening(SocketAddress address, int loops) {
    Log.GENERAL.log(Level.INFO, () -> "Listening on " + where(address) + ", " + carriers(loops));
    if (application.hasMounts() && !loop().customCarrier() && !warned) {
      warned = true;
      Log.GENERAL.log(
          Level.WARNING,
          "What is mounted shares the default scheduler with the loop, which waits while it"
              + " computes: --add-opens java.base/java.lang gives the loop a carrier of its own");
    }
  }

  private String where(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? scheme + host(inet.getAddress()) + ":" + inet.getPort()
        : "unix:" + address;
  }

  private static String host(InetAddress address) {
    if (address.isAnyLocalAddress()) {
      return "localhost";
    }
    var literal = address.getHostAddress();
    return address instanceof Inet6Address ? "[" + literal + "]" : literal;
  }

  private String carriers(int loops) {
    boolean custom = loop().customCarrier();
    if (loops == 1) {
      return "loop on " + (custom ? "a carrier of its own" : "the default scheduler");
    }
    return loops + " loops on " + (custom ? "carriers of their own" : "the default scheduler");
  }
}
