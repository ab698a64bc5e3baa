// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * A WAR on disk: packed or exploded, in the end a directory. {@code WarFile} is the result; {@code
 * WorkDirectory} is where packed ones are unpacked to.
 */
@NullMarked
package org.waterspout.bridge.war;

import org.jspecify.annotations.NullMarked;
