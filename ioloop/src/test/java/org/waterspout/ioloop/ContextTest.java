// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContextTest {
  private final List<String> routed = new ArrayList<>();
  private RunningLoop running;
  private IOLoop loop;

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop();
    loop = running.loop;
  }

  @AfterEach
  void close() throws Exception {
    running.close();
  }

  private Context routing() {
    return loop.context().withErrorRoute(e -> routed.add(e.getMessage()));
  }

  private static Runnable failing(String message) {
    return () -> {
      throw new IllegalStateException(message);
    };
  }

  @Test
  void theErrorRouteTakesWhatIsThrownByAllThatWasStoredWithin() throws Exception {
    var pipe = Pipe.open();
    pipe.source().configureBlocking(false);
    try (var log = LogCapture.application()) {
      running.run(
          () -> {
            routing()
                .run(
                    () -> {
                      loop.addCallback(failing("callback"));
                      loop.callLater(Duration.ZERO, failing("timeout"));
                      loop.addCallback(() -> loop.addCallback(failing("callback of a callback")));
                      LoopFuture.done(loop)
                          .thenRun(() -> loop.addCallback(failing("callback of a dependent")));
                      loop.addCallback(
                          () -> {
                            await(sleep(Duration.ZERO));
                            failing("after an await").run();
                          });
                      addHandler(pipe);
                    });
            pipe.sink().write(ByteBuffer.allocate(1));
          });
      running.until(() -> routed.size() >= 6);
      assertThat(running.call(() -> List.copyOf(routed)))
          .containsExactlyInAnyOrder(
              "callback",
              "timeout",
              "callback of a callback",
              "callback of a dependent",
              "after an await",
              "handler");
      assertThat(log.thrown()).isEmpty();
    }
    pipe.source().close();
    pipe.sink().close();
  }

  private void addHandler(Pipe pipe) {
    try {
      loop.addHandler(
          pipe.source(),
          SelectionKey.OP_READ,
          (channel, ops) -> {
            loop.removeHandler(channel);
            failing("handler").run();
          });
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatIsStoredOutsideGoesToTheLog() throws Exception {
    try (var log = LogCapture.application()) {
      running.run(
          () -> {
            loop.addCallback(failing("before"));
            routing().run(() -> {});
            loop.addCallback(failing("after"));
          });
      loop.addCallback(failing("from another thread"));
      running.turns(3);
      assertThat(log.thrown())
          .extracting(Throwable::getMessage)
          .containsExactly("before", "after", "from another thread");
      assertThat(routed).isEmpty();
    }
  }

  @Test
  void whatIsStoredOutsideGoesToTheLoopsHandlerIfItHasOne() throws Exception {
    var handled = new ArrayList<String>();
    try (var log = LogCapture.application()) {
      loop.handleCallbackException(failure -> handled.add(failure.getMessage()));
      running.run(
          () -> {
            loop.addCallback(failing("on the loop"));
            routing().run(() -> loop.addCallback(failing("with a way of its own")));
            loop.addCallback(
                () -> {
                  throw new CancellationException("nobody's business");
                });
            loop.spawnCallback(
                () -> {
                  throw new IOException("checked");
                });
          });
      loop.addCallback(failing("from another thread"));
      running.turns(3);
      assertThat(handled).containsExactly("on the loop", "checked", "from another thread");
      assertThat(routed).containsExactly("with a way of its own");
      assertThat(log.thrown()).isEmpty();
    }
  }

  @Test
  void aRouteThatFailsIsLoggedTogetherWithWhatItWasGiven() throws Exception {
    try (var log = LogCapture.application()) {
      running.run(
          () ->
              loop.context()
                  .withErrorRoute(failure -> failing("route").run())
                  .run(() -> loop.addCallback(failing("callback"))));
      running.turns(2);
      assertThat(log.thrown())
          .extracting(Throwable::getMessage)
          .containsExactlyInAnyOrder("callback", "route");
    }
  }

  @Test
  void aRouteThatRethrowsDoesNotEndTheLoop() throws Exception {
    try (var log = LogCapture.application()) {
      running.run(
          () ->
              loop.context()
                  .withErrorRoute(
                      failure -> {
                        throw (RuntimeException) failure;
                      })
                  .run(() -> loop.addCallback(failing("callback"))));
      running.turns(2);
      assertThat(log.thrown()).isNotEmpty();
    }
  }

  @Test
  void runReturnsToTheCallersContextWhateverHappens() throws Exception {
    running.run(
        () -> {
          var outer = loop.context();
          var inner = routing();
          inner.run(() -> assertThat(loop.context()).isSameAs(inner));
          assertThat(loop.context()).isSameAs(outer);
          assertThatIllegalStateException().isThrownBy(() -> inner.run(failing("thrown")));
          assertThat(loop.context()).isSameAs(outer);
          inner.run(() -> await(sleep(Duration.ZERO)));
          assertThat(loop.context()).isSameAs(outer);
        });
  }

  @Test
  void executeRunsInItFromAnyThread() throws Exception {
    var context = running.call(this::routing);
    context.execute(failing("from another thread"));
    running.turns(2);
    assertThat(routed).containsExactly("from another thread");
    assertThatIllegalStateException()
        .isThrownBy(() -> context.run(() -> {}))
        .withMessageContaining("addCallback");
  }
}
