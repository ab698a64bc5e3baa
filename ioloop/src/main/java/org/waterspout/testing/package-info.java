// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * Help for tests of what runs on a loop. Tornado: {@code tornado.testing}.
 *
 * <p>{@code GenTest} marks a test method that runs on a loop, by JUnit 6 and {@code LoopExtension};
 * that keeps a {@code TestLoop} per test and a {@code TestStep} per method. {@code FakeClock} makes
 * time, {@code ExpectLog} takes what a test wants logged out of the log, and {@code Testing} finds
 * ports.
 */
@NullMarked
package org.waterspout.testing;

import org.jspecify.annotations.NullMarked;
