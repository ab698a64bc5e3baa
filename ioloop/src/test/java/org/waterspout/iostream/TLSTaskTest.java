// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.ioloop.RunningLoop.DEADLINE;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.iostream.StreamEnds.failure;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.LogCapture;
import org.waterspout.ioloop.RunningLoop;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.tcp.TestCertificates;

/** What takes long in a handshake, here a check of certificates, does not hold the loop up. */
class TLSTaskTest {
  private final CompletableFuture<Boolean> checkedOnLoop = new CompletableFuture<>();
  private final CountDownLatch go = new CountDownLatch(1);
  private volatile RuntimeException defect; // of the check, if any

  private RunningLoop running;
  private SSLIOStream stream;
  private CompletableFuture<Void> peerHandshake;

  /** Takes any certificate, once it is let go. */
  private final class SlowCheck extends X509ExtendedTrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      checkedOnLoop.complete(running.loop.onLoop());
      try {
        if (!go.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
          throw new CertificateException("never let go");
        }
      } catch (InterruptedException e) {
        throw new CertificateException(e);
      }
      if (defect != null) {
        throw defect;
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      throw new IllegalStateException();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      throw new IllegalStateException();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
      throw new IllegalStateException();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      throw new IllegalStateException();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new IllegalStateException();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @BeforeEach
  void beginHandshake() throws Exception {
    running = new RunningLoop();
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new SlowCheck()}, null);
    var sockets = SocketPair.open();
    stream =
        running.call(
            () -> new SSLIOStream(sockets.channel(), false, SSLOptions.of(context), "localhost"));
    var peer = JDKTLS.over(sockets.peer(), true);
    peerHandshake =
        StreamEnds.inThread(
            () -> {
              peer.startHandshake();
              return null;
            });
  }

  @AfterEach
  void close() throws Exception {
    go.countDown();
    running.run(stream::close);
    running.assertNothingLeft();
    running.close();
    var _ = peerHandshake.handle((value, failure) -> 0).get();
  }

  @Test
  void theLoopGoesOnDuringACheck() throws Exception {
    assertThat(get(checkedOnLoop)).isFalse();
    var read = running.call(() -> stream.readBytes(1));
    var written = running.call(() -> stream.write(new byte[100]));
    running.turns(100);
    assertThat(read).isNotDone();
    assertThat(written).isNotDone();
    go.countDown();
    get(running.call(stream::waitForHandshake));
    get(written);
    get(peerHandshake);
  }

  @Test
  void aCloseDoesNotWaitForACheck() throws Exception {
    get(checkedOnLoop);
    var handshake = running.call(stream::waitForHandshake);
    running.run(stream::close);
    running.turns(3);
    assertThat(go.getCount()).as("the check still runs").isEqualTo(1);
    assertThat(failure(handshake)).isInstanceOf(StreamClosedException.class);
    assertThat(failure(peerHandshake)).isNotNull();
    go.countDown();
    running.turns(10);
  }

  @Test
  void whatACheckThrowsClosesTheStream() throws Exception {
    try (var log = LogCapture.general()) {
      defect = new IllegalStateException("a defect");
      go.countDown();
      assertThat(failure(running.call(stream::waitForHandshake)))
          .hasCauseInstanceOf(SSLException.class);
      assertThat(running.call(stream::error)).hasStackTraceContaining("a defect");
      assertThat(failure(peerHandshake)).isNotNull();
      assertThat(log.messages()).hasSize(1);
    }
  }

  /** A flood of clients that go away at once must not keep the others waiting. */
  @Test
  void aStreamThatIsClosedBeforeItsTurnTakesNoThread() throws Exception {
    get(checkedOnLoop);
    go.countDown();
    get(running.call(stream::waitForHandshake));
    var threadsAreFree = takeAllThreads();
    try (var pair = new TLSPair(TestCertificates.server(), TestCertificates.client())) {
      while (TLSTasks.EXECUTOR.getQueue().isEmpty()) {
        pair.running.turns(1);
      }
      pair.running.run(pair.server::close);
      threadsAreFree.countDown();
      takeAllThreads().countDown(); // so they are done with what they had before
      var engine = ((TLSTransport) pair.server.transport).engine();
      assertThat(engine.getDelegatedTask()).as("the task that nobody ran").isNotNull();
    } finally {
      threadsAreFree.countDown();
    }
  }

  /** Returns once each thread has nothing else to do but to wait for the latch. */
  private static CountDownLatch takeAllThreads() throws InterruptedException {
    var taken = new CountDownLatch(TLSTasks.THREADS);
    var free = new CountDownLatch(1);
    for (int i = 0; i < TLSTasks.THREADS; i++) {
      TLSTasks.EXECUTOR.execute(
          () -> {
            taken.countDown();
            awaitUninterruptibly(free);
          });
    }
    assertThat(taken.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return free;
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
