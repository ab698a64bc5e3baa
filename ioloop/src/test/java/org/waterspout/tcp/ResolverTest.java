// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import static java.net.StandardProtocolFamily.INET;
import static java.net.StandardProtocolFamily.INET6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.ioloop.RunningLoop.get;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;

class ResolverTest {
  private static final InetAddress FOUR = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress SIX = InetAddress.ofLiteral("2001:db8::1");

  private RunningLoop running;

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop();
  }

  @AfterEach
  void close() throws Exception {
    running.close();
  }

  private static Resolver answering(InetAddress... addresses) {
    return new SystemResolver(host -> addresses, SystemResolver.threads());
  }

  private List<InetSocketAddress> resolve(
      Resolver resolver, String host, int port, StandardProtocolFamily family) throws Exception {
    return running.call(() -> IOLoop.await(resolver.resolve(host, port, family)));
  }

  @Test
  void findsLocalhost() throws Exception {
    assertThat(resolve(Resolver.system(), "localhost", 80, null))
        .isNotEmpty()
        .allMatch(found -> found.getAddress().isLoopbackAddress() && found.getPort() == 80);
  }

  @Test
  void keepsTheOrderAndDropsRepetitions() throws Exception {
    assertThat(resolve(answering(SIX, FOUR, SIX), "a.example", 80, null))
        .containsExactly(new InetSocketAddress(SIX, 80), new InetSocketAddress(FOUR, 80));
  }

  @Test
  void givesOneFamilyOnly() throws Exception {
    var both = answering(SIX, FOUR);
    assertThat(resolve(both, "a.example", 1, INET)).extracting("address").containsExactly(FOUR);
    assertThat(resolve(both, "a.example", 1, INET6)).extracting("address").containsExactly(SIX);
    assertThatThrownBy(() -> resolve(answering(FOUR), "a.example", 1, INET6))
        .hasRootCauseInstanceOf(UnknownHostException.class)
        .hasMessageContaining("a.example");
  }

  @Test
  void addressesNeedNoLookUp() throws Exception {
    var counted = new AtomicInteger();
    var resolver = new SystemResolver(host -> fail(counted), task -> fail(counted));
    assertThat(running.call(() -> resolver.resolve("192.0.2.1", 7).isDone())).isTrue();
    assertThat(resolve(resolver, "2001:db8::1", 7, null))
        .containsExactly(new InetSocketAddress(SIX, 7));
    assertThatThrownBy(() -> resolve(resolver, "192.0.2.1", 7, INET6))
        .hasMessageContaining("192.0.2.1");
    assertThat(counted).hasValue(0);
  }

  private static InetAddress[] fail(AtomicInteger counted) {
    counted.incrementAndGet();
    return new InetAddress[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-such-host.invalid", "", "a\0b", "a..b", "not a name"})
  void namesThatAreUnknownFail(String host) throws Exception {
    var future = running.call(() -> Resolver.system().resolve(host, 80));
    assertThatThrownBy(() -> get(future))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining(host.replace('\0', '?'));
  }

  @Test
  void refusesWhatIsNoPort() {
    for (int port : new int[] {-1, 65_536}) {
      assertThatIllegalArgumentException().isThrownBy(() -> answering(FOUR).resolve("a", port));
    }
  }

  @Test
  void aLookUpThatHangsHoldsUpNeitherTheLoopNorOthers() throws Exception {
    var hangs = new CountDownLatch(1);
    var hanging = new CountDownLatch(SystemResolver.MAX_LOOKUPS - 1);
    var resolver =
        new SystemResolver(
            host -> {
              if (host.endsWith(".hangs.example")) {
                hanging.countDown();
                awaitUninterruptibly(hangs);
              }
              return new InetAddress[] {FOUR};
            },
            SystemResolver.threads());
    var stuck = ask(resolver, SystemResolver.MAX_LOOKUPS - 1, i -> i + ".hangs.example");
    hanging.await();
    assertThat(resolve(resolver, "a.example", 1, null)).hasSize(1);
    hangs.countDown();
    for (var future : stuck) {
      get(future);
    }
  }

  private List<LoopFuture<List<InetSocketAddress>>> ask(
      Resolver resolver, int times, IntFunction<String> host) throws Exception {
    return running.call(
        () -> IntStream.range(0, times).mapToObj(i -> resolver.resolve(host.apply(i), i)).toList());
  }

  @Test
  void manyWhoAskForOneNameShareOneLookUpAndHoldUpNoOther() throws Exception {
    var hangs = new CountDownLatch(1);
    var lookUps = new AtomicInteger();
    var resolver =
        new SystemResolver(
            host -> {
              if (host.equals("hangs.example")) {
                lookUps.incrementAndGet();
                awaitUninterruptibly(hangs);
              }
              return new InetAddress[] {FOUR};
            },
            SystemResolver.threads());
    var stuck = ask(resolver, 40, i -> "hangs.example");
    assertThat(resolve(resolver, "a.example", 1, null)).hasSize(1);
    stuck.getFirst().cancel(true);
    hangs.countDown();
    for (int i = 1; i < stuck.size(); i++) {
      assertThat(get(stuck.get(i))).containsExactly(new InetSocketAddress(FOUR, i));
    }
    assertThat(lookUps).hasValue(1);
    assertThat(resolve(resolver, "hangs.example", 1, null)).hasSize(1);
    assertThat(lookUps).as("a later question is asked anew").hasValue(2);
  }

  @Test
  void aFailedLookUpFailsAllWhoShareIt() throws Exception {
    var waiting = new ArrayList<Runnable>();
    var failure = new UnknownHostException("a.example");
    var resolver =
        new SystemResolver(
            host -> {
              throw failure;
            },
            waiting::add);
    var futures = ask(resolver, 3, i -> "a.example");
    assertThat(waiting).hasSize(1);
    waiting.getFirst().run();
    assertThat(futures).allMatch(future -> future.exceptionNow() == failure);
  }

  @Test
  void aLookUpForWhichThereIsNoThreadLeavesTheNameFree() throws Exception {
    var none = new AtomicBoolean(true);
    Executor threads =
        task -> {
          if (none.getAndSet(false)) {
            throw new RejectedExecutionException("no thread");
          }
          task.run();
        };
    var resolver = new SystemResolver(host -> new InetAddress[] {FOUR}, threads);
    assertThatThrownBy(() -> resolve(resolver, "a.example", 1, null))
        .hasRootCauseMessage("no thread");
    assertThat(resolve(resolver, "a.example", 1, null)).hasSize(1);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aLookUpThatWasGivenUpBeforeItsTurnIsNotMade() throws Exception {
    var waiting = new ArrayList<Runnable>();
    Executor later = waiting::add;
    var counted = new AtomicInteger();
    var resolver = new SystemResolver(host -> fail(counted), later);
    running.run(() -> resolver.resolve("a.example", 1).cancel(true));
    waiting.forEach(Runnable::run);
    assertThat(counted).hasValue(0);
  }

  @Test
  void theLookUpsThreadsEndWhenIdle() throws Exception {
    var threads = (ThreadPoolExecutor) SystemResolver.threads();
    assertThat(threads.allowsCoreThreadTimeOut()).isTrue();
    assertThat(threads.getThreadFactory().newThread(() -> {}).isDaemon()).isTrue();
  }

  // ---- overriding

  @Test
  void theMostExactRuleDecides() throws Exception {
    var resolver =
        new OverrideResolver(Resolver.system())
            .with("a.example", "127.0.0.1")
            .with("a.example", 443, "127.0.0.2", 1443)
            .with("a.example", 443, INET6, "::1", 2443);
    assertThat(resolve(resolver, "a.example", 80, null))
        .containsExactly(new InetSocketAddress("127.0.0.1", 80));
    assertThat(resolve(resolver, "a.example", 443, null))
        .containsExactly(new InetSocketAddress("127.0.0.2", 1443));
    assertThat(resolve(resolver, "a.example", 443, INET))
        .containsExactly(new InetSocketAddress("127.0.0.2", 1443));
    assertThat(resolve(resolver, "a.example", 443, INET6))
        .containsExactly(new InetSocketAddress("::1", 2443));
    assertThat(resolve(resolver, "127.0.0.9", 1, null))
        .containsExactly(new InetSocketAddress("127.0.0.9", 1));
  }

  @Test
  void aCopyWithARuleLeavesTheOriginalAlone() throws Exception {
    var original = new OverrideResolver(answering(FOUR));
    assertThat(resolve(original.with("a.example", "127.0.0.1"), "a.example", 1, null)).hasSize(1);
    assertThat(resolve(original, "a.example", 1, null)).extracting("address").containsExactly(FOUR);
  }

  // ---- addresses

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "4.4.4.4", "::1", "2620:0:1cfe:face:b00c::3", "::"})
  void knowsAddresses(String text) {
    assertThat(NetUtil.isValidIp(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "www.google.com", "localhost", "1", "127.1", "1.2.3", "4.4.4.4<", " 127.0.0.1",
        "\n", "\0", "1.2.3.256", "1.2.3.4.5", "[::1]", "::1::", "a:b", "::g", "0x7f.0.0.1"
      })
  void knowsWhatIsNoAddress(String text) {
    assertThat(NetUtil.isValidIp(text)).isFalse();
  }
}
