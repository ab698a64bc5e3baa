// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * What lies at the paths of a web application: the files of the WAR, then those under {@code
 * META-INF/resources} of its libraries, Servlet 6.1 section 4.6.
 */
@NullMarked
package org.waterspout.bridge.resource;

import org.jspecify.annotations.NullMarked;
