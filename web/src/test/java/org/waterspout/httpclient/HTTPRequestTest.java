// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HTTPRequestTest {
  static List<Consumer<HTTPRequest.Builder>> mistakes() {
    return List.of(
        request -> request.method("get"),
        request -> request.method("TRACE"),
        request -> request.method("G ET").allowNonstandardMethods(true),
        request -> request.method("GET\r\nX: y").allowNonstandardMethods(true),
        request -> request.method("").allowNonstandardMethods(true),
        request -> request.method("CONNECT").allowNonstandardMethods(true),
        request -> request.method("POST"),
        request -> request.method("PUT"),
        request -> request.method("PATCH"),
        request -> request.body("x"),
        request -> request.method("DELETE").body("x"),
        request -> request.method("HEAD").bodyProducer(body -> {}),
        request -> request.method("POST").body("x").bodyProducer(body -> {}),
        request -> request.method("POST").body("x").header("Content-Length", "2"),
        request -> request.method("POST").body("x").header("Transfer-Encoding", "chunked"),
        request -> request.header("Content-Length", "2"),
        request -> request.header("A", "b\r\nC: d"),
        request -> request.header("A", "b\nC: d"),
        request -> request.header("A", "b\u0000"),
        request -> request.header("A\r\n", "b"),
        request -> request.header("A b", "c"),
        request -> request.header("A", "\u4e2d"),
        request -> request.userAgent("a\r\nX: y"),
        request -> request.auth("a:b", "c"),
        request -> request.auth("a\r\n", "c"),
        request -> request.auth("a", "c\u0000"),
        request -> request.credentials(new Credentials("a", "b\n", AuthMode.DIGEST)),
        request -> request.proxy("", 1),
        request -> request.proxy("a\r\nb", 1),
        request -> request.proxy("a", 0),
        request -> request.proxy("a", 65_536),
        request -> request.proxy("a", 1).unixSocket(Path.of("/x")),
        request -> request.connectTimeout(Duration.ofSeconds(-1)),
        request -> request.requestTimeout(Duration.ofSeconds(Long.MAX_VALUE)),
        request -> request.maxRedirects(-1));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void refusesWhatCannotBeSent(Consumer<HTTPRequest.Builder> mistake) {
    var builder = HTTPRequest.builder("http://h/");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> {
              mistake.accept(builder);
              builder.build();
            })
        .satisfies(e -> assertThat(e.getMessage().chars()).allMatch(c -> c >= ' ' && c < 0x7f));
  }

  @Test
  void allowsOtherMethodsIfToldSo() {
    var builder = HTTPRequest.builder("http://h/").allowNonstandardMethods(true);
    assertThat(builder.method("PROPFIND").build().method()).isEqualTo("PROPFIND");
    assertThat(builder.method("GET").body("x").build().hasBody()).isTrue();
    assertThat(builder.method("POST").body((byte[]) null).build().hasBody()).isFalse();
  }

  @Test
  void keepsCopiesOfHeaders() {
    var request = HTTPRequest.builder("http://h/").header("A", "1").build();
    request.headers().set("A", "2");
    assertThat(request.headers().get("A")).isEqualTo("1");
    var other = request.toBuilder().header("A", "3").build();
    assertThat(request.headers().get("A")).isEqualTo("1");
    assertThat(other.headers().get("A")).isEqualTo("3");
  }

  @Test
  void repeatsAllThatItHasInACopy() throws Exception {
    var request =
        HTTPRequest.builder("http://h/x")
            .method("PURGE")
            .allowNonstandardMethods(true)
            .header("A", "1")
            .body("b")
            .auth("u", "p")
            .connectTimeout(Duration.ofSeconds(1))
            .requestTimeout(Duration.ofSeconds(2))
            .followRedirects(false)
            .maxRedirects(3)
            .userAgent("me")
            .decompressResponse(false)
            .streamingCallback(chunk -> {})
            .headerCallback((line, headers) -> {})
            .proxy("p", 1)
            .validateCert(false)
            .networkInterface(InetAddress.ofLiteral("127.0.0.1"))
            .allowIPv6(false)
            .expect100Continue(true)
            .maxBodySize(7)
            .build();
    var copy = request.toBuilder().build();
    for (var component : HTTPRequest.class.getRecordComponents()) {
      var accessor = component.getAccessor();
      if (!component.getName().equals("headers")) {
        assertThat(accessor.invoke(copy))
            .as(component.getName())
            .isEqualTo(accessor.invoke(request));
      }
    }
    assertThat(copy.headers().toString()).isEqualTo("A: 1\n");
  }

  @Test
  void showsNoPasswords() {
    var request =
        HTTPRequest.builder("http://u:secret@h/")
            .auth("u", "secret")
            .proxy(new HTTPProxy("p", 1, new Credentials("u", "secret", AuthMode.BASIC)))
            .build();
    assertThat(request + " " + request.credentials() + " " + request.proxy())
        .doesNotContain("secret");
    assertThat(PoolKey.of(request, RequestURL.parse(request.url())).toString())
        .doesNotContain("secret");
  }
}
