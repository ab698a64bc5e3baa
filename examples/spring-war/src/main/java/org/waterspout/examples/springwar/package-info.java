// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * A small application of Spring MVC. It knows nothing of Waterspout, and runs in any container of
 * Servlet 6.1.
 */
package org.waterspout.examples.springwar;
