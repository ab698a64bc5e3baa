// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * An {@code Application} as a servlet or a filter.
 *
 * <pre>
 *   ServletAdapter, ServletFilterAdapter   the servlet, the filter
 *   WaterspoutInitializer    registers one of them where there is no web.xml
 *   Site                     an Application behind it: its life, and requests on the container's threads
 *     WebApplicationLoops      the loops of each web application
 *     RequestCopy              all that is copied out of a request
 *     exchange.Exchange        one exchange, on the loop: the HTTPConnection, whatever the container
 *       AsyncCarrier             moves it in async mode
 *         BodyReader, AnswerWriter   non-blocking streams; the container's callbacks only wake the loop
 *         Funnel                   who may touch request and response, and who ends them
 *       SyncCarrier              moves it by a thread of the container that waits for the loop
 *   websocket.WebSocketSupport   the container's WebSockets, where it has them
 *   Quirks                   what containers do differently: the one table
 * </pre>
 *
 * <p>Read {@link org.waterspout.adapter.ServletAdapter}, then the package {@code exchange}.
 */
@NullMarked
package org.waterspout.adapter;

import org.jspecify.annotations.NullMarked;
