// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where the slow parts of TLS handshakes run: key exchange, signatures, checks of certificates.
 *
 * <p>In threads of their own, so that users who block all threads for what blocks stall no
 * handshake; and in platform threads, as this is computing, which would keep a virtual thread's
 * carrier from others and wait for it behind them. Few, since more than there are processors gain
 * nothing but for a check that asks somebody over the network. One pool for all loops of the
 * process, whose threads end when there is nothing to do.
 */
final class TLSTasks {
  static final int THREADS = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
  static final ThreadPoolExecutor EXECUTOR = open();

  private static final long IDLE_SECONDS = 5; // then a thread ends

  private TLSTasks() {}

  private static ThreadPoolExecutor open() {
    var executor =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            TLSTasks::newThread);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Inherits nothing of the application whose handshake happens to need it first. */
  private static Thread newThread(Runnable work) {
    var thread =
        Thread.ofPlatform()
            .name("waterspout-tls")
            .daemon()
            .inheritInheritableThreadLocals(false)
            .unstarted(work);
    thread.setContextClassLoader(TLSTasks.class.getClassLoader());
    return thread;
  }
}
