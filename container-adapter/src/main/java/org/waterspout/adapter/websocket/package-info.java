// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * WebSockets by the container's jakarta.websocket: not exported.
 *
 * <pre>
 *   WebSocketSupport      whether the container has it, and what is missing if not
 *     ServerContainerSupport   upgrades a request, on the container's thread
 *       SessionEndpoint          what the container calls
 *         SessionTransport         the transport of the WebSocket that is open, on the loop
 *           Inbox                    what has come and is not wanted yet
 *           SessionControl           what the API cannot: hold the client back, and end at once
 * </pre>
 *
 * <p>Only {@code WebSocketSupport} can be loaded where there is no jakarta.websocket.
 */
@NullMarked
package org.waterspout.adapter.websocket;

import org.jspecify.annotations.NullMarked;
