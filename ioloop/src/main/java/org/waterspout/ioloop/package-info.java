// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * The event loop.
 *
 * <pre>
 *   IOLoop    one turn after the other: callbacks, due timeouts, poll, events
 *     Timers    the timeouts, exact in order
 *     Baton     who holds the loop; the only file that suspends a stack
 *     Carrier   where the loop's virtual threads run
 *   LoopFuture  what is awaited; its dependents run as callbacks of the loop
 *   Context     what a callback carries along from where it was stored
 * </pre>
 *
 * <p>Read {@code IOLoop}, then {@code Baton}.
 */
@NullMarked
package org.waterspout.ioloop;

import org.jspecify.annotations.NullMarked;
