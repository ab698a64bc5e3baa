// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.net.IDN;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/**
 * Looks names up on platform threads: a look-up blocks in native code, and would hold the carrier
 * of a virtual thread for as long as the name server does not answer. A name is looked up once at a
 * time, whoever asks for it: so one whose name server is dead takes one thread, and not all.
 */
final class SystemResolver implements Resolver {
  static final int MAX_LOOKUPS = 32;
  private static final int IDLE_SECONDS = 10; // then a thread ends

  static final SystemResolver INSTANCE = new SystemResolver(SystemResolver::lookUp, threads());

  /** {@link InetAddress#getAllByName}, or a test's. */
  interface Lookup {
    InetAddress[] addressesOf(String host) throws UnknownHostException;
  }

  private final Lookup lookup;
  private final Executor threads;
  private final Map<String, List<Waiter>> waiting = new HashMap<>(); // by host; guarded by itself

  SystemResolver(Lookup lookup, Executor threads) {
    this.lookup = lookup;
    this.threads = threads;
  }

  static Executor threads() {
    var pool =
        new ThreadPoolExecutor(
            MAX_LOOKUPS,
            MAX_LOOKUPS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name("waterspout-resolver-", 1)
                .factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  @Override
  public LoopFuture<List<InetSocketAddress>> resolve(
      String host, int port, @Nullable StandardProtocolFamily family) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
    var loop = IOLoop.current();
    var literal = Literals.parse(host);
    if (literal != null) {
      return answered(loop, host, port, family, literal);
    }
    var result = new LoopFuture<List<InetSocketAddress>>(loop);
    addWaiter(host, new Waiter(result, host, port, family));
    return result;
  }

  /** Whoever asks for a host while it is being looked up waits for the same answer. */
  private void addWaiter(String host, Waiter waiter) {
    synchronized (waiting) {
      var others = waiting.get(host);
      if (others != null) {
        others.add(waiter);
        return;
      }
      waiting.put(host, new ArrayList<>(List.of(waiter)));
      try {
        threads.execute(() -> lookUpForWaiters(host));
      } catch (Throwable e) { // there may be no thread left
        waiting.remove(host);
        throw e;
      }
    }
  }

  private void lookUpForWaiters(String host) {
    synchronized (waiting) {
      if (Objects.requireNonNull(waiting.get(host)).stream().allMatch(Waiter::gaveUp)) {
        waiting.remove(host);
        return;
      }
    }
    InetAddress[] addresses;
    try {
      addresses = lookup.addressesOf(host);
    } catch (Throwable e) {
      takeWaiters(host).forEach(waiter -> waiter.result.completeExceptionally(e));
      return;
    }
    takeWaiters(host).forEach(waiter -> waiter.answer(addresses));
  }

  private List<Waiter> takeWaiters(String host) {
    synchronized (waiting) {
      return Objects.requireNonNull(waiting.remove(host));
    }
  }

  /** One call. Its future may be cancelled without harm to those of others. */
  private record Waiter(
      LoopFuture<List<InetSocketAddress>> result,
      String host,
      int port,
      @Nullable StandardProtocolFamily family) {
    boolean gaveUp() {
      return result.isDone();
    }

    void answer(InetAddress[] addresses) {
      try {
        result.complete(select(host, port, family, addresses));
      } catch (Throwable e) {
        result.completeExceptionally(e);
      }
    }
  }

  private static LoopFuture<List<InetSocketAddress>> answered(
      IOLoop loop,
      String host,
      int port,
      @Nullable StandardProtocolFamily family,
      InetAddress... addresses) {
    try {
      return LoopFuture.completed(loop, select(host, port, family, addresses));
    } catch (UnknownHostException e) {
      return LoopFuture.failed(loop, e);
    }
  }

  private static List<InetSocketAddress> select(
      String host, int port, @Nullable StandardProtocolFamily family, InetAddress... addresses)
      throws UnknownHostException {
    var selected =
        Arrays.stream(addresses)
            .filter(address -> family == null || familyOf(address) == family)
            .distinct()
            .map(address -> new InetSocketAddress(address, port))
            .toList();
    if (selected.isEmpty()) {
      throw new UnknownHostException(host + " has no address of the family " + family);
    }
    return selected;
  }

  static StandardProtocolFamily familyOf(InetAddress address) {
    return address instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  /** The addresses of a host; blocks. */
  static InetAddress[] lookUp(String host) throws UnknownHostException {
    if (host.isEmpty() || host.indexOf('\0') >= 0) { // to the JDK, no name is this machine's
      throw new UnknownHostException("not a host name: \"" + host.replace('\0', '?') + "\"");
    }
    try {
      return InetAddress.getAllByName(host.indexOf(':') < 0 ? IDN.toASCII(host) : host);
    } catch (UnknownHostException e) {
      throw withHost(host, e);
    } catch (IllegalArgumentException e) { // of IDN
      throw withHost(host, e);
    }
  }

  private static UnknownHostException withHost(String host, Exception reason) {
    var unknown = new UnknownHostException("unknown host: " + host);
    unknown.initCause(reason);
    return unknown;
  }
}
