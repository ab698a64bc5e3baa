// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * Help for tests of what runs on a loop. Tornado: {@code tornado.testing}.
 *
 * <p>{@code FakeClock} makes time, {@code ExpectLog} takes what a test wants logged out of the log,
 * and {@code Testing} finds ports.
 */
@NullMarked
package org.waterspout.testing;

import org.jspecify.annotations.NullMarked;
