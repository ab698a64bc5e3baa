// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * HTTP servers side by side, in processor time. Read {@link
 * org.waterspout.benchmarks.http.Comparison} first; the README of this module has the figures.
 */
@NullMarked
package org.waterspout.benchmarks.http;

import org.jspecify.annotations.NullMarked;
