// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * One exchange in a container, whatever the container: not exported.
 *
 * <pre>
 *   Exchange         the HTTPConnection: order of calls, limits, refusals, lengths, the end
 *     Receiver         whom the Application has chosen, called in order
 *     AnswerFraming    holds the answer to the length it has announced
 *     Carrier          what moves it: a container's streams, in one mode of one container
 *     AnswerQueue      what of the answer the carrier has not taken yet
 *     WebSocketUpgrade what the exchange becomes where it asks for that; OpenedStream, its bytes
 *     RequestHead      all that is known of a request before its body; RequestPath, what it routes by
 *     AnswerHead       start line and headers of an answer, as a container wants to be told them
 *     Deployment       what the mode is called, and what it can do
 *   OpenExchanges    those of one adapter; LoopThread, a loop and its thread
 *   Serving          an Application in a container without servlets: both of these, and its life
 * </pre>
 *
 * <p>Read {@link org.waterspout.adapter.exchange.Carrier}, then {@code Exchange}.
 */
@NullMarked
package org.waterspout.adapter.exchange;

import org.jspecify.annotations.NullMarked;
