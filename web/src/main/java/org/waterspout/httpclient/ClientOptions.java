// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.waterspout.tcp.Resolver;

/**
 * The limits and the ways of an {@link AsyncHTTPClient}.
 *
 * @param maxClients how many connections may be open at once, and so how many requests may be under
 *     way; the others wait in the queue. Connections that are kept give way to new ones
 * @param maxPerHost how many of them to one server
 * @param maxQueue how many requests may wait; one more fails at once
 * @param maxIdle how many connections without a request are kept, the last used ones; 0 for none
 * @param idleTimeout how long a connection without a request is kept
 * @param continueTimeout how long a body waits for 100 (Continue) if it is expected, before it is
 *     sent all the same
 * @param maxHeaderSize bytes of an answer's status line and headers together
 * @param maxBodySize bytes of an answer's body, both as it comes and inflated, unless the request
 *     has a limit of its own
 * @param resolver finds hosts; an {@link org.waterspout.tcp.OverrideResolver} sends some of them
 *     elsewhere (Tornado: {@code hostname_mapping})
 * @param requestDefaults is applied to a new builder by {@link AsyncHTTPClient#request}, and so to
 *     each fetch of a mere URL
 */
public record ClientOptions(
    int maxClients,
    int maxPerHost,
    int maxQueue,
    int maxIdle,
    Duration idleTimeout,
    Duration continueTimeout,
    int maxHeaderSize,
    long maxBodySize,
    Resolver resolver,
    Consumer<HTTPRequest.Builder> requestDefaults) {
  private static final ClientOptions DEFAULTS = builder().build();

  /** Checks the values. */
  public ClientOptions {
    Objects.requireNonNull(resolver, "resolver");
    Objects.requireNonNull(requestDefaults, "requestDefaults");
    checkPositive(maxClients, "maxClients");
    checkPositive(maxPerHost, "maxPerHost");
    checkPositive(maxHeaderSize, "maxHeaderSize");
    if (maxQueue < 0 || maxIdle < 0 || maxBodySize < 0) {
      throw new IllegalArgumentException(
          "maxQueue "
              + maxQueue
              + ", maxIdle "
              + maxIdle
              + " or maxBodySize "
              + maxBodySize
              + " is negative");
    }
    checkPositive(idleTimeout, "idleTimeout");
    checkPositive(continueTimeout, "continueTimeout");
  }

  private static void checkPositive(Duration value, String name) {
    if (!value.isPositive() || value.compareTo(Duration.ofDays(36_500)) > 0) {
      throw new IllegalArgumentException(name + " " + value + " is not positive, or endless");
    }
  }

  private static void checkPositive(int value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " " + value + " is not positive");
    }
  }

  /** The defaults. */
  public static ClientOptions defaults() {
    return DEFAULTS;
  }

  /** Begins with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects what differs from the defaults. */
  public static final class Builder {
    private int maxClients = 100;
    private int maxPerHost = 100;
    private int maxQueue = 10_000;
    private int maxIdle = 100;
    private Duration idleTimeout = Duration.ofSeconds(30);
    private Duration continueTimeout = Duration.ofSeconds(1);
    private int maxHeaderSize = 64 * 1024;
    private long maxBodySize = 100L << 20;
    private Resolver resolver = Resolver.system();
    private Consumer<HTTPRequest.Builder> requestDefaults = request -> {};

    private Builder() {}

    /** 100 if not set. */
    public Builder maxClients(int count) {
      maxClients = count;
      return this;
    }

    /** 100 if not set. */
    public Builder maxPerHost(int count) {
      maxPerHost = count;
      return this;
    }

    /** 10,000 if not set. */
    public Builder maxQueue(int count) {
      maxQueue = count;
      return this;
    }

    /** 100 if not set. */
    public Builder maxIdle(int count) {
      maxIdle = count;
      return this;
    }

    /** 30 s if not set: less than servers usually wait. */
    public Builder idleTimeout(Duration timeout) {
      idleTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** 1 s if not set. */
    public Builder continueTimeout(Duration timeout) {
      continueTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** 64 KiB if not set. */
    public Builder maxHeaderSize(int bytes) {
      maxHeaderSize = bytes;
      return this;
    }

    /** 100 MiB if not set. */
    public Builder maxBodySize(long bytes) {
      maxBodySize = bytes;
      return this;
    }

    /** The system's if not set. */
    public Builder resolver(Resolver other) {
      resolver = Objects.requireNonNull(other, "other");
      return this;
    }

    /** The library's if not set. */
    public Builder requestDefaults(Consumer<HTTPRequest.Builder> ofRequests) {
      requestDefaults = Objects.requireNonNull(ofRequests, "ofRequests");
      return this;
    }

    /** The options. */
    public ClientOptions build() {
      return new ClientOptions(
          maxClients,
          maxPerHost,
          maxQueue,
          maxIdle,
          idleTimeout,
          continueTimeout,
          maxHeaderSize,
          maxBodySize,
          resolver,
          requestDefaults);
    }
  }
}
