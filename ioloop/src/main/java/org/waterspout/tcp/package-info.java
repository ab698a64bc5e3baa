// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * TCP servers and TLS options. Tornado: {@code tornado.tcpserver}, {@code tornado.netutil}.
 *
 * <p>Read {@link org.waterspout.tcp.TCPServer} first.
 */
@NullMarked
package org.waterspout.tcp;

import org.jspecify.annotations.NullMarked;
