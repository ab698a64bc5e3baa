// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** Waiting and doing several things at once, on the loop. Tornado: {@code tornado.gen}. */
@NullMarked
package org.waterspout.gen;

import org.jspecify.annotations.NullMarked;
