// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * From a WAR to a web application that can be started, Servlet 6.1 chapters 8 and 10. Read {@link
 * org.waterspout.bridge.assembly.AppHome} first: what an application lives on, from before its
 * start until after its end.
 */
@NullMarked
package org.waterspout.bridge.assembly;

import org.jspecify.annotations.NullMarked;
