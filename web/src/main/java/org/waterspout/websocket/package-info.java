// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * WebSocket, RFC 6455, with permessage-deflate, RFC 7692. Tornado: {@code websocket}.
 *
 * <pre>
 *   the codec, for both ends, without any I/O:
 *   MessageReader         bytes to messages
 *     FrameHead             the head of one frame
 *     UTF8Check, Masking, Inflation
 *   FrameWriter           messages to frames
 *     Masking, Deflation
 *   PerMessageDeflate     what is agreed on of an ExtensionOffer
 * </pre>
 */
@NullMarked
package org.waterspout.websocket;

import org.jspecify.annotations.NullMarked;
