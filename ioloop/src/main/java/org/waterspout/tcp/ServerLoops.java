// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopLocal;
import org.waterspout.log.Log;

/**
 * The further loops of the servers of one loop, each on a platform thread of its own. They end when
 * that loop is closed. An error of the virtual machine that stops one stops that loop too.
 */
final class ServerLoops implements AutoCloseable {
  static final LoopLocal<ServerLoops> OF_LOOP = new LoopLocal<>(ServerLoops::new);

  private final IOLoop owner;
  private final List<IOLoop> loops = new ArrayList<>();

  private ServerLoops(IOLoop owner) {
    this.owner = owner;
  }

  /** Starts one more loop. */
  IOLoop startOne() {
    var loop = new IOLoop();
    loops.add(loop);
    // A daemon: the process lives as long as somebody runs the server's own loop.
    var _ =
        Thread.ofPlatform()
            .daemon()
            .inheritInheritableThreadLocals(false)
            .name("waterspout-server-" + loops.size())
            .start(() -> run(loop));
    return loop;
  }

  private void run(IOLoop loop) {
    try {
      loop.start();
    } catch (IllegalStateException closed) { // before it began
      Log.GENERAL.log(Level.DEBUG, "a loop of a server was not started", closed);
    } catch (VirtualMachineError e) {
      Log.GENERAL.log(Level.ERROR, "a loop of a server ended", e);
      owner.addCallback(
          () -> {
            throw e;
          });
    }
  }

  @Override
  public void close() {
    loops.forEach(loop -> loop.close(true));
    loops.clear();
  }
}
