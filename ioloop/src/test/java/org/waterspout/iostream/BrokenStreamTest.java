// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.withTimeout;
import static org.waterspout.ioloop.RunningLoop.DEADLINE;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.iostream.StreamEnds.failure;
import static org.waterspout.iostream.StreamEnds.utf8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;

/** A connection that takes no more, while something that the peer has said before is unread. */
class BrokenStreamTest {
  /** A socket, whose output breaks when the test says so. */
  private static final class Breaking implements Transport {
    private final SocketChannel channel;
    private final Transport whole;
    boolean broken;
    boolean full;

    Breaking(SocketChannel channel) {
      this.channel = channel;
      this.whole = new PlainTransport(channel, channel);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      return channel.read(into);
    }

    @Override
    public boolean hasInput() {
      return true;
    }

    @Override
    public boolean hasMore() {
      return false;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      throwIfBroken();
      return full ? 0 : whole.write(from);
    }

    @Override
    public long write(FileChannel file, long position, long count, ByteBuffer out)
        throws IOException {
      throwIfBroken();
      return whole.write(file, position, count, out);
    }

    private void throwIfBroken() throws IOException {
      if (broken) {
        throw new IOException("the pipe is broken");
      }
    }

    @Override
    public boolean flush() {
      return true;
    }

    @Override
    public boolean handshaking() {
      return false;
    }

    @Override
    public int interest(int wanted) {
      return wanted;
    }

    @Override
    public void endOutput() throws IOException {
      whole.endOutput();
    }

    @Override
    public void close(boolean orderly) throws IOException {
      whole.close(orderly);
    }
  }

  private RunningLoop running;
  private SocketPair sockets;
  private Breaking transport;
  private IOStream stream;

  @BeforeEach
  void connect() throws Exception {
    running = new RunningLoop();
    sockets = SocketPair.open();
    transport = new Breaking(sockets.channel());
    stream = call(() -> new IOStream(sockets.channel(), StreamLimits.DEFAULT, transport));
  }

  @AfterEach
  void close() throws Exception {
    running.run(stream::close);
    running.assertNothingLeft();
    running.close();
    sockets.peer().close();
  }

  private <T> T call(Callable<T> body) throws Exception {
    return running.call(body);
  }

  private void send(String text) throws IOException {
    sockets.peer().getOutputStream().write(utf8(text));
  }

  /** A write that finds the connection broken. */
  private LoopFuture<Void> breakOff() throws Exception {
    return call(
        () -> {
          transport.broken = true;
          return stream.write(utf8("x"));
        });
  }

  private void isBroken(LoopFuture<?> future) throws Exception {
    assertThat(failure(future)).isInstanceOf(StreamClosedException.class);
    assertThat(failure(future)).cause().hasMessage("the pipe is broken");
  }

  private RecordingReader reader(boolean takesAll) throws Exception {
    var reader =
        new RecordingReader(stream, false) {
          @Override
          public boolean takesAll() {
            return takesAll;
          }
        };
    running.run(() -> stream.startReading(reader));
    return reader;
  }

  @Test
  void aReadThatIsUnderWayGetsWhatThePeerStillSends() throws Exception {
    var read = call(() -> stream.readBytes(6));
    isBroken(breakOff());
    assertThat(call(stream::closed)).isFalse();
    isBroken(call(() -> stream.write(utf8("y"))));
    isBroken(call(() -> stream.write(ByteBuffer.wrap(utf8("y")), ByteBuffer.wrap(utf8("z")))));
    send("answer");
    assertThat(get(read)).asString().isEqualTo("answer");
    sockets.peer().close();
    running.until(stream::closed);
    assertThat(call(stream::error)).hasMessage("the pipe is broken");
  }

  @Test
  void allWritesThatWaitFail() throws Exception {
    var read = call(() -> stream.readBytes(6));
    transport.full = true;
    var waiting = call(() -> stream.write(utf8("first")));
    var behind = call(() -> stream.write(utf8("second")));
    assertThat(call(stream::writing)).isTrue();
    running.run(() -> transport.broken = true);
    isBroken(waiting);
    isBroken(behind);
    assertThat(call(stream::writing)).isFalse();
    send("answer");
    assertThat(get(read)).hasSize(6);
  }

  @Test
  void whatIsNoOrderlyEndDoesNotLookLikeOne() throws Exception {
    var read = call(() -> stream.readUntilClose());
    isBroken(breakOff());
    send("cut, maybe");
    sockets.peer().close();
    isBroken(read);
    assertThat(call(stream::inputEnded)).isFalse();
    assertThat(get(call(() -> stream.readBytes(10)))).asString().isEqualTo("cut, maybe");
  }

  @Test
  void anEndThatCameBeforeIsOne() throws Exception {
    var first = call(() -> stream.readBytes(1));
    send("whole");
    sockets.peer().shutdownOutput();
    get(first);
    running.until(stream::inputEnded);
    isBroken(breakOff());
    running.until(stream::closed);
    assertThat(get(call(() -> stream.readUntilClose()))).asString().isEqualTo("hole");
  }

  @Test
  void itClosesAtOnceIfNobodyReads() throws Exception {
    isBroken(breakOff());
    assertThat(call(stream::closed)).isTrue();
  }

  @Test
  void aReaderIsToldAtOnceUnlessItTakesAll() throws Exception {
    var reader = reader(false);
    send("one\ntwo\n");
    assertThat(reader.next()).isEqualTo("one");
    isBroken(breakOff());
    assertThat(call(stream::closed)).isTrue();
    get(reader.closed);
  }

