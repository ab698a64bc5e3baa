// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** A WAR without web.xml. */
@NullMarked
package org.waterspout.examples.war;

import org.jspecify.annotations.NullMarked;
