// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * The event loop.
 *
 * <pre>
 *   IOLoop      what users see of it: callbacks, timeouts, channels, start, stop, close
 *     Turns     one after the other: callbacks, due timeouts, poll, events
 *     Timers    the timeouts, exact in order
 *     Events    the channels
 *     Run       its life as others see it: one run after the other, then the close
 *     Awaits    how code waits: parked on a loop, blocked elsewhere
 *     Baton     who holds the loop; the only file that suspends a stack
 *     Pulse     how far it has come, for lag() and the watchdog
 *     Carrier   where the loop's virtual threads run
 *   Watchdog    looks after all running loops: Watch sees a stall, Stall says what it is about
 *   PeriodicCallback  calls back every so often
 *   LoopFuture  what is awaited; its dependents run as callbacks of the loop
 *   Context     what a callback carries along from where it was stored
 * </pre>
 *
 * <p>Read {@code IOLoop}, then {@code Turns}, then {@code Baton}.
 */
@NullMarked
package org.waterspout.ioloop;

import org.jspecify.annotations.NullMarked;
