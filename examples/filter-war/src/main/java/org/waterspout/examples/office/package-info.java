// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * The waiting room of an office, an old application of servlets. Its display was reloaded every few
 * seconds; a route before it now waits for the next number.
 */
@NullMarked
package org.waterspout.examples.office;

import org.jspecify.annotations.NullMarked;
