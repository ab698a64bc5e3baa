// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Collects what {@link SSLOptions} are made of. Files are read, and passwords used, when they are
 * given; what is wrong with one is an IllegalArgumentException that names the file and the remedy.
 */
public final class SSLOptionsBuilder {
  private @Nullable SSLContext context; // if it is not to be made here
  private final List<KeyChoice.Pair> pairs = new ArrayList<>();
  private final List<X509Certificate> trusted = new ArrayList<>(); // empty: whom the JVM trusts
  private boolean trustsAnyone;

  // read by SSLOptions
  boolean checksHostname = true;
  SSLOptions.ClientCertificate clientCertificate = SSLOptions.ClientCertificate.NONE;
  List<String> protocols = List.of("TLSv1.3", "TLSv1.2");
  List<String> cipherSuites = List.of(); // empty: the JDK's
  List<String> applicationProtocols = List.of();

  SSLOptionsBuilder() {}

  /** {@link #certificate(Path, Path, char[])} for a key that is not encrypted. */
  public SSLOptionsBuilder certificate(Path chain, Path key) {
    return add(chain, key, PrivateKeys.read(key, null));
  }

  /**
   * This side's certificate, and its private key, from PEM files. A server may have several: it
   * shows the one made out for the name its client asks for, else the first; one that has expired
   * only if there is no other.
   *
   * @param chain this side's own certificate, then the intermediate ones
   * @param key PKCS#8, or the older RSA and EC forms; it may be the same file
   * @param password what the key is encrypted with
   */
  public SSLOptionsBuilder certificate(Path chain, Path key, char[] password) {
    return add(chain, key, PrivateKeys.read(key, Objects.requireNonNull(password, "password")));
  }

  private SSLOptionsBuilder add(Path chainFile, Path keyFile, PrivateKey key) {
    var chain = PEM.readCertificates(chainFile);
    if (!belongTogether(key, chain.getFirst())) {
      throw new IllegalArgumentException(
          "the private key in "
              + keyFile
              + " does not belong to the first certificate in "
              + chainFile
              + "; the certificate of this side comes first, the intermediate ones follow");
    }
    pairs.add(new KeyChoice.Pair(key, chain));
    return this;
  }

