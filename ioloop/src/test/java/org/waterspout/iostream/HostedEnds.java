// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.waterspout.ioloop.RunningLoop;

/** Over a socket that a thread of the host's own watches. */
final class HostedEnds extends StreamEnds {
  private final Socket peer;
  private final Host host;

  private HostedEnds(RunningLoop running, SocketPair sockets, Host host, StreamLimits limits)
      throws Exception {
    super(
        running,
        running.call(() -> new HostedIOStream(host, limits)),
        sockets.peer().getInputStream(),
        sockets.peer().getOutputStream(),
        sockets.channel());
    this.peer = sockets.peer();
    this.host = host;
  }

  static HostedEnds open(StreamLimits limits) throws Exception {
    var sockets = SocketPair.open();
    return new HostedEnds(new RunningLoop(), sockets, new Host(sockets.channel()), limits);
  }

  @Override
  void endOutput() throws IOException {
    peer.shutdownOutput();
  }

  @Override
  void vanish() throws IOException {
    if (!peer.isClosed()) {
      SocketPair.reset(peer);
    }
  }

  @Override
  public void close() throws Exception {
    try {
      super.close();
    } finally {
      host.selector.close();
    }
  }

  /** Watches a channel. It keeps one write at most, as hosts do. */
  private static final class Host implements HostedConnection {
    private final SocketChannel channel;
    private final Selector selector = Selector.open();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>(); // of the thread below
    private final Runnable[] waiting = new Runnable[2]; // in its hands: for input, for room
    private ByteBuffer kept = ByteBuffer.allocate(0);

    Host(SocketChannel channel) throws IOException {
      this.channel = channel;
      channel.configureBlocking(false);
      var key = channel.register(selector, 0);
      Thread.ofVirtual().start(() -> run(key));
    }

    private void run(SelectionKey key) {
      try {
        while (selector.isOpen()) {
          for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
          }
          if (key.isValid()) {
            key.interestOps(interest());
          }
          selector.select();
          tell(key);
        }
      } catch (ClosedSelectorException e) {
        // the test is over
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private int interest() {
      return (waiting[0] == null ? 0 : SelectionKey.OP_READ)
          | (waiting[1] == null ? 0 : SelectionKey.OP_WRITE);
    }

    private void tell(SelectionKey key) {
      int ready = key.isValid() ? key.readyOps() : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
      int[] ops = {SelectionKey.OP_READ, SelectionKey.OP_WRITE};
      for (int i = 0; i < ops.length; i++) {
        var task = waiting[i];
        if (task != null && (ready & ops[i]) != 0) {
          waiting[i] = null;
          task.run();
        }
      }
      selector.selectedKeys().clear();
    }

    private void await(int which, Runnable ready) {
      tasks.add(() -> waiting[which] = ready);
      selector.wakeup();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      return channel.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      if (!flush() || !from.hasRemaining()) {
        return 0;
      }
      int before = from.remaining();
      channel.write(from);
      int length = Math.min(1024, from.remaining());
      if (length > 0) {
        kept = ByteBuffer.allocate(length).put(from.slice().limit(length)).flip();
        from.position(from.position() + length);
      }
      return before - from.remaining();
    }

    @Override
    public boolean flush() throws IOException {
      if (kept.hasRemaining()) {
        channel.write(kept);
      }
      return !kept.hasRemaining();
    }

    @Override
    public void whenReadable(Runnable ready) {
      await(0, ready);
    }

    @Override
    public void whenWritable(Runnable ready) {
      await(1, ready);
    }

    @Override
    public void endOutput() throws IOException {
      channel.shutdownOutput();
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      selector.wakeup(); // which takes the channel from its hands
    }
  }
}
