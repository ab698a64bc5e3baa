// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** The code that the guide shows, in {@code docs/guide}. A test compares them. */
@NullMarked
package org.waterspout.examples.guide;

import org.jspecify.annotations.NullMarked;
