// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import jakarta.websocket.CloseReason;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.webresources.TomcatURLStreamHandlerFactory;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.websocket.server.WsSci;
import org.waterspout.http.TestTLS;

/** A Tomcat with an endpoint at {@code /echo}, by HTTP and by HTTPS. */
final class TomcatServer implements AutoCloseable {
  static final int SMALL = 100; // of messages at /echo?small
  private static final int LARGEST = 5_000_000;

  /** What the endpoint is told. */
  static final BlockingQueue<String> EVENTS = new LinkedBlockingQueue<>();

  private final Tomcat tomcat = new Tomcat();
  private final Connector plain = new Connector();
  private final Connector secure = new Connector();

  /** Public, as Tomcat wants it. */
  @ServerEndpoint(value = "/echo", subprotocols = "chat", configurator = Handshakes.class)
  public static final class Echo {
    @OnOpen
    public void open(Session session) {
      int largest = "small".equals(session.getQueryString()) ? SMALL : LARGEST;
      session.setMaxTextMessageBufferSize(largest);
      session.setMaxBinaryMessageBufferSize(largest);
    }

    @OnMessage
    public void text(Session session, String message) throws IOException {
      var remote = session.getBasicRemote();
      switch (message) {
        case "close" -> session.close(reason(4001, "as you wish"));
        case "ping" -> remote.sendPing(ByteBuffer.wrap(new byte[] {1, 2}));
        case "fragments" -> {
          remote.sendText("one\u00e4", false);
          remote.sendText(" two ", false);
          remote.sendText("three", true);
          remote.sendBinary(ByteBuffer.wrap(new byte[] {1, 2}), false);
          remote.sendBinary(ByteBuffer.wrap(new byte[] {3}), false);
          remote.sendBinary(ByteBuffer.allocate(0), true);
        }
        default -> remote.sendText(message);
      }
    }

    private static CloseReason reason(int code, String text) {
      return new CloseReason(CloseReason.CloseCodes.getCloseCode(code), text);
    }

    @OnMessage
    public void binary(Session session, byte[] message) throws IOException {
      session.getBasicRemote().sendBinary(ByteBuffer.wrap(message));
    }

    @OnMessage
    public void pong(PongMessage message) {
      var data = new byte[message.getApplicationData().remaining()];
      message.getApplicationData().get(data);
      EVENTS.add("pong " + Wire.hex(data));
    }

    @OnClose
    public void close(CloseReason reason) {
      EVENTS.add("closed " + reason.getCloseCode().getCode() + " " + reason.getReasonPhrase());
    }
  }

  /** Lets no foreign origin in, and gives a header back. Public, as Tomcat wants it. */
  public static final class Handshakes extends ServerEndpointConfig.Configurator {
    @Override
    public boolean checkOrigin(String origin) {
      return origin == null || !origin.contains("evil");
    }

    @Override
    public void modifyHandshake(
        ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
      var asked = request.getHeaders().getOrDefault("X-Asked", List.of());
      response.getHeaders().put("X-Answered", asked);
    }
  }

  TomcatServer(Path folder) throws Exception {
    TomcatURLStreamHandlerFactory.disable(); // that of the JVM stays as it is
    tomcat.setBaseDir(folder.toString());
    listen(plain);
    secure.setSecure(true);
    secure.setScheme("https");
    secure.setProperty("SSLEnabled", "true");
    secure.addSslHostConfig(certified());
    listen(secure);
    var context = (StandardContext) tomcat.addContext("", folder.toString());
    context.setClearReferencesRmiTargets(false); // both would want another --add-opens
    context.setClearReferencesThreadLocals(false);
    Tomcat.addServlet(context, "default", new DefaultServlet());
    context.addServletMapping("/", "default");
    context.addServletContainerInitializer(new WsSci(), Set.of(Echo.class));
    tomcat.start();
  }

  private void listen(Connector connector) {
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    tomcat.getService().addConnector(connector);
  }

  private static SSLHostConfig certified() throws Exception {
    var host = new SSLHostConfig();
    var certificate = new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
    certificate.setCertificateFile(TestTLS.file("server.pem").toString());
    certificate.setCertificateKeyFile(TestTLS.file("server-key.pem").toString());
    host.addCertificate(certificate);
    return host;
  }

  int port() {
    return plain.getLocalPort();
  }

  int securePort() {
    return secure.getLocalPort();
  }

  @Override
  public void close() throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
  }
}
