// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/** Output that waits for the transport. */
final class WriteBufferTest {
  @Test
  void whoWritesAgainWhenAPieceIsDoneDoesNotSendTheNextOneTwice() throws Exception {
    var sent = new ByteArrayOutputStream();
    var channel = new PlainTransport(null, Channels.newChannel(sent));
    try (var loop = new IOLoop()) {
      loop.runSync(
          Duration.ofSeconds(40),
          () -> {
            var out = ByteBuffer.allocateDirect(100);
            var buffer = new WriteBuffer();
            var first = new LoopFuture<Void>(loop);
            var third = new LoopFuture<Void>(loop);
            buffer.add(bytes("one "), first);
            buffer.add(bytes("two "), new LoopFuture<>(loop));
            var _ =
                CompletableFuture.allOf(first)
                    .thenRun(
                        () -> {
                          buffer.add(bytes("three"), third);
                          write(buffer, channel, out);
                        });
            write(buffer, channel, out);
            return await(third);
          });
    }
    assertThat(sent.toString(StandardCharsets.US_ASCII)).isEqualTo("one two three");
  }

  private static void write(WriteBuffer buffer, Transport channel, ByteBuffer out) {
    try {
      buffer.writeTo(channel, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
