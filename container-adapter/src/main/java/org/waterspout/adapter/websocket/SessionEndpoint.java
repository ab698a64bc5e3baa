// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.websocket;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.WebSocketUpgrade;
import org.waterspout.log.Log;

/**
 * What the container calls of one WebSocket, on threads of its own, one call after the other. It
 * joins pieces of messages, so that it is us who limit them: some containers that do it would take
 * the memory for the longest message from the start.
 *
 * <p>Public for containers that insist on it.
 */
public final class SessionEndpoint extends Endpoint {
  private static final int TOO_BIG = CloseReason.CloseCodes.TOO_BIG.getCode();

  private final WebSocketUpgrade upgrade;
  private @Nullable SessionTransport transport; // null before onOpen
  private final JoinedText text;
  private final JoinedBytes bytes;

  SessionEndpoint(WebSocketUpgrade upgrade) {
    this.upgrade = upgrade;
    this.text = new JoinedText(upgrade.maxMessageSize());
    this.bytes = new JoinedBytes(upgrade.maxMessageSize());
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    var opened = new SessionTransport(session, upgrade);
    transport = opened;
    session.setMaxIdleTimeout(0); // we ping
    session.addMessageHandler(
        String.class,
        (MessageHandler.Partial<String>) (piece, last) -> received(opened, piece, last));
    session.addMessageHandler(
        byte[].class,
        (MessageHandler.Partial<byte[]>) (piece, last) -> received(opened, piece, last));
    session.addMessageHandler(
        PongMessage.class,
        (MessageHandler.Whole<PongMessage>) pong -> opened.received(new Inbox.Pong(data(pong))));
    upgrade.exchange().post(() -> upgrade.opened(opened));
  }

  private void received(SessionTransport opened, String piece, boolean last) {
    if (!text.add(piece)) {
      tooBig(opened);
    } else if (last) {
      opened.received(new Inbox.Text(text.take()));
    }
  }

  private void received(SessionTransport opened, byte[] piece, boolean last) {
    if (!bytes.add(piece)) {
      tooBig(opened);
    } else if (last) {
      opened.received(new Inbox.Binary(bytes.take()));
    }
  }

  private void tooBig(SessionTransport opened) {
    opened.refuse(TOO_BIG, "a message of more than " + upgrade.maxMessageSize() + " bytes");
  }

  private static byte[] data(PongMessage pong) {
    var buffer = pong.getApplicationData();
    byte[] data = new byte[buffer.remaining()];
    buffer.get(data);
    return data;
  }

  @Override
  public void onClose(Session session, CloseReason reason) {
    var open = transport;
    if (open != null) {
      var phrase = reason.getReasonPhrase();
      open.closed(reason.getCloseCode().getCode(), phrase == null ? "" : phrase);
    }
  }

  /** The close that follows is what counts. */
  @Override
  public void onError(Session session, Throwable failure) {
    Log.GENERAL.log(Level.DEBUG, () -> "a WebSocket breaks: " + Log.cleaned(failure));
  }
}
