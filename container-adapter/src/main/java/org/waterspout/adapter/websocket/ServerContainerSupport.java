// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.websocket;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.AnswerHead;
import org.waterspout.adapter.exchange.WebSocketUpgrade;
import org.waterspout.log.Log;

/**
 * Upgrades by {@code ServerContainer.upgradeHttpToWebSocket}, jakarta.websocket 2.1 section 8.3.
 * Nothing is registered with the container, so that no filter of its own upgrades past our routes.
 */
final class ServerContainerSupport implements WebSocketSupport {
  private static final String HANDSHAKE = "Sec-WebSocket-"; // what its fields begin with

  private final ServerContainer container;

  private ServerContainerSupport(ServerContainer container) {
    this.container = container;
  }

  /** Null if it is one of another copy of the API. */
  static @Nullable WebSocketSupport of(Object container) {
    return container instanceof ServerContainer ours ? new ServerContainerSupport(ours) : null;
  }

  @Override
  public void upgrade(
      HttpServletRequest request, HttpServletResponse response, WebSocketUpgrade upgrade)
      throws IOException {
    var exchange = upgrade.exchange();
    if (upgrade.givenUp()) {
      refuse(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      return;
    }
    try {
      AnswerHead.fields(upgrade.headers(), new Fields(response));
      container.upgradeHttpToWebSocket(request, response, config(upgrade), Map.of());
    } catch (DeploymentException | IOException | RuntimeException e) {
      Log.GENERAL.log(Level.DEBUG, "the container opens no WebSocket", e);
      refuse(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
      exchange.post(() -> upgrade.failed(e));
      return;
    }
    int status = response.getStatus();
    if (status >= HttpServletResponse.SC_BAD_REQUEST) {
      var refusal = new IllegalStateException("the container refuses a WebSocket with " + status);
      exchange.post(() -> upgrade.failed(refusal));
    }
  }

  private static void refuse(HttpServletResponse response, int status) throws IOException {
    if (!response.isCommitted()) {
      response.reset();
      response.setStatus(status);
      response.setHeader("Connection", "close");
      response.setContentLength(0);
    }
  }

  private static ServerEndpointConfig config(WebSocketUpgrade upgrade) {
    var subprotocol = upgrade.subprotocol();
    return ServerEndpointConfig.Builder.create(SessionEndpoint.class, "/waterspout")
        .subprotocols(subprotocol == null ? List.of() : List.of(subprotocol))
        .configurator(new Handshake(upgrade))
        .build();
  }

  /** All but those of the handshake, which are the container's. */
  private record Fields(HttpServletResponse response) implements AnswerHead.Fields {
    @Override
    public void set(String name, String value) {
      if (!isOfHandshake(name)) {
        response.setHeader(name, value);
      }
    }

    @Override
    public void add(String name, String value) {
      if (!isOfHandshake(name)) {
        response.addHeader(name, value);
      }
    }

    private static boolean isOfHandshake(String name) {
      return name.regionMatches(true, 0, HANDSHAKE, 0, HANDSHAKE.length());
    }
  }

  /** All that it could ask has been decided. */
  private static final class Handshake extends ServerEndpointConfig.Configurator {
    private final WebSocketUpgrade upgrade;

    Handshake(WebSocketUpgrade upgrade) {
      this.upgrade = upgrade;
    }

    @Override
    public boolean checkOrigin(String origin) {
      return true;
    }

    @Override
    public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
      var chosen = upgrade.subprotocol();
      return chosen == null ? "" : chosen;
    }

    @Override
    public List<Extension> getNegotiatedExtensions(
        List<Extension> installed, List<Extension> requested) {
      return List.of();
    }

    @Override
    public <T> T getEndpointInstance(Class<T> endpointClass) {
      return endpointClass.cast(new SessionEndpoint(upgrade));
    }
  }
}
