// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** The demo's application, the same for the native server and the WAR. */
@NullMarked
package org.waterspout.examples.demo;

import org.jspecify.annotations.NullMarked;