  @Test
  void aReaderThatTakesAllIsToldBehindTheEnd() throws Exception {
    var reader = reader(true);
    send("one\ntwo\n");
    assertThat(reader.next()).isEqualTo("one");
    isBroken(breakOff());
    send("three\n");
    sockets.peer().close();
    for (var expected : new String[] {"two", "three"}) {
      assertThat(call(stream::closed)).isFalse();
      assertThat(reader.closed).isNotDone();
      running.run(stream::resumeReading);
      assertThat(reader.next()).isEqualTo(expected);
    }
    get(reader.closed);
    assertThat(call(stream::error)).hasMessage("the pipe is broken");
    assertThat(call(stream::inputEnded)).isFalse();
  }

  @Test
  void aResetLeavesAReaderThatTakesAllWhatHasArrived() throws Exception {
    var reader = reader(true);
    send("one\ntwo\nthree\n");
    assertThat(reader.next()).isEqualTo("one");
    running.until(() -> stream.input.rest().size() == 10);
    SocketPair.reset(sockets.peer());
    running.until(() -> stream.error() != null);
    assertThat(reader.closed).isNotDone();
    assertThat(failure(call(() -> stream.write(utf8("x")))))
        .isInstanceOf(StreamClosedException.class);
    for (var expected : new String[] {"two", "three"}) {
      running.run(stream::resumeReading);
      assertThat(reader.next()).isEqualTo(expected);
    }
    get(reader.closed);
    assertThat(call(stream::closed)).isTrue();
  }

  @Test
  void aFileThatEndsTooSoonClosesThoughSomebodyReads() throws Exception {
    var path = Files.write(Files.createTempFile("stream", ".bin"), new byte[10]);
    try (var file = FileChannel.open(path)) {
      var read = call(() -> stream.readBytes(6));
      var written = call(() -> stream.writeFile(file, 0, 20));
      assertThat(failure(written)).isInstanceOf(StreamClosedException.class);
      assertThat(failure(read)).isInstanceOf(StreamClosedException.class);
      assertThat(call(stream::closed)).isTrue();
    } finally {
      Files.delete(path);
    }
  }

  @Test
  void itClosesBehindAReadThatNoOtherFollows() throws Exception {
    var told = new LoopFuture<Void>(running.loop);
    var read = call(() -> stream.readBytes(10));
    running.run(() -> stream.setCloseCallback(() -> told.complete(null)));
    isBroken(breakOff());
    var sending =
        StreamEnds.inThread(
            () -> { // more than is read ahead: its end is never seen
              sockets.peer().getOutputStream().write(new byte[1_000_000]);
              return 0;
            });
    assertThat(get(read)).hasSize(10);
    get(told);
    assertThat(call(stream::closed)).isTrue();
    get(sending.handle((value, failure) -> 0)); // it is not held back for ever
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneReadRightAfterTheOtherGetsAll(boolean limited) throws Exception {
    var reading =
        running.loop.spawn(
            () -> {
              var count = 0;
              try {
                while (true) {
                  var read = stream.readBytes(1000);
                  count += await(limited ? withTimeout(DEADLINE, read) : read).length;
                }
              } catch (StreamClosedException e) {
                return count;
              }
            });
    running.until(stream::reading);
    isBroken(breakOff());
    sockets.peer().getOutputStream().write(new byte[300_000]);
    sockets.peer().close();
    assertThat(get(reading)).isEqualTo(300_000);
    assertThat(call(stream::closed)).isTrue();
  }

  @Test
  void itClosesBehindAReadThatIsCancelled() throws Exception {
    var read = call(() -> stream.readBytes(10));
    isBroken(breakOff());
    running.run(() -> read.cancel(false));
    running.until(stream::closed);
  }

  @Test
  void itClosesWhenAWriteIsRefusedAndItsReaderTakesNoMore() throws Exception {
    var takesAll = new AtomicBoolean(true);
    var reader =
        new RecordingReader(stream, false) {
          @Override
          public boolean takesAll() {
            return takesAll.get();
          }
        };
    running.run(() -> stream.startReading(reader));
    send("one\n");
    assertThat(reader.next()).isEqualTo("one");
    isBroken(breakOff());
    isBroken(call(() -> stream.write(utf8("y"))));
    running.turns(5);
    assertThat(call(stream::closed)).isFalse();
    takesAll.set(false);
    isBroken(call(() -> stream.write(utf8("z"))));
    get(reader.closed);
    assertThat(call(stream::closed)).isTrue();
  }

  @Test
  void itClosesThoughAReaderThatDoesNotTakeAllFollowsTheRead() throws Exception {
    var read = call(() -> stream.readBytes(6));
    isBroken(breakOff());
    var reader = new RecordingReader(stream, false);
    var followed =
        running.loop.spawn(
            () -> {
              await(read);
              stream.startReading(reader);
              return 0;
            });
    send("answer");
    get(followed);
    get(reader.closed);
    assertThat(call(stream::closed)).isTrue();
  }

  @Test
  void neitherEndsItsOutputNorIsLentAnyMore() throws Exception {
    var read = call(() -> stream.readBytes(6));
    isBroken(breakOff());
    running.run(stream::endOutput);
    assertThat(call(stream::lendWriteSide)).isNull();
    assertThat(call(stream::closed)).isFalse();
    running.run(stream::close);
    isBroken(read);
  }
}
