// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** The programs of the guide: {@code Demo} first. */
@NullMarked
package org.waterspout.examples;

import org.jspecify.annotations.NullMarked;
