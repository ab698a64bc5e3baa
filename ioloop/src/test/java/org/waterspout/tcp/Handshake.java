// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** A whole handshake between two engines, in memory. */
final class Handshake {
  private static final int STEPS = 100;

  final SSLEngine client;
  final SSLEngine server;
  private final ByteBuffer toServer = ByteBuffer.allocate(64 * 1024);
  private final ByteBuffer toClient = ByteBuffer.allocate(64 * 1024);

  Handshake(SSLOptions server, SSLOptions client, String serverHostname) throws SSLException {
    this(server.newEngine(true, null), client.newEngine(false, serverHostname));
  }

  Handshake(SSLEngine server, SSLEngine client) throws SSLException {
    this.server = server;
    this.client = client;
    for (int i = 0; i < STEPS; i++) {
      step(client, toClient, toServer);
      step(server, toServer, toClient);
      if (toServer.position() == 0 && toClient.position() == 0 && done(client) && done(server)) {
        return;
      }
    }
    throw new AssertionError("no end of the handshake");
  }

  private static boolean done(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
  }

  private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
    in.flip();
    var plain = ByteBuffer.allocate(64 * 1024);
    SSLEngineResult result;
    do {
      result = engine.unwrap(in, plain);
    } while (result.bytesConsumed() > 0
        && engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP
        && engine.getHandshakeStatus() != HandshakeStatus.NEED_TASK);
    in.compact();
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      engine.wrap(ByteBuffer.allocate(0), out);
    }
    if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
        && engine.getSession().getProtocol().equals("NONE")) {
      engine.beginHandshake();
    }
  }

  X509Certificate serverCertificate() throws SSLPeerUnverifiedException {
    return (X509Certificate) client.getSession().getPeerCertificates()[0];
  }

  X509Certificate clientCertificate() throws SSLPeerUnverifiedException {
    return (X509Certificate) server.getSession().getPeerCertificates()[0];
  }
}
