// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * Short text that all packages of this module check, show or send. Not exported: nothing here is
 * for users.
 */
@NullMarked
package org.waterspout.text;

import org.jspecify.annotations.NullMarked;
