// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.iostream.StreamEnds.failure;
import static org.waterspout.iostream.StreamEnds.utf8;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.ioloop.RunningLoop;

/** What is special about pipes, and what is left of a stream that was closed. */
class PipeIOStreamTest {
  private RunningLoop running;

  @BeforeEach
  void begin() throws Exception {
    running = new RunningLoop();
  }

  @AfterEach
  void end() throws Exception {
    running.close();
  }

  @Test
  void streamsOverTheTwoEndsOfOnePipeTalk() throws Exception {
    var pipe = Pipe.open();
    var source = running.call(() -> new PipeIOStream(pipe.source()));
    var sink = running.call(() -> new PipeIOStream(pipe.sink()));
    var read = running.call(() -> source.readUntilClose());
    var written = running.call(() -> sink.write(new byte[1_000_000]));
    get(written);
    running.run(sink::close);
    assertThat(get(read)).hasSize(1_000_000);
    running.assertNothingLeft();
  }

  @Test
  void anEndToReadFromTakesNoWrites() throws Exception {
    var pipe = Pipe.open();
    var source = running.call(() -> new PipeIOStream(pipe.source()));
    assertThat(failure(running.call(() -> source.write(utf8("x")))))
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void anEndToWriteToHasNothingToRead() throws Exception {
    var pipe = Pipe.open();
    var sink = running.call(() -> new PipeIOStream(pipe.sink()));
    assertThat(failure(running.call(() -> sink.readBytes(1))))
        .hasCauseInstanceOf(IOException.class);
    pipe.source().close();
  }

  @Test
  void aReaderThatIsGoneFailsTheNextWrite() throws Exception {
    var pipe = Pipe.open();
    var sink = running.call(() -> new PipeIOStream(pipe.sink()));
    pipe.source().close();
    assertThat(failure(running.call(() -> sink.write(utf8("x")))))
        .hasCauseInstanceOf(IOException.class);
    assertThat(running.call(sink::closed)).isTrue();
  }

  @Test
  void aReaderThatGoesWhileOutputIsQueuedIsNoticed() throws Exception {
    var pipe = Pipe.open();
    var sink = running.call(() -> new PipeIOStream(pipe.sink()));
    var written = running.call(() -> sink.write(new byte[1_000_000]));
    running.turns(3);
    assertThat(written).isNotDone();
    pipe.source().close();
    assertThat(failure(written))
        .isInstanceOf(StreamClosedException.class)
        .hasCauseInstanceOf(IOException.class);
    running.assertNothingLeft();
  }

  /** As a process does that has no use for its input. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReaderThatIsGoneLeavesWhatTheOtherPipeBrings(boolean streamed) throws Exception {
    var in = Pipe.open();
    var out = Pipe.open();
    var stream =
        running.call(() -> new PipeIOStream(in.source(), out.sink(), StreamLimits.DEFAULT));
    var text = new StringBuilder();
    var read =
        running.call(
            () ->
                streamed
                    ? stream.readUntilClose(bytes -> text.append(new String(bytes, UTF_8)))
                    : stream
                        .readUntilClose()
                        .thenAccept(bytes -> text.append(new String(bytes, UTF_8))));
    out.source().close();
    assertThat(failure(running.call(() -> stream.write(utf8("x")))))
        .hasCauseInstanceOf(IOException.class);
    in.sink().write(ByteBuffer.wrap(utf8("all ")));
    running.turns(3);
    assertThat(running.call(stream::closed)).isFalse();
    in.sink().write(ByteBuffer.wrap(utf8("of it")));
    in.sink().close();
    get(read);
    assertThat(text.toString()).isEqualTo("all of it");
    running.until(stream::closed);
    assertThat(running.call(stream::inputEnded)).isTrue();
    running.assertNothingLeft();
  }

  @Test
  void aClosedStreamIsCollected() throws Exception {
    var weak = usedAndClosed();
    for (int i = 0; i < 200 && weak.get() != null; i++) {
      System.gc();
      running.turns(3);
    }
    assertThat(weak.get()).isNull();
  }

  private WeakReference<BaseIOStream> usedAndClosed() throws Exception {
    var pipe = Pipe.open();
    var weak =
        running.call(
            () -> {
              var stream = new PipeIOStream(pipe.source());
              stream.setCloseCallback(() -> {});
              return new WeakReference<BaseIOStream>(stream);
            });
    var read = running.call(() -> weak.get() == null ? null : weak.get().readBytes(10));
    pipe.sink().write(ByteBuffer.wrap(utf8("some")));
    pipe.sink().close();
    assertThat(failure(read)).isInstanceOf(StreamClosedException.class);
    return weak;
  }
}
