// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.tcp.TestCertificates.client;
import static org.waterspout.tcp.TestCertificates.clientBuilder;
import static org.waterspout.tcp.TestCertificates.file;
import static org.waterspout.tcp.TestCertificates.password;
import static org.waterspout.tcp.TestCertificates.server;
import static org.waterspout.tcp.TestCertificates.serverBuilder;

import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SSLOptionsTest {
  @TempDir Path folder;

  private static SSLOptionsBuilder with(String chain, String key) {
    return SSLOptions.builder().certificate(file(chain), file(key));
  }

  // ---- whom a client believes

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST", "localhost.", "127.0.0.1", "::1", "[::1]"})
  void aClientBelievesACertificateForTheHostItAskedFor(String host) throws Exception {
    var handshake = new Handshake(server(), client(), host);
    assertThat(handshake.client.getSession().getProtocol()).isEqualTo("TLSv1.3");
    assertThat(handshake.serverCertificate().getSubjectX500Principal().getName())
        .isEqualTo("CN=localhost");
  }

  @ParameterizedTest
  @ValueSource(strings = {"other.example", "127.0.0.2", "::2", "sub.localhost"})
  void aClientRefusesACertificateForAnotherHost(String host) {
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> new Handshake(server(), client(), host));
  }

  @Test
  void aClientRefusesAnUnknownAuthority() {
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> new Handshake(server(), SSLOptions.defaults(), "localhost"))
        .withMessageContaining("unable to find valid certification path");
  }

  @Test
  void aClientRefusesAnExpiredCertificate() {
    var expired = with("expired.pem", "expired-key.pem").build();
    assertThatThrownBy(() -> new Handshake(expired, client(), "localhost"))
        .isInstanceOf(SSLException.class)
        .hasStackTraceContaining("NotAfter");
  }

  @Test
  void aClientThatChecksMustSayWhomItExpects() {
    for (String none : new String[] {null, ""}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> client().newEngine(false, none))
          .withMessageContaining("host name");
    }
  }

  @Test
  void checksAreLeftOutOnlyWhereThatWasSaid() throws Exception {
    var anyHost = clientBuilder().insecureAnyHostname().build();
    assertThat(new Handshake(server(), anyHost, "other.example").serverCertificate()).isNotNull();
    assertThat(new Handshake(server(), anyHost, null).serverCertificate()).isNotNull();
    var expired = with("expired.pem", "expired-key.pem").build();
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> new Handshake(expired, anyHost, "localhost"));
    var anyone = SSLOptions.builder().insecureTrustAnyone().build();
    assertThat(new Handshake(expired, anyone, "other.example").serverCertificate()).isNotNull();
  }

  @Test
  void trustComesFromPKCS12Too() throws Exception {
    var trusting = SSLOptions.builder().trustStore(file("trust.p12"), password()).build();
    assertThat(new Handshake(server(), trusting, "localhost").serverCertificate()).isNotNull();
  }

  // ---- the name that a client sends

  @Test
  void namesAreSentToTheServerAndAddressesAreNot() throws Exception {
    assertThat(namesAskedFor("localhost")).containsExactly("localhost");
    assertThat(namesAskedFor("example.org.")).containsExactly("example.org");
    assertThat(namesAskedFor("my_service")).isEmpty();
    assertThat(namesAskedFor("bücher.example")).containsExactly("xn--bcher-kva.example");
    assertThat(namesAskedFor("127.0.0.1")).isEmpty();
    assertThat(namesAskedFor("::1")).isEmpty();
    assertThat(namesAskedFor("fe80::1%eth7")).isEmpty();
  }

  private static List<String> namesAskedFor(String host) throws SSLException {
    var any = SSLOptions.builder().insecureTrustAnyone().build();
    var session = (ExtendedSSLSession) new Handshake(server(), any, host).server.getSession();
    return session.getRequestedServerNames().stream()
        .map((SNIServerName name) -> ((SNIHostName) name).getAsciiName())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("serversWithTwoCertificates")
  void aServerShowsTheCertificateThatIsForTheNameAskedFor(SSLOptions both) throws Exception {
    for (String host : List.of("localhost", "other.example", "a.wild.example")) {
      assertThat(new Handshake(both, client(), host).serverCertificate()).as(host).isNotNull();
    }
    var first = new Handshake(both, client(), "127.0.0.1");
    assertThat(first.serverCertificate().getSubjectX500Principal().getName())
        .isEqualTo("CN=localhost");
  }

  static Stream<SSLOptions> serversWithTwoCertificates() {
    return Stream.of(
        SSLOptions.builder().keyStore(file("both.p12"), password()).build(),
        serverBuilder().certificate(file("other.pem"), file("other-key.pem")).build());
  }

  @Test
  void theNameDecidesBeforeTheKindOfKey() throws Exception {
    var both = serverBuilder().certificate(file("rsa.pem"), file("rsa-key.pem")).build();
    var handshake = new Handshake(both, client(), "rsa.example");
    assertThat(handshake.serverCertificate().getPublicKey().getAlgorithm()).isEqualTo("RSA");
    assertThat(new Handshake(both, client(), "localhost").serverCertificate().getPublicKey())
        .as("both are for it, and the first comes first")
        .matches(key -> key.getAlgorithm().equals("EC"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"server", "rsa"})
  void aCertificateThatIsValidGoesBeforeOneThatHasExpired(String valid) throws Exception {
    var both =
        SSLOptions.builder()
            .certificate(file("expired.pem"), file("expired-key.pem"))
            .certificate(file(valid + ".pem"), file(valid + "-key.pem"))
            .build();
    for (String host : List.of("localhost", "127.0.0.1")) {
      assertThat(new Handshake(both, client(), host).serverCertificate()).as(host).isNotNull();
    }
  }

  @Test
  void anExpiredCertificateForTheNameIsShownIfThereIsNoOtherForIt() {
    var both =
        SSLOptions.builder()
            .certificate(file("expired.pem"), file("expired-key.pem"))
            .certificate(file("other.pem"), file("other-key.pem"))
            .build();
    assertThatThrownBy(() -> new Handshake(both, client(), "localhost"))
        .isInstanceOf(SSLException.class)
        .hasStackTraceContaining("NotAfter");
  }

  // ---- files

  static Stream<SSLOptions> everyFormOfAKey() {
    return Stream.of(
        with("server.pem", "server-key.pem").build(),
        with("server.pem", "server-key-sec1.pem").build(),
        SSLOptions.builder()
            .certificate(file("server.pem"), file("server-key-encrypted.pem"), password())
            .build(),
        SSLOptions.builder().keyStore(file("server.p12"), password()).build(),
        with("rsa.pem", "rsa-key.pem").build(),
        with("rsa.pem", "rsa-key-pkcs1.pem").build());
  }

  @ParameterizedTest
  @MethodSource("everyFormOfAKey")
  void everyFormOfAKeyServes(SSLOptions options) throws Exception {
    assertThat(new Handshake(options, client(), "localhost").serverCertificate()).isNotNull();
  }

  @Test
  void chainKeyAndOtherTextMayShareAFile() throws Exception {
    var text =
        "Subject: a - b: c\r\n"
            + Files.readString(file("server-key-sec1.pem")).replace("\n", "\r\n")
            + "Issuer: --- \n"
            + Files.readString(file("server.pem"));
    var one = Files.writeString(folder.resolve("one.pem"), text);
    var options = SSLOptions.builder().certificate(one, one).build();
    assertThat(new Handshake(options, client(), "localhost").serverCertificate()).isNotNull();
  }

  @Test
  void saysWhichFileIsMissing() {
    var missing = folder.resolve("missing.pem");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SSLOptions.builder().certificate(missing, file("server-key.pem")))
        .withMessageContaining(missing.toString());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SSLOptions.builder().keyStore(missing, password()))
        .withMessageContaining(missing.toString());
  }

  @Test
  void saysWhatIsWrongWithAFile() throws Exception {
    var garbage = Files.writeString(folder.resolve("garbage.pem"), "hello");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SSLOptions.builder().trust(garbage))
        .withMessageContaining("garbage.pem")
        .withMessageContaining("BEGIN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SSLOptions.builder().trustStore(garbage, password()))
        .withMessageContaining("garbage.pem is not a PKCS#12 file");
    var broken =
        Files.writeString(
            folder.resolve("broken.pem"),
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
                + "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SSLOptions.builder().trust(broken))
        .withMessageContaining("broken.pem");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SSLOptions.builder().certificate(file("server.pem"), broken))
        .withMessageContaining("broken.pem")
        .withMessageContaining("curve");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with("server.pem", "server.pem"))
        .withMessageContaining("holds no private key");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with("server-key.pem", "server-key.pem"))
        .withMessageContaining("holds no certificate");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SSLOptions.builder().trustStore(file("server.p12"), password()))
        .withMessageContaining("no trusted certificate");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SSLOptions.builder().keyStore(file("trust.p12"), password()))
        .withMessageContaining("no private key");
  }

  @Test
  void saysThatAPasswordIsWrongOrNeeded() {
    var wrong = "wrong".toCharArray();
    var encrypted = file("server-key-encrypted.pem");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SSLOptions.builder().certificate(file("server.pem"), encrypted, wrong))
        .withMessageContaining("server-key-encrypted.pem: the password is wrong");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SSLOptions.builder().certificate(file("server.pem"), encrypted))
        .withMessageContaining("password");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SSLOptions.builder().keyStore(file("server.p12"), wrong))
        .withMessageContaining("server.p12: the password is wrong");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa-key-pkcs1-encrypted.pem", "server-key-scrypt.pem"})
  void saysHowToConvertAKeyWhoseEncryptionIsNotSupported(String key) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with("server.pem", key))
        .withMessageContaining("openssl pkcs8 -topk8");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> SSLOptions.builder().certificate(file("server.pem"), file(key), password()))
        .withMessageContaining(key)
        .withMessageContaining("openssl pkcs8 -topk8");
  }

  @Test
  void saysThatAKeyHasNoCertificate() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SSLOptions.builder().keyStore(file("key-only.p12"), password()))
        .withMessageContaining("key-only.p12: the private key \"server\" has no certificate")
        .withMessageContaining("openssl pkcs12 -export");
  }

  @Test
  void refusesAKeyThatBelongsToAnotherCertificate() {
    for (String key : List.of("other-key.pem", "rsa-key.pem")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> with("server.pem", key))
          .withMessageContaining(key)
          .withMessageContaining("does not belong to");
    }
  }

  // ---- clients' certificates

  @Test
  void aServerMayNeedACertificateOfItsClients() throws Exception {
    var needs = serverBuilder().trust(file("ca.pem")).needClientCertificate().build();
    var known = clientBuilder().certificate(file("client.pem"), file("client-key.pem")).build();
    assertThat(new Handshake(needs, known, "localhost").clientCertificate())
        .matches(it -> it.getSubjectX500Principal().getName().contains("test client"));
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> new Handshake(needs, client(), "localhost"));
  }

  @Test
  void aClientTooPrefersAValidCertificate() throws Exception {
    var needs = serverBuilder().trust(file("ca.pem")).needClientCertificate().build();
    var both =
        clientBuilder()
            .certificate(file("expired.pem"), file("expired-key.pem"))
            .certificate(file("client.pem"), file("client-key.pem"))
            .build();
    assertThat(new Handshake(needs, both, "localhost").clientCertificate())
        .matches(it -> it.getSubjectX500Principal().getName().contains("test client"));
  }

  @Test
  void aServerThatNeedsACertificateRefusesOneOfAnAuthorityItDoesNotKnow() throws Exception {
    var needs = serverBuilder().trust(file("stranger.pem")).needClientCertificate().build();
    var insists = SSLContext.getInstance("TLS");
    insists.init(new KeyManager[] {new Insisting()}, new TrustManager[] {new TrustAnyone()}, null);
    assertThatThrownBy(() -> new Handshake(needs, SSLOptions.of(insists), "localhost"))
        .isInstanceOf(SSLException.class)
        .hasStackTraceContaining("unable to find valid certification path");
  }

  /** Shows its certificate to servers that trust others too. */
  private static final class Insisting extends X509ExtendedKeyManager {
    private final KeyChoice choice =
        new KeyChoice(KeyStores.readKeys(file("client.p12"), password()));

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
      return choice.chooseEngineClientAlias(types, null, engine);
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return choice.chooseClientAlias(types, null, socket);
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return choice.getClientAliases(type, null);
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return null;
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return choice.getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return choice.getPrivateKey(alias);
    }
  }

  @Test
  void aServerMayWantACertificateOfItsClients() throws Exception {
    var wants = serverBuilder().trust(file("ca.pem")).wantClientCertificate().build();
    var known = clientBuilder().keyStore(file("client.p12"), password()).build();
    assertThat(new Handshake(wants, known, "localhost").clientCertificate()).isNotNull();
    var handshake = new Handshake(wants, client(), "localhost");
    assertThatExceptionOfType(SSLPeerUnverifiedException.class)
        .isThrownBy(handshake::clientCertificate);
  }

  @Test
  void aClientKeepsItsCertificateFromServersThatTrustOthers() throws Exception {
    var wants = serverBuilder().trust(file("stranger.pem")).wantClientCertificate().build();
    var client = clientBuilder().keyStore(file("client.p12"), password()).build();
    var handshake = new Handshake(wants, client, "localhost");
    assertThatExceptionOfType(SSLPeerUnverifiedException.class)
        .isThrownBy(handshake::clientCertificate);
  }

  @Test
  void clientCertificatesNeedTrust() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> serverBuilder().needClientCertificate().build())
        .withMessageContaining("trust(...)");
  }

  // ---- the rest

  @Test
  void aServerNeedsACertificate() {
    assertThatIllegalStateException()
        .isThrownBy(() -> client().newEngine(true, null))
        .withMessageContaining("certificate");
  }

  @Test
  void protocolsAndCipherSuitesCanBeChosen() throws Exception {
    var old =
        clientBuilder()
            .protocols("TLSv1.2")
            .cipherSuites("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
            .build();
    var session = new Handshake(server(), old, "localhost").client.getSession();
    assertThat(session.getProtocol()).isEqualTo("TLSv1.2");
    assertThat(session.getCipherSuite()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    var newest = serverBuilder().protocols("TLSv1.3").build();
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> new Handshake(newest, old, "localhost"));
    var tls11 = SSLOptions.builder().insecureTrustAnyone().protocols("TLSv1.1").build();
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> new Handshake(server(), tls11, "localhost"));
  }

  @Test
  void namesThatTheJDKDoesNotKnowAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SSLOptions.builder().protocols("TLS1.3").build())
        .withMessageContaining("TLS1.3")
        .withMessageContaining("TLSv1.3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SSLOptions.builder().cipherSuites("ROT13").build())
        .withMessageContaining("ROT13");
    assertThatIllegalArgumentException().isThrownBy(() -> SSLOptions.builder().protocols().build());
  }

  @Test
  void bothSidesAgreeOnAnApplicationProtocol() throws Exception {
    var server = serverBuilder().applicationProtocols("a", "b").build();
    var client = clientBuilder().applicationProtocols("c", "b").build();
    assertThat(client.applicationProtocols()).containsExactly("c", "b");
    var handshake = new Handshake(server, client, "localhost");
    assertThat(handshake.client.getApplicationProtocol()).isEqualTo("b");
    assertThat(handshake.server.getApplicationProtocol()).isEqualTo("b");
    var none = new Handshake(server, client(), "localhost");
    assertThat(none.server.getApplicationProtocol()).isEmpty();
    var others = clientBuilder().applicationProtocols("d").build();
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> new Handshake(server, others, "localhost"));
  }

  @Test
  void aReadyContextBringsItsOwnKeysAndTrust() throws Exception {
    var client = SSLOptions.of(SSLContext.getDefault());
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> new Handshake(server(), client, "localhost"));
    var contradiction = serverBuilder().context(SSLContext.getDefault());
    assertThatIllegalArgumentException().isThrownBy(contradiction::build);
  }

  @Test
  void trustingSomeContradictsTrustingAnyone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> clientBuilder().insecureTrustAnyone().build());
  }
}
