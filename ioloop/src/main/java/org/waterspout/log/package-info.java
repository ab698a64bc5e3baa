// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** The three loggers. Tornado: {@code tornado.log}. */
@NullMarked
package org.waterspout.log;

import org.jspecify.annotations.NullMarked;
