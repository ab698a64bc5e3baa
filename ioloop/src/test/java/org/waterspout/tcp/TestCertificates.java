// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** The certificates of the README beside them. */
public final class TestCertificates {
  private TestCertificates() {}

  /** A server's for localhost, 127.0.0.1 and ::1. */
  public static SSLOptions server() {
    return serverBuilder().build();
  }

  /** Has the certificate of {@link #server} already. */
  public static SSLOptionsBuilder serverBuilder() {
    return SSLOptions.builder().certificate(file("server.pem"), file("server-key.pem"));
  }

  /** A client's that trusts all these servers. */
  public static SSLOptions client() {
    return clientBuilder().build();
  }

  /** Trusts all these servers already, and has no certificate. */
  public static SSLOptionsBuilder clientBuilder() {
    return SSLOptions.builder().trust(file("ca.pem"));
  }

  /** The password of everything that has one. */
  public static char[] password() {
    return "secret".toCharArray();
  }

  /** A file of the folder. */
  public static Path file(String name) {
    var url = Objects.requireNonNull(TestCertificates.class.getResource(name), name);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
