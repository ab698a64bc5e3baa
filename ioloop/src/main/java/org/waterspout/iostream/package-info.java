// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** Non-blocking sockets with buffers. Tornado: {@code tornado.iostream}. */
@NullMarked
package org.waterspout.iostream;

import org.jspecify.annotations.NullMarked;
