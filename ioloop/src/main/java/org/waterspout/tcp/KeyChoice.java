// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among the certificates of one side. A server shows the one that is made out for the name
 * that the client asked for; if none is, the first that the client understands. The JDK's own key
 * managers do not do that (JDK 25): SunX509, its default, never looks at the name; PKIX does, but
 * does not match EC certificates without the key usage keyAgreement, which is how public
 * authorities issue them.
 */
final class KeyChoice extends X509ExtendedKeyManager {
  private static final int DNS_NAME = 2; // RFC 5280 4.2.1.6: GeneralName

  /** A private key with its certificate first in the chain. */
  record Pair(PrivateKey key, List<X509Certificate> chain) {
    boolean isFor(String name) {
      var dot = name.indexOf('.');
      var wildcard = dot < 0 ? name : "*" + name.substring(dot); // RFC 9525 6.3: one whole label
      var names = dnsNames(chain.getFirst());
      return names.contains(name) || names.contains(wildcard);
    }

    private boolean isIssuedByOneOf(Principal @Nullable [] issuers) {
      if (issuers == null || issuers.length == 0) {
        return true;
      }
      var accepted = Arrays.asList(issuers);
      return chain.stream().anyMatch(link -> accepted.contains(link.getIssuerX500Principal()));
    }
  }

  private final List<Pair> pairs;

  KeyChoice(List<Pair> pairs) {
    this.pairs = List.copyOf(pairs);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    var named = pairsFor(requestedName(engine));
    var candidates = named.isEmpty() ? pairs : named;
    return alias(candidates, List.of(keyType), null);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    return alias(pairs, List.of(keyTypes), issuers);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return pairs.get(Integer.parseInt(alias)).key;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return pairs.get(Integer.parseInt(alias)).chain.toArray(X509Certificate[]::new);
  }

  // For sockets, of which there are none here.

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return alias(pairs, List.of(keyType), null);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return alias(pairs, List.of(keyTypes), issuers);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    var alias = alias(pairs, List.of(keyType), null);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    var alias = alias(pairs, List.of(keyType), issuers);
    return alias == null ? null : new String[] {alias};
  }

  /** The aliases are the places in the list. */
  private @Nullable String alias(
      List<Pair> candidates, List<String> keyTypes, Principal @Nullable [] issuers) {
    for (var pair : candidates) {
      if (keyTypes.contains(pair.key.getAlgorithm()) && pair.isIssuedByOneOf(issuers)) {
        return Integer.toString(pairs.indexOf(pair));
      }
    }
    return null;
  }

  private List<Pair> pairsFor(@Nullable String name) {
    return name == null ? List.of() : pairs.stream().filter(pair -> pair.isFor(name)).toList();
  }

  /** The name that the client asked for (RFC 6066 3), in lower case; null if it named none. */
  private static @Nullable String requestedName(SSLEngine engine) {
    if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
      for (var name : session.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return host.getAsciiName().toLowerCase(Locale.ROOT);
        }
      }
    }
    return null;
  }

  private static List<String> dnsNames(X509Certificate certificate) {
    var names = new ArrayList<String>();
    try {
      var alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (var alternative : alternatives) {
          if (alternative.getFirst() instanceof Integer type && type == DNS_NAME) {
            names.add(String.valueOf(alternative.get(1)).toLowerCase(Locale.ROOT));
          }
        }
      }
    } catch (CertificateParsingException e) {
      return List.of(); // it is for no name then
    }
    return names;
  }
}
