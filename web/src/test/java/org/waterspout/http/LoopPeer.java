// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.moment;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A server of one connection, on the loop of the client and between its turns. It never blocks: so
 * it can be told from a client that has not come to it that a client takes no more, and no time has
 * to pass for that.
 */
public final class LoopPeer implements AutoCloseable {
  private static final int TURNS = 20;

  private final ServerSocketChannel listening;
  private @Nullable SocketChannel channel; // after accept
  private byte[] piece = {}; // what is sent
  private int more; // how often
  private ByteBuffer rest = ByteBuffer.allocate(0); // of the one that is under way

  public LoopPeer() throws IOException {
    listening = ServerSocketChannel.open();
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    listening.configureBlocking(false);
  }

  public int port() {
    return listening.socket().getLocalPort();
  }

  /** Takes the connection, and reads a request's head. */
  public String acceptHead() throws IOException {
    while (channel == null) {
      channel = listening.accept();
      await(moment());
    }
    channel.configureBlocking(false);
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      head.writeBytes(exactly(1));
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  /** What comes. */
  public byte[] exactly(int count) throws IOException {
    var bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      assertThat(channel.read(bytes)).as("not the end").isNotNegative();
      await(moment());
    }
    return bytes.array();
  }

  /** Whether the client has neither sent more nor closed, though it has had the time. */
  public boolean quiet() throws IOException {
    turns();
    return channel.read(ByteBuffer.allocate(1)) == 0;
  }

  public void send(byte[] bytes) throws IOException {
    fill(bytes, 1);
    sendRest();
  }

  /** Lets the loop look at its sockets. */
  public static void turns() {
    for (int i = 0; i < TURNS; i++) {
      await(moment());
    }
  }

  /**
   * Sends this over and over, until the client takes no more in many turns of its loop.
   *
   * @return whether it is so, and not all has been sent
   */
  public boolean fill(byte[] bytes, int times) throws IOException {
    piece = bytes;
    more = times;
    for (int stuck = 0; stuck < TURNS && !sent(); ) {
      stuck = write() > 0 ? 0 : stuck + 1;
      await(moment());
    }
    return !sent();
  }

  /** Sends what has been left. */
  public void sendRest() throws IOException {
    while (!sent()) {
      var _ = write();
      await(moment());
    }
  }

  private boolean sent() {
    return more == 0 && !rest.hasRemaining();
  }

  private int write() throws IOException {
    if (!rest.hasRemaining()) {
      rest = ByteBuffer.wrap(piece);
      more--;
    }
    return channel.write(rest);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    if (channel != null) {
      channel.close();
    }
  }
}
