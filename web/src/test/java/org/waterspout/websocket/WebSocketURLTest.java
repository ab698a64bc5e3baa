// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketURLTest {
  @Test
  void takesURLsApart() {
    expect("ws://a", false, "a", 80, "a", "/");
    expect("WSS://a.example/", true, "a.example", 443, "a.example", "/");
    expect("ws://a:443/x", false, "a", 443, "a:443", "/x");
    expect("wss://a:443/x", true, "a", 443, "a", "/x");
    expect("ws://a:/x?y=%20&z", false, "a", 80, "a", "/x?y=%20&z");
    expect("ws://[::1]:8080?q", false, "::1", 8080, "[::1]:8080", "/?q");
    expect("ws://my_host:9/", false, "my_host", 9, "my_host:9", "/");
    expect("ws://a/\u00e4", false, "a", 80, "a", "/%C3%A4");
  }

  private static void expect(
      String url, boolean secure, String host, int port, String authority, String target) {
    assertThat(WebSocketURL.parse(url))
        .isEqualTo(new WebSocketURL(secure, host, port, authority, target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "/a",
        "http://a/",
        "ws:a",
        "ws:///a",
        "ws://:80/",
        "ws://a/#x",
        "ws://a/#",
        "ws://user@a/",
        "ws://user:secret@a/",
        "ws://a:0/",
        "ws://a:65536/",
        "ws://a:+80/",
        "ws://a:8x/",
        "ws://a b/",
        "ws://a/b c",
        "ws://a/\r\nX: y",
        "ws://a\r\n/",
        "ws://a/\n",
        "ws://a/\u0000",
        "ws://a/%",
      })
  void refusesWhatIsNoWebSocket(String url) {
    assertThatThrownBy(() -> WebSocketURL.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret", "\r", "\n", "\u0000"));
  }
}
