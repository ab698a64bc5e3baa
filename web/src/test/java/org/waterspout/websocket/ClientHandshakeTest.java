// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPHeaders;

/** What a client asks for, and which answers it takes. */
class ClientHandshakeTest {
  private static final String UPGRADE = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
  private static final String ACCEPT = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
  private static final CompressionOptions KEEPING = CompressionOptions.DEFAULT;
  private static final CompressionOptions FORGETTING = KEEPING.withoutContextTakeover();

  private static ClientHandshake handshake(CompressionOptions compression) {
    return new ClientHandshake(List.of("b", "a"), compression, RawWebSocket.KEY);
  }

  @Test
  void asks() {
    var given = HTTPHeaders.parse("Origin: http://x\r\nCookie: y");
    assertThat(handshake(KEEPING).request("h:1", given).toString())
        .isEqualTo(
            """
            Host: h:1
            Origin: http://x
            Cookie: y
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Protocol: b, a
            Sec-WebSocket-Extensions: permessage-deflate
            """);
    assertThat(handshake(FORGETTING).request("h", given).get("Sec-WebSocket-Extensions"))
        .isEqualTo("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    var plain = new ClientHandshake(List.of(), null);
    var other = new ClientHandshake(List.of(), null);
    var request = plain.request("h", HTTPHeaders.parse("Host: other"));
    assertThat(request.getList("Host")).containsExactly("other");
    assertThat(request.contains("Sec-WebSocket-Protocol")).isFalse();
    assertThat(request.contains("Sec-WebSocket-Extensions")).isFalse();
    assertThat(request.get("Sec-WebSocket-Key"))
        .hasSize(24)
        .isNotEqualTo(other.request("h", given).get("Sec-WebSocket-Key"));
  }

  private static ClientHandshake.Agreed check(CompressionOptions compression, String fields) {
    return handshake(compression).check(HTTPHeaders.parse(UPGRADE + ACCEPT + fields));
  }

  @Test
  void takesWhatWasOffered() {
    assertThat(check(null, "")).isEqualTo(new ClientHandshake.Agreed(null, null));
    assertThat(check(KEEPING, "Sec-WebSocket-Protocol: a").subprotocol()).isEqualTo("a");
    assertThat(check(KEEPING, "Sec-WebSocket-Extensions: ").deflate()).isNull();
    assertThat(deflate(KEEPING, "permessage-deflate")).isEqualTo("server client");
    assertThat(deflate(KEEPING, "permessage-deflate; server_no_context_takeover"))
        .isEqualTo("client");
    assertThat(deflate(KEEPING, "permessage-deflate;client_no_context_takeover"))
        .isEqualTo("server");
    assertThat(deflate(KEEPING, "permessage-deflate; server_max_window_bits=\"8\""))
        .isEqualTo("server client");
    assertThat(deflate(FORGETTING, "permessage-deflate; server_no_context_takeover")).isEmpty();
  }

  /** Which ends keep their contexts. */
  private static String deflate(CompressionOptions compression, String extensions) {
    var agreed = check(compression, "Sec-WebSocket-Extensions: " + extensions).deflate();
    assertThat(agreed).isNotNull();
    assertThat(agreed.level()).isEqualTo(compression.level());
    return ((agreed.keepsContext(Role.SERVER) ? "server " : "")
            + (agreed.keepsContext(Role.CLIENT) ? "client" : ""))
        .strip();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate; client_max_window_bits=15",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=08",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=\"x\"",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; x",
        "permessage-deflate, permessage-deflate",
        "permessage-deflate, x",
        "x-webkit-deflate-frame",
        "x",
        "permessage-deflate;",
        "permessage-deflate; server_max_window_bits=",
        "\"permessage-deflate\"",
      })
  void refusesExtensionsThatWereNotOfferedSo(String extensions) {
    var fields = "Sec-WebSocket-Extensions: " + extensions;
    assertThatThrownBy(() -> check(KEEPING, fields)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> check(null, fields)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesContextsThatWereToBeForgotten() {
    assertThatThrownBy(() -> check(FORGETTING, "Sec-WebSocket-Extensions: permessage-deflate"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        UPGRADE,
        ACCEPT,
        "Upgrade: websocket\r\n" + ACCEPT,
        "Connection: upgrade\r\n" + ACCEPT,
        "Upgrade: h2c\r\nConnection: Upgrade\r\n" + ACCEPT,
        "Upgrade: websocket, h2c\r\nConnection: Upgrade\r\n" + ACCEPT,
        "Upgrade: websocket\r\nConnection: close\r\n" + ACCEPT,
        UPGRADE + "Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n",
        UPGRADE + "Sec-WebSocket-Accept: " + RawWebSocket.KEY + "\r\n",
        UPGRADE + "Sec-WebSocket-Accept:\r\n",
        UPGRADE + ACCEPT + ACCEPT,
        UPGRADE + ACCEPT + "Sec-WebSocket-Protocol: c",
        UPGRADE + ACCEPT + "Sec-WebSocket-Protocol: A",
        UPGRADE + ACCEPT + "Sec-WebSocket-Protocol: b, a",
        UPGRADE + ACCEPT + "Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: a",
        UPGRADE + ACCEPT + "Sec-WebSocket-Protocol:",
      })
  void refusesWhatIsNoAnswerToIt(String fields) {
    assertThatThrownBy(() -> handshake(KEEPING).check(HTTPHeaders.parse(fields)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
