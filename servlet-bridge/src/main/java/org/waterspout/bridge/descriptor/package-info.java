// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * What {@code web.xml} and {@code web-fragment.xml} say, Servlet 6.1 chapter 14: {@code
 * DescriptorReader} reads one of them, {@code WebXml} is what it says, record by record, each with
 * the place where it stands. Nothing is judged here but the descriptor itself.
 */
@NullMarked
package org.waterspout.bridge.descriptor;

import org.jspecify.annotations.NullMarked;
