// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * An {@code Application} as a handler of Undertow, without the servlet API.
 *
 * <pre>
 *   UndertowAdapter     the handler: its life, and handleRequest() on Undertow's thread
 *     UndertowRequest     all that is copied out of a request
 *     UndertowCarrier     moves one exchange: head, order and end
 *       BodySource, AnswerSink   non-blocking channels; their listeners only wake the loop
 *       UndertowConnection       the connection itself, once it is a WebSocket's
 *       CloseWatch               tells the exchange that Undertow has closed its connection
 * </pre>
 */
@NullMarked
package org.waterspout.adapter.undertow;

import org.jspecify.annotations.NullMarked;
