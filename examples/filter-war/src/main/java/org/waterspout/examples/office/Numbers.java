// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.office;

import java.util.concurrent.CompletableFuture;

/** Whose turn it is. From any thread: the servlets' and the loop's. */
final class Numbers {
  /** Of this web application, which has its own copy of the class. */
  static final Numbers CALLED = new Numbers();

  private int current; // of this lock, as the next
  private CompletableFuture<Integer> next = new CompletableFuture<>();

  synchronized int current() {
    return current;
  }

  int callNext() {
    CompletableFuture<Integer> waited;
    int called;
    synchronized (this) {
      called = ++current;
      waited = next;
      next = new CompletableFuture<>();
    }
    waited.complete(called);
    return called;
  }

  /** Done as soon as another number than this is called, or at once if it is. */
  synchronized CompletableFuture<Integer> after(int seen) {
    return seen == current ? next : CompletableFuture.completedFuture(current);
  }
}
