// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.waterspout.gen.Gen.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  private static RunningLoop watched(Duration threshold) throws Exception {
    var running = new RunningLoop();
    running.loop.setBlockingLogThreshold(threshold);
    return running;
  }

  private int holdUp() throws InterruptedException {
    entered.countDown();
    assertThat(release.await(40, TimeUnit.SECONDS)).isTrue();
    return 0;
  }

  @Test
  void logsWhoHoldsALoopUpAndWhenThatIsOver() throws Exception {
    try (var log = LogCapture.generalWithTheWatchdog();
        var running = watched(Duration.ZERO)) {
      var held = running.start(this::holdUp);
      assertThat(entered.await(40, TimeUnit.SECONDS)).isTrue();
      running.loop.setBlockingLogThreshold(SHORT); // not before: any loop may wait for a processor
      log.await(running.loop + " was held up for");
      running.loop.setBlockingLogThreshold(Duration.ZERO);
      release.countDown();
      RunningLoop.get(held);
      log.await(running.loop + " goes on after about");
      var messages = new ArrayList<>(log.messages());
      assertThat(messages.removeLast()).contains("goes on after about");
      assertThat(messages)
          .allMatch(message -> message.contains("WatchdogTest.holdUp(WatchdogTest.java:"));
    }
  }

  /** A watch that only the test looks through, as below. */
  @Test
  void logsAgainWhenItLastsTenTimesLonger() throws Exception {
    var limit = Duration.ofHours(1);
    try (var log = LogCapture.generalWithTheWatchdog();
        var running = watched(limit)) {
      var dumps = new ThreadDumps(System::nanoTime);
      var watch = new Watch(running.loop);
      running.run(
          () -> {
            for (int hours = 0; hours <= 150; hours++) {
              watch.look(limit.toNanos(), dumps);
            }
          });
      assertThat(log.messages())
          .map(message -> Long.valueOf(message.split(" for | ms", -1)[1]) / limit.toMillis())
          .containsExactly(1L, 10L, 100L);
    }
  }

  /** A watch that only the test looks through: the watchdog's own would take an hour as well. */
  @Test
  void aLoopIsNotStalledWhileItGoesOnSleepsOrIsNotWatched() throws Exception {
    var limit = Duration.ofHours(1);
    try (var log = LogCapture.generalWithTheWatchdog();
        var asleep = new IOLoop();
        var running = watched(limit)) {
      var dumps = new ThreadDumps(System::nanoTime);
      var watch = new Watch(running.loop);
      for (int i = 0; i < 3; i++) {
        running.run(() -> watch.look(limit.toNanos() - 1, dumps));
      }
      var resting = new Watch(asleep);
      for (int i = 0; i < 3; i++) {
        resting.look(limit.toNanos(), dumps);
      }
      running.loop.setBlockingLogThreshold(Duration.ZERO);
      running.run(() -> lookTwice(watch, limit));
      assertThat(log.messages()).isEmpty();
      running.loop.setBlockingLogThreshold(limit);
      running.run(() -> lookTwice(watch, limit));
      assertThat(log.messages()).singleElement().asString().contains("was held up");
    }
  }

  private static void lookTwice(Watch watch, Duration elapsed) {
    watch.look(elapsed.toNanos(), new ThreadDumps(System::nanoTime));
    watch.look(elapsed.toNanos(), new ThreadDumps(System::nanoTime));
  }

  @Test
  void tellsOfALoopThatWasCalledAndFindsNoThreadToRunOn() throws Exception {
    assumeThat(System.getProperty("waterspout.test.carrier"))
        .as("the loop has a carrier that one thread can hold")
        .isEqualTo("custom");
    try (var log = LogCapture.generalWithTheWatchdog();
        var running = watched(Duration.ZERO)) {
      var spins = new CountDownLatch(1);
      running.run(
          () ->
              Thread.ofVirtual()
                  .start(
                      () -> {
                        spins.countDown();
                        spinUntilReleased();
                      }));
      assertThat(spins.await(40, TimeUnit.SECONDS)).isTrue(); // so the loop has gone to sleep
      var called = running.start(() -> "at last");
      running.loop.setBlockingLogThreshold(SHORT);
      try {
        assertThat(log.await(running.loop + " was held up")).contains("no carrier thread is free");
      } finally {
        release.countDown(); // the loop could not be closed
      }
      assertThat(RunningLoop.get(called)).isEqualTo("at last");
    }
  }

  private void spinUntilReleased() {
    while (release.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void namesTheCoroutineThatOwnsTheMonitor() throws Exception {
    var monitor = new Object();
    try (var log = LogCapture.generalWithTheWatchdog();
        var owner = watched(Duration.ZERO);
        var running = watched(Duration.ZERO)) {
      var future = new LoopFuture<String>(owner.loop);
      var owning = owner.start(() -> ownMonitor(monitor, future));
      owner.turns(2);
      var held = running.start(() -> needMonitor(monitor));
      watchOnceItIsBlocked(running);
      try {
        assertThat(log.await("WatchdogTest.needMonitor"))
            .startsWith(running.loop + " was held up")
            .contains("It waits for <java.lang.Object@")
            .contains("\"" + owner.loop + "\" virtual")
            .contains("WatchdogTest.ownMonitor");
      } finally {
        future.complete("released"); // else no loop could be closed
      }
      assertThat(RunningLoop.get(owning)).isEqualTo("released");
      assertThat(RunningLoop.get(held)).isEqualTo("got it");
    }
  }

  @Test
  void looksForNoOwnerWhileVeryManyCoroutinesOfAllLoopsTogetherAreParked() throws Exception {
    var monitor = new Object();
    try (var log = LogCapture.generalWithTheWatchdog();
        var owner = watched(Duration.ZERO);
        var another = watched(Duration.ZERO);
        var running = watched(Duration.ZERO)) {
      var future = new LoopFuture<String>(owner.loop);
      park(owner, ThreadDumps.MAX_PARKED / 2);
      park(another, ThreadDumps.MAX_PARKED / 2);
      var owning = owner.start(() -> ownMonitor(monitor, future));
      owner.turns(2);
      var held = running.start(() -> needMonitor(monitor));
      watchOnceItIsBlocked(running);
      try {
        assertThat(log.await("WatchdogTest.needMonitor"))
            .startsWith(running.loop + " was held up")
            .contains("was not looked up")
            .doesNotContain("WatchdogTest.ownMonitor");
      } finally {
        future.complete("released"); // else no loop could be closed
      }
      assertThat(RunningLoop.get(owning)).isEqualTo("released");
      assertThat(RunningLoop.get(held)).isEqualTo("got it");
    }
  }

  private static void park(RunningLoop running, int count) throws Exception {
    var parked = new CountDownLatch(count);
    for (int i = 0; i < count; i++) {
      running.loop.spawn(
          () -> {
            parked.countDown();
            return await(new LoopFuture<Void>(running.loop));
          });
    }
    assertThat(parked.await(40, TimeUnit.SECONDS)).isTrue();
    running.turns(1);
  }

  @Test
  void oneMonitorThatManyLoopsWaitForIsLookedUpForAllOfThem() throws Exception {
    var monitor = new Object();
    var loops = new ArrayList<RunningLoop>();
    try (var log = LogCapture.generalWithTheWatchdog();
        AutoCloseable _ = () -> closeAll(loops);
        var owner = watched(Duration.ZERO)) {
      var future = new LoopFuture<String>(owner.loop);
      var owning = owner.start(() -> ownMonitor(monitor, future));
      owner.turns(2);
      for (int i = 0; i < 16; i++) {
        var running = watched(Duration.ZERO);
        loops.add(running);
        running.loop.addCallback(() -> needMonitor(monitor));
      }
      try {
        for (var running : loops) {
          watchOnceItIsBlocked(running);
        }
        for (var running : loops) {
          log.await(running.loop + " was held up");
        }
      } finally {
        future.complete("released"); // else no loop could be closed
      }
      assertThat(RunningLoop.get(owning)).isEqualTo("released");
      var stalls =
          log.messages().stream().filter(message -> message.contains("was held up")).toList();
      assertThat(stalls)
          .anyMatch(message -> message.contains("WatchdogTest.ownMonitor"))
          .allMatch(
              message ->
                  message.contains("WatchdogTest.ownMonitor")
                      || message.contains("was not looked up"));
    }
  }

  private static void closeAll(List<RunningLoop> loops) throws InterruptedException {
    for (var running : loops) {
      running.close();
    }
  }

  /** So that nothing else holds it up when the watchdog looks. */
  private static void watchOnceItIsBlocked(RunningLoop running) {
    long end = System.nanoTime() + RunningLoop.DEADLINE.toNanos();
    while (!isBlocked(running.loop.baton().leader())) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
    running.loop.setBlockingLogThreshold(SHORT);
  }

  private static boolean isBlocked(Thread leader) {
    return leader != null && leader.getState() == Thread.State.BLOCKED;
  }

  private static String ownMonitor(Object monitor, LoopFuture<String> until) {
    synchronized (monitor) {
      return await(until);
    }
  }

  private static String needMonitor(Object monitor) {
    synchronized (monitor) {
      return "got it";
    }
  }

  @Test
  void namesTheCoroutineThatOwnsTheLockWhereTheJVMTells() throws Exception {
    var lock = new ReentrantLock();
    try (var log = LogCapture.generalWithTheWatchdog();
        var owner = watched(Duration.ZERO);
        var running = watched(SHORT)) {
      var future = new LoopFuture<String>(owner.loop);
      var owning = owner.start(() -> ownLock(lock, future));
      owner.turns(2);
      var held =
          running.start(
              () -> {
                lock.lock();
                lock.unlock();
                return "got it";
              });
      try {
        assertThat(log.await("It waits for java.util.concurrent.locks.ReentrantLock"))
            .startsWith(running.loop + " was held up")
            .contains(
                ReentrantLock.class
                        .getModule()
                        .isOpen(
                            ReentrantLock.class.getPackageName(), WatchdogTest.class.getModule())
                    ? "WatchdogTest.ownLock"
                    : "to see whose it is");
      } finally {
        future.complete("released"); // else no loop could be closed
      }
      assertThat(RunningLoop.get(owning)).isEqualTo("released");
      assertThat(RunningLoop.get(held)).isEqualTo("got it");
    }
  }

  private static String ownLock(ReentrantLock lock, LoopFuture<String> until) {
    lock.lock();
    try {
      return await(until);
    } finally {
      lock.unlock();
    }
  }

  @Test
  void tellsALoopThatWaitsForItsOwnCoroutine() throws Exception {
    var log = logOfLostLoop("deadlock", "It waits for <java.lang.Object@");
    assertThat(log).contains("LostLoop.need(").contains("LostLoop.own(");
  }

  @Test
  void tellsAnAwaitThatHoldsTheCarrier() throws Exception {
    var log = logOfLostLoop("pinned", "holds the carrier thread");
    assertThat(log).contains("no carrier thread is free").contains("LostLoop$Pinning.<clinit>");
  }

  /** Loops that cannot be helped any more are lost in a JVM of their own. */
  private static String logOfLostLoop(String how, String until) throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LostLoop.class.getName(),
                how,
                until)
            .redirectErrorStream(true)
            .start();
    var killer = CompletableFuture.delayedExecutor(100, TimeUnit.SECONDS);
    killer.execute(process::destroyForcibly);
    try (var output = process.inputReader()) {
      var text = new StringBuilder();
      for (var line = output.readLine(); line != null; line = output.readLine()) {
        text.append(line).append('\n');
        if (line.equals("END")) {
          break;
        }
      }
      assertThat(text.toString()).contains(until);
      return text.toString();
    } finally {
      process.destroyForcibly();
    }
  }

  /** The main program of that JVM. */
  static final class LostLoop {
    static final Object MONITOR = new Object();
    static final LoopFuture<Void> FUTURE = new LoopFuture<>();

    private static final class Pinning {
      static final Void DONE = await(FUTURE);
    }

    static void main(String[] args) throws Exception {
      try (var log = LogCapture.generalWithTheWatchdog()) {
        var running = watched(SHORT);
        var pinned = args[0].equals("pinned");
        running.loop.addCallback(pinned ? () -> String.valueOf(Pinning.DONE) : LostLoop::own);
        running.loop.addCallback(LostLoop::need);
        System.out.println(log.await(args[1])); // the classes of a fresh JVM may hold it up first
        System.out.println("END");
        Runtime.getRuntime().halt(0);
      }
    }

    static void own() {
      synchronized (MONITOR) {
        await(FUTURE);
      }
    }

    static void need() {
      synchronized (MONITOR) {
        FUTURE.complete(null);
      }
    }
  }

  @Test
  void aLogHandlerThatThrowsEndsNoWatch() throws Exception {
    var failure = new IllegalStateException("handler");
    var lastResort = new LinkedBlockingQueue<Throwable>();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> lastResort.add(e));
    try (var log = LogCapture.generalThatThrows(failure);
        var running = watched(SHORT);
        var second = watched(SHORT)) {
      var held = List.of(running.start(this::holdUp), second.start(this::holdUp));
      log.await(running.loop + " was held up for");
      log.await(second.loop + " was held up for");
      release.countDown();
      for (var each : held) {
        RunningLoop.get(each);
      }
      log.await(running.loop + " goes on after about");
      log.await(second.loop + " goes on after about");
      for (int i = 0; i < 4; i++) {
        assertThat(lastResort.poll(40, TimeUnit.SECONDS)).isSameAs(failure);
      }
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(null);
    }
  }

  @Test
  void evenALastResortThatThrowsEndsNoWatch() throws Exception {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> {
          throw new IllegalStateException("the last resort");
        });
    try (var log = LogCapture.generalThatThrows(new IllegalStateException("handler"));
        var running = watched(SHORT)) {
      var held = running.start(this::holdUp);
      log.await(running.loop + " was held up for");
      release.countDown();
      RunningLoop.get(held);
      log.await(running.loop + " goes on after about");
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(null);
    }
  }

  @Test
  void itsThreadKeepsNoClassLoaderAndEndsWithTheLastLoop() throws Exception {
    awaitNoWatchdog();
    var mine = new ClassLoader() {};
    Thread.currentThread().setContextClassLoader(mine);
    Thread thread;
    try (var running = new RunningLoop()) {
      try (var second = new RunningLoop()) {
        thread = watchdog();
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getContextClassLoader()).isNotSameAs(mine);
      }
      assertThat(thread.isAlive()).isTrue();
    } finally {
      Thread.currentThread().setContextClassLoader(WatchdogTest.class.getClassLoader());
    }
    assertThat(thread.join(RunningLoop.DEADLINE)).isTrue();
    try (var again = new RunningLoop()) {
      assertThat(watchdog()).isNotSameAs(thread);
    }
  }

  @Test
  void manyLoopsMayBeClosedAsOthersBeginWithoutWaitingForEachOther() throws Exception {
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int n = 0; n < 200; n++) {
                      try (var loop = new IOLoop()) {
                        loop.stop();
                        loop.start();
                      }
                    }
                  }));
    }
    for (var thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(50))).as("not 200 waits of a second").isTrue();
    }
    awaitNoWatchdog();
  }

  private static void awaitNoWatchdog() throws InterruptedException {
    for (var thread : watchdogs()) {
      assertThat(thread.join(RunningLoop.DEADLINE)).isTrue();
    }
  }

  private static Thread watchdog() {
    return watchdogs().getFirst();
  }

  private static List<Thread> watchdogs() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(Watchdog.THREAD_NAME))
        .toList();
  }
}
