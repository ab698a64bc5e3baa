// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/**
 * Gives the outcomes of several stages one by one, in the order in which they complete. For one
 * use, on the loop only. Tornado: {@code WaitIterator}.
 *
 * <pre>{@code
 * var pages = WaitIterator.of(fetch(first), fetch(second));
 * while (!pages.done()) {
 *   try {
 *     use(await(pages.next()), pages.currentIndex());
 *   } catch (RuntimeException e) {
 *     report(e, pages.currentFuture());
 *   }
 * }
 * }</pre>
 *
 * <p>It hangs on each stage until that is done, also if nobody asks for the next outcome any more.
 *
 * <p>Where no failure is expected, {@code for (var page : WaitIterator.of(...))} awaits each value;
 * a failure ends that loop with its exception.
 *
 * @param <K> what tells the stages apart: their place in the arguments, or their key in a map
 */
public final class WaitIterator<K, T> implements Iterable<T> {
  private record Item<K, T>(
      K index, CompletionStage<? extends T> stage, LoopFuture<? extends T> future) {}

  private final IOLoop loop = IOLoop.current();
  private final ArrayDeque<Item<K, T>> finished = new ArrayDeque<>(); // and not given out yet
  private int left; // not given out yet, finished or not
  private @Nullable LoopFuture<T> next; // while somebody waits for it
  private @Nullable Item<K, T> current; // the last one given out, if any

  private WaitIterator(List<K> indexes, List<? extends CompletionStage<? extends T>> stages) {
    loop.checkOnLoop("WaitIterator.of");
    left = stages.size();
    for (int i = 0; i < left; i++) {
      watch(indexes.get(i), stages.get(i));
    }
  }

  private <S extends T> void watch(K index, CompletionStage<S> stage) {
    var item = new Item<K, T>(index, stage, LoopFuture.of(loop, stage));
    var _ =
        item.future.whenComplete(
            (value, failure) -> {
              finished.add(item);
              giveOut();
            });
  }

  /** Of these stages, by their place. */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public static <T> WaitIterator<Integer, T> of(CompletionStage<? extends T>... stages) {
    return of(Arrays.asList(stages));
  }

  /** Of these stages, by their place in the list. */
  public static <T> WaitIterator<Integer, T> of(
      List<? extends CompletionStage<? extends T>> stages) {
    var places = new ArrayList<Integer>();
    for (int i = 0; i < stages.size(); i++) {
      places.add(i);
    }
    return new WaitIterator<>(places, List.copyOf(stages));
  }

  /** Of these stages, by their keys. */
  public static <K, T> WaitIterator<K, T> of(
      Map<K, ? extends CompletionStage<? extends T>> stages) {
    var keys = new ArrayList<K>();
    var values = new ArrayList<CompletionStage<? extends T>>();
    stages.forEach(
        (key, stage) -> {
          keys.add(key);
          values.add(stage);
        });
    return new WaitIterator<>(keys, values);
  }

  /** Whether {@link #next} has given out every stage. */
  public boolean done() {
    return left == 0;
  }

  /**
   * The outcome of the stage that completes next, or has completed and was not given out yet.
   * Cancelling the future gives up the wait, and no outcome is lost by it.
   *
   * @throws NoSuchElementException if all were given out
   * @throws IllegalStateException if the future of the call before is not done
   */
  public LoopFuture<T> next() {
    loop.checkOnLoop("WaitIterator.next");
    if (next != null && !next.isDone()) {
      throw new IllegalStateException(
          "next() was called before the future of the last call is done");
    }
    if (done()) {
      throw new NoSuchElementException("next() has given out every stage");
    }
    var given = new LoopFuture<T>(loop);
    next = given;
    giveOut();
    return given;
  }

  private void giveOut() {
    var waiting = next;
    if (waiting == null || waiting.isDone() || finished.isEmpty()) {
      return;
    }
    var item = finished.remove();
    var before = current;
    current = item; // for whoever gets the outcome
    left--;
    if (!Outcomes.pass(item.future, waiting)) { // cancelled at this moment, from another thread
      finished.addFirst(item);
      current = before;
      left++;
    }
  }

  /** The place or key of the stage that {@link #next} gave out last; null before the first. */
  public @Nullable K currentIndex() {
    return current == null ? null : current.index;
  }

  /** The stage that {@link #next} gave out last, as it was given to us; null before the first. */
  public @Nullable CompletionStage<? extends T> currentFuture() {
    return current == null ? null : current.stage;
  }

  /** What is left, each value awaited. */
  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return !done();
      }

      @Override
      public T next() {
        return Gen.await(WaitIterator.this.next());
      }
    };
  }
}
