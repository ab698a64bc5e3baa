// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;

class BodyStreamTest {
  private final IOLoop loop = new IOLoop();
  private final Body body = new Body(loop, 1000);
  private final BodyStream stream = new BodyStream(body, new NoCallbacks());

  private record NoCallbacks() implements StreamCallbacks {
    @Override
    public void checkListening(String call) {
      throw new IllegalStateException(call);
    }

    @Override
    public void due() {
      throw new IllegalStateException("nobody listens");
    }

    @Override
    public void failed(Throwable reason) {
      throw new IllegalStateException(reason);
    }
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private byte[] arrives(String text) throws Exception {
    byte[] piece = text.getBytes(StandardCharsets.US_ASCII);
    loop.runSync(() -> body.offer(piece));
    return piece;
  }

  private void ends() throws Exception {
    loop.runSync(
        () -> {
          body.end();
          return true;
        });
  }

  @Test
  void doesNotCopyABodyThatHasComeInOnePiece() throws Exception {
    byte[] piece = arrives("all of it");
    ends();

    assertThat(stream.readAllBytes()).isSameAs(piece);
    assertThat(stream.readAllBytes()).isEmpty();
    assertThat(stream.read()).isEqualTo(-1);
    assertThat(stream.isFinished()).isTrue();
  }

  @Test
  void readsAllThatIsLeftOfSeveralPieces() throws Exception {
    arrives("one ");
    arrives("two ");
    arrives("three");
    ends();

    assertThat(stream.read()).isEqualTo('o');
    assertThat(stream.readAllBytes()).asString().isEqualTo("ne two three");
    assertThat(stream.readAllBytes()).isEmpty();
  }

  @Test
  void readsAllThatIsLeftOfOnePiece() throws Exception {
    arrives("one");
    ends();

    assertThat(stream.readNBytes(2)).asString().isEqualTo("on");
    assertThat(stream.readAllBytes()).asString().isEqualTo("e");
  }

  @Test
  void readsNothingOfNothing() throws Exception {
    ends();

    assertThat(stream.readAllBytes()).isEmpty();
  }

  @Test
  void doesNotTakeABodyThatIsCutForAWholeOne() throws Exception {
    arrives("the beginning");
    body.fail();

    assertThatThrownBy(stream::readAllBytes).isInstanceOf(ClientGoneException.class);
  }
}
