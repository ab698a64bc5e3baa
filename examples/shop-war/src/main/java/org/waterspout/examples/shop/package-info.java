// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * A small shop, an old application of servlets: a shelf, and a cart in the session. It knows
 * nothing of Waterspout, and runs in any servlet container.
 */
package org.waterspout.examples.shop;
