// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * The class loader of a WAR, Servlet 6.1 section 10.7.2: what it sees of the host, what comes from
 * the WAR first, and what is still held when it has ended.
 */
@NullMarked
package org.waterspout.bridge.loading;

import org.jspecify.annotations.NullMarked;
