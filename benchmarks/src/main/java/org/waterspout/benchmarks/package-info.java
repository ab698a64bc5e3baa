// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * What the loop costs, in processor time and in heap. Read {@link
 * org.waterspout.benchmarks.Benchmarks} first; the README of this module has the figures.
 */
@NullMarked
package org.waterspout.benchmarks;

import org.jspecify.annotations.NullMarked;
