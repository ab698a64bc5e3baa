// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.waterspout.iostream.StreamEnds.utf8;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.RunningLoop;

/** Ending the output of a stream, and reading on. */
interface EndOutputContract extends TestedStream {
  @Test
  default void endsItsOutputAndReadsOn() throws Exception {
    ends().write(utf8("last words"));
    ends().running.run(() -> ends().stream.endOutput());
    assertThat(ends().in.readAllBytes()).asString().isEqualTo("last words");
    ends().send("an answer");
    assertThat(ends().read(stream -> stream.readBytes(9))).asString().isEqualTo("an answer");
  }

  @Test
  default void writesNothingAfterTheEndOfItsOutput() throws Exception {
    ends().running.run(() -> ends().stream.endOutput());
    assertThat(StreamEnds.failure(ends().write(utf8("more"))))
        .isInstanceOf(StreamClosedException.class);
  }

  @Test
  default void doesNotEndAnOutputThatIsStillQueued() throws Exception {
    var written = ends().write(new byte[4 << 20]);
    assertThat(written).isNotDone();
    ends()
        .running
        .run(
            () ->
                assertThatIllegalStateException()
                    .isThrownBy(() -> ends().stream.endOutput())
                    .withMessageContaining("all that was written"));
  }

  @Test
  default void aClosedStreamHasNoOutputToEnd() throws Exception {
    ends().running.run(ends().stream::close);
    ends().running.run(() -> ends().stream.endOutput());
    assertThat(ends().seesAnEnd()).isTrue();
  }

  @Test
  default void whatIsQueuedStillReachesAPeerThatHasEndedItsOutput() throws Exception {
    if (!ends().endsSeparately()) {
      return;
    }
    int size = 4 << 20;
    var reader = new RecordingReader(ends().stream, true);
    ends().running.run(() -> ends().stream.startReading(reader));
    var written = ends().write(new byte[size]);
    ends().endOutput();
    ends().until(ends().stream::inputEnded);
    assertThat(ends().running.call(ends().stream::closed)).isFalse();
    assertThat(ends().receive(size)).hasSize(size);
    RunningLoop.get(written.thenApply(x -> 0));
    RunningLoop.get(reader.closed);
    assertThat(ends().running.call(ends().stream::closed)).isTrue();
    assertThat(ends().running.call(ends().stream::error)).isNull();
  }

  @Test
  default void staysOpenBehindThePeersEndIfItsReaderWants() throws Exception {
    if (!ends().endsSeparately()) {
      return;
    }
    var ended = new CountDownLatch(1);
    var reader =
        new RecordingReader(ends().stream, true) {
          @Override
          public boolean inputEnded() {
            ended.countDown();
            return true;
          }
        };
    ends().running.run(() -> ends().stream.startReading(reader));
    ends().send("first\n");
    ends().endOutput();
    assertThat(reader.next()).isEqualTo("first");
    assertThat(ended.await(40, TimeUnit.SECONDS)).isTrue();
    assertThat(ends().running.call(ends().stream::inputEnded)).isTrue();
    RunningLoop.get(ends().write(utf8("an answer")).thenApply(x -> 0));
    assertThat(ends().receive(9)).asString().isEqualTo("an answer");
    assertThat(ends().running.call(ends().stream::closed)).isFalse();
    assertThat(reader.closed).isNotDone();

    ends().running.run(ends().stream::close);
    RunningLoop.get(reader.closed);
    assertThat(reader.events).containsExactly("proceed", "closed");
  }
}