  private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
    var algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          case "EdDSA" -> "EdDSA";
          default -> null; // RSASSA-PSS has parameters; the handshake will tell
        };
    if (algorithm == null) {
      return true;
    }
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update((byte) 1);
      var signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update((byte) 1);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) { // keys of different algorithms
      return false;
    }
  }

  /** This side's certificates and keys, all that a PKCS#12 file has; see {@link #certificate}. */
  public SSLOptionsBuilder keyStore(Path pkcs12, char[] password) {
    pairs.addAll(KeyStores.readKeys(pkcs12, password));
    return this;
  }

  /** Trusts the authorities in a PEM file, and no longer those of the JVM. */
  public SSLOptionsBuilder trust(Path pem) {
    trusted.addAll(PEM.readCertificates(pem));
    return this;
  }

  /** Trusts the certificates in a PKCS#12 file, and no longer those of the JVM. */
  public SSLOptionsBuilder trustStore(Path pkcs12, char[] password) {
    trusted.addAll(KeyStores.readTrusted(pkcs12, password));
    return this;
  }

  /**
   * For clients: takes any certificate of anyone. Whoever sits on the way can then read and change
   * all. Use {@link #trust} for certificates of one's own making.
   */
  public SSLOptionsBuilder insecureTrustAnyone() {
    trustsAnyone = true;
    return insecureAnyHostname();
  }

  /**
   * For clients: takes a certificate that is made out for another host, as long as its authority is
   * trusted. Safe only where that authority gives certificates to no one else.
   */
  public SSLOptionsBuilder insecureAnyHostname() {
    checksHostname = false;
    return this;
  }

  /** For servers: asks clients for a certificate, which they may not have. Needs {@link #trust}. */
  public SSLOptionsBuilder wantClientCertificate() {
    clientCertificate = SSLOptions.ClientCertificate.WANTED;
    return this;
  }

  /** For servers: refuses clients without a certificate. Needs {@link #trust}. */
  public SSLOptionsBuilder needClientCertificate() {
    clientCertificate = SSLOptions.ClientCertificate.NEEDED;
    return this;
  }

  /** The versions to speak, by the JDK's names, in place of TLSv1.3 and TLSv1.2. */
  public SSLOptionsBuilder protocols(String... names) {
    protocols = List.of(names);
    return this;
  }

  /** The cipher suites to use, by the JDK's names, the most wanted first. */
  public SSLOptionsBuilder cipherSuites(String... names) {
    cipherSuites = List.of(names);
    return this;
  }

  /** What to offer by ALPN (RFC 7301), the most wanted first: {@code "http/1.1"}. */
  public SSLOptionsBuilder applicationProtocols(String... names) {
    applicationProtocols = List.of(names);
    return this;
  }

  /** A context that is ready, in place of all certificates and trust given here. */
  public SSLOptionsBuilder context(SSLContext ready) {
    context = Objects.requireNonNull(ready, "ready");
    return this;
  }

  /**
   * The options.
   *
   * @throws IllegalArgumentException if they contradict each other, or name a protocol or a cipher
   *     suite that the JDK does not have
   */
  public SSLOptions build() {
    checkTrust();
    try {
      if (context != null) {
        checkNames(context);
        return new SSLOptions(this, context, false, null);
      }
      var trust = trustManagers();
      var made = newContext(trust);
      checkNames(made);
      var keyless = new SSLOptions(this, made, true, null);
      return pairs.isEmpty()
          ? keyless
          : new SSLOptions(this, newContext(trust, new KeyChoice(pairs)), false, keyless);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("TLS cannot be set up: " + e, e);
    }
  }

  private void checkTrust() {
    if (context != null) {
      if (!pairs.isEmpty() || !trusted.isEmpty() || trustsAnyone) {
        throw new IllegalArgumentException(
            "an SSLContext has its own certificates and trust; give these or the context");
      }
      return;
    }
    if (trustsAnyone && !trusted.isEmpty()) {
      throw new IllegalArgumentException("trust(...) contradicts insecureTrustAnyone()");
    }
    var asksClients = clientCertificate != SSLOptions.ClientCertificate.NONE;
    if (asksClients && trusted.isEmpty()) { // else any client of a public authority would do
      throw new IllegalArgumentException(
          "client certificates need trust(...): whose certificates are to be accepted?");
    }
  }

  private void checkNames(SSLContext made) {
    var supported = made.getSupportedSSLParameters();
    check("protocol", protocols, supported.getProtocols());
    check("cipher suite", cipherSuites, supported.getCipherSuites());
    if (protocols.isEmpty()) {
      throw new IllegalArgumentException("no protocol is left to speak");
    }
  }

  private static void check(String what, List<String> names, String[] supported) {
    var unknown = new ArrayList<>(names);
    Set<String> known = new HashSet<>(Arrays.asList(supported));
    unknown.removeIf(known::contains);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "no such " + what + ": " + unknown + "; there are " + Arrays.toString(supported));
    }
  }

  private static SSLContext newContext(TrustManager[] trust, KeyManager... keys)
      throws GeneralSecurityException {
    var made = SSLContext.getInstance("TLS");
    made.init(keys, trust, null);
    return made;
  }

  private TrustManager[] trustManagers() throws GeneralSecurityException, IOException {
    if (trustsAnyone) {
      return new TrustManager[] {new TrustAnyone()};
    }
    @Nullable KeyStore store = null; // means the JVM's
    if (!trusted.isEmpty()) {
      store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < trusted.size(); i++) {
        store.setCertificateEntry(Integer.toString(i), trusted.get(i));
      }
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
