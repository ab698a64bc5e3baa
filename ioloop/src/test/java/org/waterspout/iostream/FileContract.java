// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.iostream.StreamEnds.failure;
import static org.waterspout.iostream.StreamEnds.utf8;
import static org.waterspout.iostream.StreamPair.pattern;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.LoopFuture;

/** Writes of what is in files. */
interface FileContract extends TestedStream {
  int SIZE = 3_000_000;

  /** A file of {@link #SIZE} bytes of the pattern, which is gone once it is closed. */
  private static FileChannel file(OpenOption... options) throws IOException {
    Path path = Files.write(Files.createTempFile("stream", ".bin"), pattern(SIZE));
    try {
      return FileChannel.open(path, options.length > 0 ? options : readOnly());
    } finally {
      Files.delete(path); // what is open stays
    }
  }

  private static OpenOption[] readOnly() {
    return new OpenOption[] {StandardOpenOption.READ};
  }

  @Test
  default void aWholeFileArrives() throws Exception {
    try (var file = file()) {
      var written = ends().with(s -> s.writeFile(file, 0, SIZE));
      ends().running.turns(10);
      assertThat(written).isNotDone();
      assertThat(ends().with(BaseIOStream::writeQueueSize)).isBetween(1L, (long) SIZE);
      assertThat(ends().receive(SIZE)).isEqualTo(pattern(SIZE));
      get(written);
      assertThat(file.position()).as("the channel's own place").isZero();
    }
  }

  @Test
  default void partsOfAFileAndBytesKeepTheirOrder() throws Exception {
    try (var file = file()) {
      var last =
          ends()
              .with(
                  s -> {
                    var _ = s.write(utf8("head "));
                    var _ = s.writeFile(file, 100, 50);
                    var _ = s.writeFile(file, 7, 0);
                    var _ = s.write(pattern(500_000));
                    var _ = s.writeFile(file, 1_000_000, 2_000_000);
                    return s.write(utf8(" tail"));
                  });
      assertThat(ends().receive(5)).asString().isEqualTo("head ");
      assertThat(ends().receive(50)).isEqualTo(Arrays.copyOfRange(pattern(SIZE), 100, 150));
      assertThat(ends().receive(500_000)).isEqualTo(pattern(500_000));
      assertThat(ends().receive(2_000_000))
          .isEqualTo(Arrays.copyOfRange(pattern(SIZE), 1_000_000, SIZE));
      assertThat(ends().receive(5)).asString().isEqualTo(" tail");
      get(last);
    }
  }

  @Test
  default void nothingOfAFileIsDoneAtOnce() throws Exception {
    try (var file = file()) {
      var written = ends().with(s -> s.writeFile(file, SIZE + 5, 0));
      assertThat(written).isDone();
    }
  }

  @Test
  default void aFileTakesNoRoomInTheWriteBuffer() throws Exception {
    var pair = open(StreamLimits.DEFAULT.withMaxWriteBufferSize(10));
    try (var file = file()) {
      var written = pair.with(s -> s.writeFile(file, 0, SIZE));
      var more = pair.with(s -> s.write(new byte[10]));
      pair.receive(SIZE + 10);
      get(written);
      get(more);
    }
  }

  @Test
  default void aFileThatIsShorterThanWasSaidClosesTheStream() throws Exception {
    try (var file = file()) {
      var written = ends().with(s -> s.writeFile(file, 0, SIZE + 1));
      assertThat(ends().receive(SIZE / 2)).isEqualTo(Arrays.copyOf(pattern(SIZE), SIZE / 2));
      var rest = StreamEnds.inThread(() -> ends().in.readAllBytes());
      assertThat(failure(written))
          .isInstanceOf(StreamClosedException.class)
          .hasCauseInstanceOf(EOFException.class);
      int more = get(rest.handle((bytes, failure) -> bytes == null ? 0 : bytes.length));
      assertThat(more).isLessThanOrEqualTo(SIZE / 2);
      assertThat(file.isOpen()).as("it is the caller's").isTrue();
    }
  }

  @Test
  default void aFileThatIsCutWhileItIsWrittenClosesTheStream() throws Exception {
    try (var file = file(StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      var written = ends().with(s -> s.writeFile(file, 0, SIZE));
      ends().running.run(() -> file.truncate(0));
      var read = StreamEnds.inThread(() -> ends().in.readAllBytes());
      assertThat(failure(written)).hasCauseInstanceOf(EOFException.class);
      var _ = read.handle((bytes, failure) -> 0).get();
    }
  }

  @Test
  default void aFileThatIsClosedWhileItIsWrittenClosesTheStream() throws Exception {
    LoopFuture<Void> written;
    try (var file = file()) {
      written = ends().with(s -> s.writeFile(file, 0, SIZE));
      ends().running.turns(3);
    }
    var read = StreamEnds.inThread(() -> ends().in.readAllBytes());
    assertThat(failure(written))
        .isInstanceOf(StreamClosedException.class)
        .hasCauseInstanceOf(ClosedChannelException.class);
    var _ = read.handle((bytes, failure) -> 0).get();
  }

  @Test
  default void aFileThatIsNotOpenForReadingClosesTheStream() throws Exception {
    try (var file = file(StandardOpenOption.WRITE)) {
      assertThat(failure(ends().with(s -> s.writeFile(file, 0, 10))))
          .isInstanceOf(StreamClosedException.class)
          .hasCauseInstanceOf(IOException.class);
      assertThat(ends().with(BaseIOStream::closed)).isTrue();
    }
  }

  @Test
  default void aPeerThatVanishesFailsTheFile() throws Exception {
    try (var file = file()) {
      var written = ends().with(s -> s.writeFile(file, 0, SIZE));
      ends().vanish();
      assertThat(failure(written))
          .isInstanceOf(StreamClosedException.class)
          .hasCauseInstanceOf(IOException.class);
    }
  }

  @Test
  default void aClosedStreamTakesNoFile() throws Exception {
    try (var file = file()) {
      ends().running.run(ends().stream::close);
      for (int count : new int[] {0, 10}) {
        assertThat(failure(ends().with(s -> s.writeFile(file, 0, count))))
            .isInstanceOf(StreamClosedException.class);
      }
    }
  }

  @Test
  default void aSenselessRangeIsRefused() throws Exception {
    try (var file = file()) {
      ends()
          .running
          .run(
              () -> {
                assertThatIllegalArgumentException()
                    .isThrownBy(() -> ends().stream.writeFile(file, -1, 1));
                assertThatIllegalArgumentException()
                    .isThrownBy(() -> ends().stream.writeFile(file, 0, -1));
              });
    }
  }

  @Test
  default void anInterruptOfTheCallerIsKeptAndClosesNoFile() throws Exception {
    try (var file = file()) {
      var written =
          ends()
              .with(
                  s -> {
                    Thread.currentThread().interrupt();
                    var future = s.writeFile(file, 0, SIZE);
                    assertThat(Thread.interrupted()).isTrue();
                    return future;
                  });
      var received = ends().receiving(SIZE);
      get(written);
      assertThat(get(received)).hasSize(SIZE).isEqualTo(pattern(SIZE));
      assertThat(file.isOpen()).isTrue();
    }
  }
}
