// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * A small shop, an old application of servlets and a page: a shelf, votes, a cart in the session.
 * It knows nothing of Waterspout, and runs in any servlet container.
 */
package org.waterspout.examples.shop;
