// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** Sessions, in memory. Safe for concurrent use throughout. */
@NullMarked
package org.waterspout.bridge.session;

import org.jspecify.annotations.NullMarked;
