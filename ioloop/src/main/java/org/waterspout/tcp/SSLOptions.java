// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.net.IDN;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * How one side speaks TLS: its certificates, whom it trusts, protocols. Immutable, and usable from
 * any thread and by any number of servers and connections. Tornado: {@code ssl_options}.
 *
 * <pre>{@code
 * var server = SSLOptions.builder().certificate(Path.of("chain.pem"), Path.of("key.pem")).build();
 * var client = SSLOptions.defaults();                            // trusts whom the JVM trusts
 * var inside = SSLOptions.builder().trust(Path.of("our-ca.pem")).build();
 * }</pre>
 *
 * <p>TLS 1.3 and 1.2 are spoken. A client checks the server's certificate and that it is made out
 * for the host name or address that was asked for, unless it is told in so many words not to.
 */
public final class SSLOptions {
  private static final SSLOptions DEFAULTS = builder().build();

  private final SSLContext context;
  private final boolean lacksCertificate; // known only where the context is our own
  private final boolean checksHostname;
  private final ClientCertificate clientCertificate;
  private final String[] protocols;
  private final String @Nullable [] cipherSuites; // null: the JDK's
  private final String[] applicationProtocols;
  private final @Nullable SSLOptions withoutCertificate; // null: these are

  /** What a server asks of its clients. */
  enum ClientCertificate {
    NONE,
    WANTED,
    NEEDED
  }

  SSLOptions(
      SSLOptionsBuilder from,
      SSLContext context,
      boolean lacksCertificate,
      @Nullable SSLOptions withoutCertificate) {
    this.context = context;
    this.lacksCertificate = lacksCertificate;
    this.withoutCertificate = withoutCertificate;
    checksHostname = from.checksHostname;
    clientCertificate = from.clientCertificate;
    protocols = from.protocols.toArray(String[]::new);
    cipherSuites = from.cipherSuites.isEmpty() ? null : from.cipherSuites.toArray(String[]::new);
    applicationProtocols = from.applicationProtocols.toArray(String[]::new);
  }

  /** For clients: trusts the authorities that the JVM trusts, and checks host names. */
  public static SSLOptions defaults() {
    return DEFAULTS;
  }

  /** Options over a context that is ready: its keys and its trust are what counts. */
  public static SSLOptions of(SSLContext context) {
    return builder().context(context).build();
  }

  /** Starts with no certificate of one's own, the JVM's trust, TLS 1.3 and 1.2, no ALPN. */
  public static SSLOptionsBuilder builder() {
    return new SSLOptionsBuilder();
  }

  /**
   * For clients: the same options, and so the same trust, without this side's certificate and key;
   * the same object each time. What a context that was given ready has cannot be taken out of it.
   */
  public SSLOptions withoutCertificate() {
    return withoutCertificate == null ? this : withoutCertificate;
  }

  /** What is offered by ALPN (RFC 7301), the most wanted first; empty if it is not used. */
  public List<String> applicationProtocols() {
    return List.of(applicationProtocols);
  }

  /**
   * An engine for one connection, whose handshake has not begun. From any thread.
   *
   * @param serverHostname for clients: the name or address that the server's certificate must be
   *     made out for. A name is sent to the server too (SNI); addresses are not, as RFC 6066 has it
   * @throws IllegalArgumentException if a client that checks certificates gives no host name
   * @throws IllegalStateException if a server has no certificate
   */
  public SSLEngine newEngine(boolean serverSide, @Nullable String serverHostname) {
    return serverSide ? serverEngine() : clientEngine(serverHostname);
  }

  private SSLEngine serverEngine() {
    if (lacksCertificate) {
      throw new IllegalStateException(
          "a TLS server needs a certificate: SSLOptions.builder().certificate(chain, key)");
    }
    var engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    var parameters = commonParameters(engine);
    switch (clientCertificate) {
      case NONE -> parameters.setWantClientAuth(false);
      case WANTED -> parameters.setWantClientAuth(true);
      case NEEDED -> parameters.setNeedClientAuth(true);
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  private SSLEngine clientEngine(@Nullable String serverHostname) {
    if (serverHostname == null || serverHostname.isEmpty()) {
      if (checksHostname) {
        throw new IllegalArgumentException(
            "TLS needs the server's host name, to check its certificate against");
      }
      return clientEngine(context.createSSLEngine(), List.of());
    }
    var host = withoutBrackets(serverHostname);
    var literal = Literals.parse(withoutZone(host)) != null;
    return clientEngine(
        context.createSSLEngine(literal ? withoutZone(host) : asciiName(host), -1),
        literal ? List.of() : sniNames(host));
  }

  private SSLEngine clientEngine(SSLEngine engine, List<SNIServerName> names) {
    engine.setUseClientMode(true);
    var parameters = commonParameters(engine);
    parameters.setServerNames(names);
    if (checksHostname) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  private SSLParameters commonParameters(SSLEngine engine) {
    var parameters = engine.getSSLParameters();
    parameters.setProtocols(protocols);
    if (cipherSuites != null) {
      parameters.setCipherSuites(cipherSuites);
    }
    parameters.setApplicationProtocols(applicationProtocols);
    return parameters;
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /** Which of this machine's links leads there is no part of an identity. */
  private static String withoutZone(String address) {
    int percent = address.indexOf('%');
    return percent < 0 ? address : address.substring(0, percent);
  }

  /** None for a name with an underscore: the JDK does not let it be sent. */
  private static List<SNIServerName> sniNames(String host) {
    try {
      return List.of(new SNIHostName(asciiName(host)));
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  /** A certificate and SNI have names without the last dot (RFC 6066 3). */
  private static String asciiName(String host) {
    var ascii = IDN.toASCII(host);
    return ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
  }
}
