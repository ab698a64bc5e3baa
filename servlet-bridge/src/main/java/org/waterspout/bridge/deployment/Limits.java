// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import java.time.Duration;

/**
 * How much of everything a mount takes.
 *
 * @param maxConcurrent requests that run at the same time
 * @param maxQueue requests that wait for their turn; more are answered 503
 * @param retryAfter what a 503 tells the client
 * @param bodyBuffer bytes of a request's body that wait for the servlet before the sender is held
 *     back
 * @param outputBuffer bytes of an answer that are gathered before they are sent
 * @param maxParameters parameters of a request
 * @param maxFormSize bytes of a form that is read for its parameters
 * @param maxParts parts of a multipart form
 * @param stopTimeout how long {@code stop} waits for running requests before it interrupts them
 */
public record Limits(
    int maxConcurrent,
    int maxQueue,
    Duration retryAfter,
    int bodyBuffer,
    int outputBuffer,
    int maxParameters,
    int maxFormSize,
    int maxParts,
    Duration stopTimeout) {
  public static final Limits DEFAULT =
      new Limits(
          200,
          1000,
          Duration.ofSeconds(1),
          64 * 1024,
          16 * 1024,
          1000,
          2 * 1024 * 1024,
          100,
          Duration.ofSeconds(30));

  public Limits {
    check(maxConcurrent, 1, "maxConcurrent");
    check(maxQueue, 0, "maxQueue");
    check(bodyBuffer, 1, "bodyBuffer");
    check(outputBuffer, 256, "outputBuffer");
    check(maxParameters, 0, "maxParameters");
    check(maxFormSize, 0, "maxFormSize");
    check(maxParts, 0, "maxParts");
    if (retryAfter.isNegative() || stopTimeout.isNegative()) {
      throw new IllegalArgumentException("negative duration");
    }
  }

  /** Limits that are being chosen; those that are not are the default. */
  public static final class Builder {
    private int maxConcurrent = DEFAULT.maxConcurrent;
    private int maxQueue = DEFAULT.maxQueue;
    private Duration retryAfter = DEFAULT.retryAfter;
    private int bodyBuffer = DEFAULT.bodyBuffer;
    private int outputBuffer = DEFAULT.outputBuffer;
    private int maxParameters = DEFAULT.maxParameters;
    private int maxFormSize = DEFAULT.maxFormSize;
    private int maxParts = DEFAULT.maxParts;
    private Duration stopTimeout = DEFAULT.stopTimeout;

    public void maxConcurrent(int requests) {
      maxConcurrent = requests;
    }

    public void maxQueue(int requests) {
      maxQueue = requests;
    }

    public void retryAfter(Duration time) {
      retryAfter = time;
    }

    public void bodyBuffer(int bytes) {
      bodyBuffer = bytes;
    }

    public void outputBuffer(int bytes) {
      outputBuffer = bytes;
    }

    public void maxParameters(int parameters) {
      maxParameters = parameters;
    }

    public void maxFormSize(int bytes) {
      maxFormSize = bytes;
    }

    public void maxParts(int parts) {
      maxParts = parts;
    }

    public void stopTimeout(Duration timeout) {
      stopTimeout = timeout;
    }

    /**
     * The limits.
     *
     * @throws IllegalArgumentException if one is too small
     */
    public Limits build() {
      return new Limits(
          maxConcurrent,
          maxQueue,
          retryAfter,
          bodyBuffer,
          outputBuffer,
          maxParameters,
          maxFormSize,
          maxParts,
          stopTimeout);
    }
  }

  private static void check(int value, int least, String name) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is " + value + ", less than " + least);
    }
  }
}
