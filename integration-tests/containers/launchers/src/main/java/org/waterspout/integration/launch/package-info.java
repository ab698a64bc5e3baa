// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** Starts containers in processes of their own: one main class for each family. */
@NullMarked
package org.waterspout.integration.launch;

import org.jspecify.annotations.NullMarked;
