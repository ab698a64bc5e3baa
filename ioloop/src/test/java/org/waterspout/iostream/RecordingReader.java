// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Takes messages that end in a newline; delivers each from proceed, and goes on when told to. */
class RecordingReader implements StreamReader {
  final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
  final CompletableFuture<Void> closed = new CompletableFuture<>();
  final List<String> events = new ArrayList<>();
  private final BaseIOStream stream;
  private final boolean resumesItself;
  private String message = "";

  RecordingReader(BaseIOStream stream, boolean resumesItself) {
    this.stream = stream;
    this.resumesItself = resumesItself;
  }

  @Override
  public boolean received(ByteBuffer in) {
    for (int i = in.position(); i < in.limit(); i++) {
      if (in.get(i) == '\n') {
        message = text(in, i - in.position());
        in.get();
        return true;
      }
    }
    return false;
  }

  static String text(ByteBuffer in, int length) {
    var bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void proceed() {
    events.add("proceed");
    messages.add(message);
    if (resumesItself) {
      stream.resumeReading();
    }
  }

  @Override
  public void closed() {
    events.add("closed");
    closed.complete(null);
  }

  String next() throws InterruptedException {
    return messages.poll(40, TimeUnit.SECONDS);
  }
}
