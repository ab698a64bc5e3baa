// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.moment;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.ioloop.RunningLoop.get;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LogCapture;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;

class PublishersTest {
  private RunningLoop running;
  private IOLoop loop;

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop();
    loop = running.loop;
  }

  @AfterEach
  void close() throws Exception {
    running.assertNothingLeft();
    running.close();
  }

  /** Does nothing by itself; notes what it is asked, and whether that came from the loop. */
  private final class Scripted implements Flow.Publisher<String>, Flow.Subscription {
    final List<String> calls = new CopyOnWriteArrayList<>();
    final CompletableFuture<Flow.Subscriber<? super String>> subscriber = new CompletableFuture<>();

    @Override
    public void subscribe(Flow.Subscriber<? super String> given) {
      note("subscribe");
      subscriber.complete(given);
    }

    @Override
    public void request(long count) {
      note("request " + count);
    }

    @Override
    public void cancel() {
      note("cancel");
    }

    void note(String call) {
      calls.add(loop.onLoop() ? call : call + " off the loop");
    }

    /** Its subscriber, which has subscribed and has asked for the first item. */
    Flow.Subscriber<? super String> begun() throws Exception {
      get(subscriber).onSubscribe(this);
      running.turns(4);
      assertThat(calls).containsExactly("subscribe", "request 1");
      return get(subscriber);
    }
  }

  // ---- with a publisher that keeps the rules, in threads of its own

  @Test
  void givesAllItemsInOrder() throws Exception {
    try (var publisher = new SubmissionPublisher<Integer>()) {
      var all = loop.spawn(() -> await(Publishers.all(publisher)));
      awaitSubscriber(publisher);
      IntStream.range(0, 1000).forEach(publisher::submit);
      publisher.close();
      assertThat(get(all)).isEqualTo(IntStream.range(0, 1000).boxed().toList());
    }
  }

  @Test
  void givesTheFirstItemAndCancels() throws Exception {
    try (var publisher = new SubmissionPublisher<Integer>()) {
      var first = loop.spawn(() -> await(Publishers.first(publisher)));
      awaitSubscriber(publisher);
      publisher.submit(7);
      publisher.submit(8);
      assertThat(get(first)).isEqualTo(7);
      running.run(
          () -> {
            while (publisher.hasSubscribers()) { // it drops who has cancelled in its own time
              publisher.offer(9, null);
              await(moment());
            }
          });
    }
  }

  @Test
  void theFirstItemOfNothingIsAFailure() throws Exception {
    try (var publisher = new SubmissionPublisher<Integer>()) {
      publisher.close();
      running.run(
          () -> {
            assertThatThrownBy(() -> await(Publishers.first(publisher)))
                .isInstanceOf(NoSuchElementException.class);
            assertThat(await(Publishers.all(publisher))).isEmpty();
          });
    }
  }

  @Test
  void aPublishersFailureIsTheFutures() throws Exception {
    var failure = new IllegalStateException("failed");
    try (var publisher = new SubmissionPublisher<Integer>()) {
      publisher.closeExceptionally(failure);
      running.run(
          () -> {
            assertThatThrownBy(() -> await(Publishers.all(publisher))).isSameAs(failure);
            assertThatThrownBy(() -> await(Publishers.first(publisher))).isSameAs(failure);
          });
    }
  }

  @Test
  void aConsumerAwaitsAndIsGivenOneItemAtATime() throws Exception {
    var active = new int[1];
    var seen = new ArrayList<Integer>();
    try (var publisher = new SubmissionPublisher<Integer>(Runnable::run, 4)) {
      var done =
          loop.spawn(
              () ->
                  await(
                      Publishers.forEach(
                          publisher,
                          item -> {
                            assertThat(++active[0]).isEqualTo(1);
                            assertThat(loop.onLoop()).isTrue();
                            await(sleep(Duration.ofMillis(1)));
                            seen.add(item);
                            active[0]--;
                          })));
      awaitSubscriber(publisher);
      IntStream.range(0, 20).forEach(publisher::submit); // waits where its buffer is full
      publisher.close();
      get(done);
      assertThat(seen).isEqualTo(IntStream.range(0, 20).boxed().toList());
    }
  }

  private void awaitSubscriber(SubmissionPublisher<?> publisher) throws Exception {
    running.run(
        () -> {
          while (!publisher.hasSubscribers()) {
            await(moment());
          }
        });
  }

  // ---- asked step by step

  @Test
  void theNextItemIsAskedForOnlyWhenTheConsumerHasReturned() throws Exception {
    var publisher = new Scripted();
    var gate = new LoopFuture<Void>(loop);
    var done = running.call(() -> Publishers.forEach(publisher, item -> await(gate)));
    var subscriber = publisher.begun();
    subscriber.onNext("one");
    running.turns(5);
    assertThat(publisher.calls).containsExactly("subscribe", "request 1");
    gate.complete(null);
    running.turns(5);
    assertThat(publisher.calls).containsExactly("subscribe", "request 1", "request 1");
    subscriber.onComplete();
    get(done);
  }

  @Test
  void theEndMayComeWhileTheConsumerWorks() throws Exception {
    var publisher = new Scripted();
    var gate = new LoopFuture<Void>(loop);
    var seen = new CopyOnWriteArrayList<String>();
    var done =
        running.call(
            () ->
                Publishers.forEach(
                    publisher,
                    item -> {
                      await(gate);
                      seen.add(item);
                    }));
    var subscriber = publisher.begun();
    subscriber.onNext("one");
    subscriber.onComplete();
    running.turns(5);
    assertThat(done).isNotDone();
    gate.complete(null);
    get(done);
    assertThat(seen).containsExactly("one");
    assertThat(publisher.calls).filteredOn("request 1"::equals).hasSize(1);
  }

  @Test
  void whatTheConsumerThrowsCancelsAndFailsTheFuture() throws Exception {
    var publisher = new Scripted();
    var failure = new IllegalStateException("consumer");
    var done =
        running.call(
            () ->
                Publishers.forEach(
                    publisher,
                    item -> {
                      throw failure;
                    }));
    publisher.begun().onNext("one");
    assertThatThrownBy(() -> get(done)).hasCause(failure);
    running.turns(3);
    assertThat(publisher.calls).endsWith("cancel");
  }

  @Test
  void cancellingTheFutureCancelsTheSubscription() throws Exception {
    var publisher = new Scripted();
    var done = running.call(() -> Publishers.all(publisher));
    var subscriber = publisher.begun();
    assertThat(done.cancel(true)).isTrue();
    running.turns(5);
    assertThat(publisher.calls).containsExactly("subscribe", "request 1", "cancel");
    subscriber.onNext("late");
    subscriber.onError(new IllegalStateException("late"));
    running.turns(3);
    assertThat(publisher.calls).hasSize(3);
  }

  @Test
  void cancellingTheFutureFailsTheAwaitOfTheConsumer() throws Exception {
    var publisher = new Scripted();
    var seen = new CompletableFuture<Throwable>();
    var done =
        running.call(
            () ->
                Publishers.forEach(
                    publisher,
                    item -> {
                      try {
                        await(new LoopFuture<Void>(loop));
                      } catch (RuntimeException e) {
                        seen.complete(e);
                        throw e;
                      }
                    }));
    publisher.begun().onNext("one");
    running.turns(4);
    done.cancel(true);
    assertThat(get(seen)).isInstanceOf(CancellationException.class);
    running.turns(3);
    assertThat(publisher.calls).endsWith("cancel");
  }

  @Test
  void aSubscriptionThatComesAfterTheCancellationIsCancelled() throws Exception {
    var publisher = new Scripted();
    var done = running.call(() -> Publishers.all(publisher));
    var subscriber = get(publisher.subscriber);
    done.cancel(true);
    running.turns(4);
    subscriber.onSubscribe(publisher);
    running.turns(3);
    assertThat(publisher.calls).containsExactly("subscribe", "cancel");
  }

  @Test
  void aPublisherThatAnswersAtOnceDoesNotKeepTheLoop() throws Exception {
    running.run(
        () -> {
          var others = new int[1];
          var numbers = new EndlessNumbers();
          var reading = Publishers.forEach(numbers, item -> {});
          loop.callLater(Duration.ofMillis(2), () -> others[0]++);
          while (others[0] == 0) {
            await(moment());
          }
          assertThat(reading).isNotDone();
          reading.cancel(true);
          while (!numbers.cancelled) {
            await(moment());
          }
        });
  }

  /** Sends an item inside of each request. */
  private static final class EndlessNumbers implements Flow.Publisher<Integer>, Flow.Subscription {
    private Flow.Subscriber<? super Integer> subscriber;
    private int sent;
    boolean cancelled;

    @Override
    public void subscribe(Flow.Subscriber<? super Integer> given) {
      subscriber = given;
      given.onSubscribe(this);
    }

    @Override
    public void request(long count) {
      subscriber.onNext(sent++);
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  // ---- with a publisher that breaks the rules

  @Test
  void aSecondSubscriptionIsCancelledOnTheLoop() throws Exception {
    var publisher = new Scripted();
    var second = new Scripted();
    var all = running.call(() -> Publishers.all(publisher));
    var subscriber = publisher.begun();
    subscriber.onSubscribe(second);
    running.turns(2);
    assertThat(second.calls).containsExactly("cancel");
    assertThat(publisher.calls).doesNotContain("cancel");
    subscriber.onNext("still the first");
    subscriber.onComplete();
    assertThat(get(all)).containsExactly("still the first");
  }

  @Test
  void nullsAreRefusedAndAnItemThatIsNullFailsTheFuture() throws Exception {
    var publisher = new Scripted();
    var all = running.call(() -> Publishers.all(publisher));
    var subscriber = publisher.begun();
    assertThatNullPointerException().isThrownBy(() -> subscriber.onSubscribe(null));
    assertThatNullPointerException().isThrownBy(() -> subscriber.onError(null));
    running.turns(3);
    assertThat(all).isNotDone();
    assertThatNullPointerException().isThrownBy(() -> subscriber.onNext(null));
    assertThatThrownBy(() -> get(all)).hasMessageContaining("the publisher sent null");
    running.turns(3);
    assertThat(publisher.calls).endsWith("cancel");
  }

  @Test
  void moreItemsThanWereAskedForFailTheFutureAndTakeNoMemory() throws Exception {
    var publisher = new Scripted();
    var gate = new LoopFuture<Void>(loop);
    var seen = new CopyOnWriteArrayList<String>();
    var done =
        running.call(
            () ->
                Publishers.forEach(
                    publisher,
                    item -> {
                      seen.add(item);
                      await(gate);
                    }));
    var subscriber = publisher.begun();
    subscriber.onNext("asked for");
    for (int i = 0; i < 100_000; i++) {
      subscriber.onNext("not asked for");
    }
    subscriber.onComplete();
    running.turns(3);
    gate.complete(null);
    assertThatThrownBy(() -> get(done)).hasMessageContaining("more items than were asked for");
    running.turns(3);
    assertThat(seen).containsExactly("asked for");
    assertThat(publisher.calls).containsExactly("subscribe", "request 1", "cancel");
  }

  @Test
  void signalsWithoutASubscriptionEndTheReading() throws Exception {
    var ends = new Scripted();
    var ended = running.call(() -> Publishers.all(ends));
    get(ends.subscriber).onComplete();
    assertThat(get(ended)).isEmpty();
    var sends = new Scripted();
    var failed = running.call(() -> Publishers.all(sends));
    get(sends.subscriber).onNext("out of the blue");
    assertThatThrownBy(() -> get(failed)).hasMessageContaining("more items than were asked for");
    get(sends.subscriber).onSubscribe(sends);
    running.turns(2);
    assertThat(sends.calls).containsExactly("subscribe", "cancel");
  }

  @Test
  void signalsAfterTheEndAreIgnored() throws Exception {
    var publisher = new Scripted();
    var all = running.call(() -> Publishers.all(publisher));
    var subscriber = publisher.begun();
    subscriber.onNext("one");
    subscriber.onComplete();
    subscriber.onNext("two");
    subscriber.onError(new IllegalStateException("late"));
    subscriber.onComplete();
    assertThat(get(all)).containsExactly("one");
  }

  @Test
  void exceptionsOfThePublishersOwnMethodsFailTheFuture() throws Exception {
    var failure = new IllegalStateException("of the publisher");
    running.run(
        () -> {
          Flow.Publisher<String> refuses =
              subscriber -> {
                throw failure;
              };
          assertThatThrownBy(() -> await(Publishers.all(refuses))).isSameAs(failure);
          Flow.Publisher<String> failsInRequest =
              subscriber -> subscriber.onSubscribe(new Throwing(failure, null));
          assertThatThrownBy(() -> await(Publishers.all(failsInRequest))).isSameAs(failure);
        });
  }

  @Test
  void anExceptionOfCancelIsLoggedAndHidesNothing() throws Exception {
    var inRequest = new IllegalStateException("request");
    var inCancel = new IllegalStateException("cancel");
    try (var log = LogCapture.application()) {
      running.run(
          () -> {
            Flow.Publisher<String> publisher =
                subscriber -> subscriber.onSubscribe(new Throwing(inRequest, inCancel));
            assertThatThrownBy(() -> await(Publishers.all(publisher))).isSameAs(inRequest);
          });
      assertThat(log.thrown()).containsExactly(inCancel);
    }
  }

  private record Throwing(RuntimeException inRequest, RuntimeException inCancel)
      implements Flow.Subscription {
    @Override
    public void request(long count) {
      throw inRequest;
    }

    @Override
    public void cancel() {
      if (inCancel != null) {
        throw inCancel;
      }
    }
  }

  @Test
  void aCloseOfTheLoopCancelsTheSubscription() throws Exception {
    var publisher = new Scripted();
    var all = running.call(() -> Publishers.all(publisher));
    var _ = publisher.begun();
    running.close();
    assertThat(publisher.calls).endsWith("cancel");
    assertThat(all).isCompletedExceptionally();
    running = new RunningLoop(); // for the end of the test
  }
}
