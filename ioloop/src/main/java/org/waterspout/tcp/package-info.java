// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** TCP servers. Tornado: {@code tornado.tcpserver}. */
@NullMarked
package org.waterspout.tcp;

import org.jspecify.annotations.NullMarked;
