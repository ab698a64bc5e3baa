// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** From a request target to a servlet: pure, no input or output. */
@NullMarked
package org.waterspout.bridge.mapping;

import org.jspecify.annotations.NullMarked;
