// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * WebSocket, RFC 6455, with permessage-deflate, RFC 7692. Tornado: {@code websocket}.
 *
 * <pre>
 *   WebSocketHandler      what users subclass
 *     Handshake             what the request must look like
 *   WebSocketClientConnection   the client's end
 *     WebSocketConnecting   from a WebSocketURL to a connection
 *       ClientHandshake       what is asked, and what the answer must look like
 *     MessageQueue          between the connection and who reads
 *   WebSocketConnection   what is the same for all of them: how a receiver is called
 *     Pinger
 *   WebSocketProtocol13   either end of a connection, on a stream
 *     Sender                frames on their way out
 *   HostedWebSocket       the server's end where a container reads and writes the frames
 *   the codec, for both ends, without any I/O:
 *   MessageReader         bytes to messages
 *     FrameHead             the head of one frame
 *     UTF8Check, Masking, Inflation
 *   FrameWriter           messages to frames
 *     Masking, Deflation
 *   PerMessageDeflate     what is agreed on of an ExtensionOffer
 * </pre>
 *
 * <p>Read {@link org.waterspout.websocket.WebSocketHandler} or {@link
 * org.waterspout.websocket.WebSocketClientConnection}, then {@code WebSocketProtocol13}.
 */
@NullMarked
package org.waterspout.websocket;

import org.jspecify.annotations.NullMarked;
