// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * TCP servers and clients, name look-ups, TLS options. Tornado: {@code tornado.tcpserver}, {@code
 * tornado.tcpclient}, {@code tornado.netutil}.
 *
 * <p>Read {@link org.waterspout.tcp.TCPServer} first, then {@link org.waterspout.tcp.TCPClient}.
 */
@NullMarked
package org.waterspout.tcp;

import org.jspecify.annotations.NullMarked;
