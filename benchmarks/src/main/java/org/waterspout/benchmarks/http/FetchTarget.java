// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** What a client's program fetches. */
final class FetchTarget {
  final URI uri;

  /** Is posted; null for a GET. */
  final byte @Nullable [] body;

  /** Of the answer's body. */
  final int length;

  /** From the arguments of a program: workload and port. */
  FetchTarget(String[] args) {
    var workload = Workload.valueOf(args[0]);
    uri = URI.create("http://127.0.0.1:" + args[1] + workload.path());
    body = workload == Workload.POST ? Workload.body(Workload.POST_SIZE) : null;
    length = workload.answerBody().length;
  }
}
