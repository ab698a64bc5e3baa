// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among the certificates of one side. A server shows the one that is made out for the name
 * that the client asked for; if none is, the first that the client understands. One that is valid
 * today goes before one that is not, which is shown only for want of a better one: then the client
 * can say what is wrong. The JDK's own key managers do not do that (JDK 25): SunX509, its default,
 * never looks at the name; PKIX does, but does not match EC certificates without the key usage
 * keyAgreement, which is how public authorities issue them.
 */
final class KeyChoice extends X509ExtendedKeyManager {
  private static final int DNS_NAME = 2; // RFC 5280 4.2.1.6: GeneralName

  /** A private key with its certificate first in the chain. */
  record Pair(PrivateKey key, List<X509Certificate> chain) {
    String algorithm() {
      return key.getAlgorithm();
    }

    boolean isFor(String name) {
      var dot = name.indexOf('.');
      var wildcard = dot < 0 ? name : "*" + name.substring(dot); // RFC 9525 6.3: one whole label
      var names = dnsNames(chain.getFirst());
      return names.contains(name) || names.contains(wildcard);
    }

    private boolean isValidToday() {
      try {
        chain.getFirst().checkValidity();
        return true;
      } catch (CertificateExpiredException | CertificateNotYetValidException e) {
        return false;
      }
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
    return serverAlias(keyType, requestedName(engine));
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    return clientAlias(List.of(keyTypes), issuers);
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
    return serverAlias(keyType, null);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return clientAlias(List.of(keyTypes), issuers);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    var alias = serverAlias(keyType, null);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    var alias = clientAlias(List.of(keyType), issuers);
    return alias == null ? null : new String[] {alias};
  }

  /**
   * The JDK asks for one kind of key after the other, so name and validity are looked at among the
   * pairs of all kinds: else an expired one of the first kind would go before a valid one.
   */
  private @Nullable String serverAlias(String keyType, @Nullable String name) {
    var named = preferred(pairs, pair -> name != null && pair.isFor(name));
    return alias(preferred(named, Pair::isValidToday), pair -> keyType.equals(pair.algorithm()));
  }

  private @Nullable String clientAlias(List<String> keyTypes, Principal @Nullable [] issuers) {
    var fitting =
        pairs.stream()
            .filter(pair -> keyTypes.contains(pair.algorithm()) && pair.isIssuedByOneOf(issuers))
            .toList();
    return alias(preferred(fitting, Pair::isValidToday), _ -> true);
  }

  /** Those of the pairs for which it is true; all if there is none. */
  private static List<Pair> preferred(List<Pair> among, Predicate<Pair> condition) {
    var those = among.stream().filter(condition).toList();
    return those.isEmpty() ? among : those;
  }

  /** The aliases are the places in the list. */
  private @Nullable String alias(List<Pair> among, Predicate<Pair> condition) {
    var first = among.stream().filter(condition).findFirst();
    return first.map(pair -> Integer.toString(pairs.indexOf(pair))).orElse(null);
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
