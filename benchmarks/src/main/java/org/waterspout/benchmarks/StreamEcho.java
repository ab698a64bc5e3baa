// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import static org.waterspout.gen.Gen.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopClosedException;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.iostream.StreamReader;

/** Echo by streams of a loop. */
final class StreamEcho implements AutoCloseable {
  private final IOLoop loop = BenchmarkLoop.openAndStart();

  private StreamEcho() {}

  /** Each stream's reader writes what it is given. */
  static StreamEcho push(List<SocketChannel> channels) {
    var server = new StreamEcho();
    for (var channel : channels) {
      server.loop.addCallback(() -> startReading(channel));
    }
    return server;
  }

  private static void startReading(SocketChannel channel) {
    try {
      var stream = new IOStream(channel);
      stream.startReading(new EchoReader(stream));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For each stream a callback that awaits messages. */
  static StreamEcho pull(List<SocketChannel> channels) {
    var server = new StreamEcho();
    for (var channel : channels) {
      server.loop.addCallback(() -> echoUntilClosed(channel));
    }
    return server;
  }

  private static void echoUntilClosed(SocketChannel channel) {
    try {
      var stream = new IOStream(channel);
      while (true) {
        var message = await(stream.readBytes(EchoClients.MESSAGE_SIZE));
        await(stream.write(message));
      }
    } catch (StreamClosedException | LoopClosedException expected) {
      // the end of the measurement
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    loop.close();
  }

  private record EchoReader(IOStream stream) implements StreamReader {
    @Override
    public boolean received(ByteBuffer in) {
      if (stream.writeQueueSize() != 0) {
        throw new IllegalStateException("the transport did not take a message of a few bytes");
      }
      var _ = stream.write(in);
      return false;
    }

    @Override
    public void proceed() {}

    @Override
    public void closed() {}
  }
}
