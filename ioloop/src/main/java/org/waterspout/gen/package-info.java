// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * Waiting and doing several things at once, on the loop. Tornado: {@code tornado.gen}.
 *
 * <p>Read {@link org.waterspout.gen.Gen} first: await, spawn, multi, timeouts and conversions.
 * {@link org.waterspout.gen.WaitIterator} takes outcomes as they come, {@link
 * org.waterspout.gen.Publishers} reads reactive streams.
 */
@NullMarked
package org.waterspout.gen;

import org.jspecify.annotations.NullMarked;
