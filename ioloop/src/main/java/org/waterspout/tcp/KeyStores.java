// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Reads PKCS#12 files. */
final class KeyStores {
  private KeyStores() {}

  /** All private keys of a file with their certificates, at least one. */
  static List<KeyChoice.Pair> readKeys(Path file, char[] password) {
    var pairs = new ArrayList<KeyChoice.Pair>();
    try {
      var store = load(file, password);
      for (var alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias) && store.getKey(alias, password) instanceof PrivateKey key) {
          pairs.add(new KeyChoice.Pair(key, chain(file, store, alias)));
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(file + ": a private key cannot be read: " + e, e);
    }
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException(file + " holds no private key with its certificate");
    }
    return pairs;
  }

  private static List<X509Certificate> chain(Path file, KeyStore store, String alias)
      throws KeyStoreException {
    var chain = store.getCertificateChain(alias);
    if (chain == null || chain.length == 0) {
      throw new IllegalArgumentException(
          file
              + ": the private key \""
              + alias
              + "\" has no certificate; put both into one file with"
              + " \"openssl pkcs12 -export -inkey KEY.pem -in CHAIN.pem -out NEW.p12\"");
    }
    return Arrays.stream(chain).map(X509Certificate.class::cast).toList();
  }

  /** All certificates of a file that are marked as trusted, at least one. */
  static List<X509Certificate> readTrusted(Path file, char[] password) {
    var certificates = new ArrayList<X509Certificate>();
    try {
      var store = load(file, password);
      for (var alias : Collections.list(store.aliases())) {
        if (store.isCertificateEntry(alias)
            && store.getCertificate(alias) instanceof X509Certificate certificate) {
          certificates.add(certificate);
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(file + ": a certificate cannot be read: " + e, e);
    }
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException(
          file
              + " holds no trusted certificate; add one with \"keytool -importcert -storetype"
              + " PKCS12 -keystore FILE.p12 -file CA.pem\", or use the CA's PEM file itself");
    }
    return certificates;
  }

  private static KeyStore load(Path file, char[] password) throws GeneralSecurityException {
    var bytes = PEM.bytesOf(file);
    var store = KeyStore.getInstance("PKCS12");
    try {
      store.load(new ByteArrayInputStream(bytes), password);
    } catch (IOException e) {
      var wrongPassword = e.getCause() instanceof UnrecoverableKeyException;
      throw new IllegalArgumentException(
          wrongPassword ? file + ": the password is wrong" : file + " is not a PKCS#12 file: " + e,
          e);
    }
    return store;
  }
}
