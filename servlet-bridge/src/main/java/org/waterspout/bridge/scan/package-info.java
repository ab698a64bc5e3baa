// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * What the class files of a WAR say of themselves, read without loading a class: annotations, and
 * who extends and implements whom. Servlet 6.1 sections 8.1 and 8.2.4.
 */
@NullMarked
package org.waterspout.bridge.scan;

import org.jspecify.annotations.NullMarked;
