// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSession;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPConnection;

/** What a request tells of TLS, Servlet 6.1 section 3.10. */
final class TLSAttributes {
  private static final String PREFIX = "jakarta.servlet.request.";

  /** The size in the name of a cipher suite, {@code TLS_AES_256_GCM_SHA384}. */
  private static final Pattern KEY_SIZE = Pattern.compile("_([0-9]{2,3})(?:_|$)");

  private TLSAttributes() {}

  /** The attributes of requests on a connection; none if it is plain. On the loop. */
  static Map<String, Object> of(HTTPConnection connection) {
    if (!connection.context().protocol().equals("https")) {
      return Map.of();
    }
    Map<String, Object> attributes = new HashMap<>();
    SSLSession session = connection.sslSession();
    if (session != null) {
      attributes.put(PREFIX + "secure_protocol", session.getProtocol());
      attributes.put(PREFIX + "cipher_suite", session.getCipherSuite());
      int size = keySize(session.getCipherSuite());
      if (size > 0) {
        attributes.put(PREFIX + "key_size", size);
      }
      if (session.getId().length > 0) {
        attributes.put(PREFIX + "ssl_session_id", HexFormat.of().formatHex(session.getId()));
      }
    }
    List<X509Certificate> shown = connection.peerCertificates();
    if (!shown.isEmpty()) {
      attributes.put(PREFIX + "X509Certificate", shown.toArray(X509Certificate[]::new));
    }
    return attributes;
  }

  /**
   * Whether the connection itself is encrypted, whatever a proxy says of its own; under a container
   * adapter, what the container says. On the loop.
   */
  static boolean encrypted(HTTPConnection connection) {
    return connection.capabilities().contains(Capability.DETACH)
        ? connection.sslSession() != null
        : connection.context().protocol().equals("https");
  }

  /** The bits of the cipher's key; 0 if the suite does not tell. */
  static int keySize(String suite) {
    if (suite.contains("_CHACHA20_")) {
      return 256; // RFC 8439 section 2.3
    }
    if (suite.contains("_3DES_")) {
      return 168;
    }
    Matcher size = KEY_SIZE.matcher(suite);
    return size.find() ? Integer.parseInt(size.group(1)) : 0;
  }
}
