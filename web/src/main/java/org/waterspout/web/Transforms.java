// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;

/** The transforms of one answer, in the order in which it passes through them. On the loop. */
final class Transforms {
  private final List<Function<HTTPServerRequest, ? extends OutputTransform>> factories;
  private final HTTPServerRequest request;
  private List<OutputTransform> made = List.of(); // until the first chunk
  private boolean failed;

  Transforms(
      List<Function<HTTPServerRequest, ? extends OutputTransform>> factories,
      HTTPServerRequest request) {
    this.factories = factories;
    this.request = request;
  }

  byte[] firstChunk(int status, HTTPHeaders headers, byte[] chunk, boolean finishing) {
    if (factories.isEmpty() || failed) {
      return chunk;
    }
    return guarded(
        () -> {
          made = new ArrayList<>();
          for (var factory : factories) {
            made.add(factory.apply(request));
          }
          byte[] out = chunk;
          for (var transform : made) {
            out = transform.transformFirstChunk(status, headers, out, finishing);
          }
          return out;
        });
  }

  byte[] chunk(byte[] chunk, boolean finishing) {
    if (made.isEmpty()) {
      return chunk;
    }
    return guarded(
        () -> {
          byte[] out = chunk;
          for (var transform : made) {
            out = transform.transformChunk(out, finishing);
          }
          return out;
        });
  }

  /** Whether what comes behind the first chunk is sent as it is. */
  boolean passThrough() {
    return made.stream().allMatch(OutputTransform::passesThrough);
  }

  /** The answer has ended, or begins again. */
  void close() {
    var ended = made;
    made = List.of();
    for (var transform : ended) {
      try {
        transform.close();
      } catch (Throwable e) { // the answer ends all the same
        Log.APPLICATION.log(
            System.Logger.Level.ERROR, "Exception in OutputTransform.close", Log.cleaned(e));
        IOLoop.rethrowIfFatal(e);
      }
    }
  }

  private byte[] guarded(Step step) {
    boolean done = false;
    try {
      byte[] out = step.run();
      done = true;
      return out;
    } finally {
      if (!done) {
        failed = true; // the error page is sent without
        close();
      }
    }
  }

  @FunctionalInterface
  private interface Step {
    byte[] run();
  }
}
