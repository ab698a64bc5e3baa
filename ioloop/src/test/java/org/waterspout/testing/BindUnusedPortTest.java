// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.waterspout.tcp.BindOptions;
import org.waterspout.tcp.NetUtil;

class BindUnusedPortTest {
  @Test
  void listensOnAFreePortOfTheLoopbackAddress() throws Exception {
    try (var socket = Testing.bindUnusedPort()) {
      var address = (InetSocketAddress) socket.getLocalAddress();
      assertThat(address.getAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
      assertThat(address.getPort()).isPositive();
      assertThat(socket.isBlocking()).isFalse();
      assertThat(socket.getOption(StandardSocketOptions.SO_REUSEPORT)).isFalse();
      socket.configureBlocking(true); // the connection may come a little behind its client's end
      try (var client = SocketChannel.open(address);
          var accepted = socket.accept()) {
        assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
      }
    }
  }

  @Test
  void mayShareThePort() throws Exception {
    try (var socket = Testing.bindUnusedPort(true, "127.0.0.1")) {
      var port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
      var options = BindOptions.defaults().withReusePort(true);
      var others = NetUtil.bindSockets(port, "127.0.0.1", options);
      assertThat(others).hasSize(1);
      others.getFirst().close();
    }
  }

  @Test
  void takesTheFirstAddressOfAName() throws Exception {
    try (var socket = Testing.bindUnusedPort(false, "localhost")) {
      var address = (InetSocketAddress) socket.getLocalAddress();
      assertThat(address.getAddress().isLoopbackAddress()).isTrue();
    }
  }
}
