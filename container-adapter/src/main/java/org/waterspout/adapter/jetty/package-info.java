// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * An {@code Application} as a handler of Jetty 12.1, without the servlet API.
 *
 * <pre>
 *   JettyAdapter     the handler: its life, and handle() on Jetty's thread
 *     JettyRequest     all that is copied out of a request
 *     JettyCarrier     moves one exchange: Jetty's reads and writes, as callbacks of the loop
 *       JettyConnection      the connection itself, once it is a WebSocket's
 * </pre>
 */
@NullMarked
package org.waterspout.adapter.jetty;

import org.jspecify.annotations.NullMarked;
