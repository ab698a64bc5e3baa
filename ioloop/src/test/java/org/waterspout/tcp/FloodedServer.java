// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.lang.System.Logger.Level;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;

/** An echo server for a process with few descriptors. Prints its port. */
final class FloodedServer {
  private FloodedServer() {}

  public static void main(String[] args) throws Exception {
    var server = HandlerServer.echoOn(IOLoop.instance());
    server.listen(0, "127.0.0.1");
    Log.GENERAL.log(Level.INFO, "opens what the JDK needs for logging, as any start-up does");
    System.out.println(server.port());
    IOLoop.instance().start();
  }
}
