// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * A small application of Jersey, which is Jakarta REST. It knows nothing of Waterspout, and runs in
 * any servlet container.
 */
package org.waterspout.examples.jerseywar;
