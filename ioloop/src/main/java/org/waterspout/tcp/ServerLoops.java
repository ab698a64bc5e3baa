// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopClosedException;
import org.waterspout.ioloop.LoopLocal;
import org.waterspout.log.Log;

/**
 * The further loops of the servers of one loop, each on a platform thread of its own.
 *
 * <p>They are made, {@link #run run}, and closed with that loop. One that ends before is closed at
 * once with all it has open, and if an error of the virtual machine ended it, the owner stops too.
 * From any thread.
 */
final class ServerLoops implements AutoCloseable {
  static final LoopLocal<ServerLoops> OF_LOOP = new LoopLocal<>(ServerLoops::new);

  private final IOLoop owner;
  private final List<IOLoop> loops = new ArrayList<>(); // guarded by itself
  private boolean closed; // guarded by loops

  private ServerLoops(IOLoop owner) {
    this.owner = owner;
  }

  /** Makes loops, which do not run yet: {@link #run} or {@link #discard} them. */
  List<IOLoop> make(int count) {
    var made = new ArrayList<IOLoop>();
    try {
      while (made.size() < count) {
        made.add(makeOne());
      }
      return made;
    } catch (Throwable e) { // there may be no descriptors left
      discard(made);
      throw e;
    }
  }

  private IOLoop makeOne() {
    var loop = new IOLoop();
    synchronized (loops) {
      if (!closed) {
        loops.add(loop);
        return loop;
      }
    }
    loop.close();
    throw new LoopClosedException(owner + " was closed: nobody would close a further loop");
  }

  void run(List<IOLoop> made) {
    for (var loop : made) {
      // A daemon: the process lives as long as somebody runs the server's own loop.
      var _ =
          Thread.ofPlatform()
              .daemon()
              .inheritInheritableThreadLocals(false)
              .name("starter of " + loop)
              .start(() -> run(loop));
    }
  }

  private void run(IOLoop loop) {
    @Nullable Throwable failure = null;
    try {
      loop.start();
    } catch (Throwable e) {
      failure = e;
    }
    if (!release(loop)) {
      return; // somebody closes it, and wanted it to end
    }
    try {
      logEnd(failure);
      loop.close(true);
    } finally {
      tell(failure);
    }
  }

  private static void logEnd(@Nullable Throwable failure) {
    if (failure == null) {
      Log.GENERAL.log(Level.WARNING, "a loop of a server was stopped, and is closed");
    } else {
      Log.GENERAL.log(Level.ERROR, "a loop of a server ended", failure);
    }
  }

  private void tell(@Nullable Throwable failure) {
    if (failure != null) {
      owner.addCallback(() -> IOLoop.rethrowIfFatal(failure));
    }
  }

  /** Closes loops whose server cannot start. */
  void discard(List<IOLoop> made) {
    for (var loop : made) {
      if (release(loop)) {
        loop.close(true);
      }
    }
  }

  /** Whether the caller is the one who has to close it. */
  private boolean release(IOLoop loop) {
    synchronized (loops) {
      return loops.remove(loop);
    }
  }

  @Override
  public void close() {
    List<IOLoop> left;
    synchronized (loops) {
      closed = true;
      left = List.copyOf(loops);
      loops.clear();
    }
    left.forEach(loop -> loop.close(true));
  }
}
