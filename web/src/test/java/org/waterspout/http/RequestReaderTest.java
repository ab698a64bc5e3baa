// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class RequestReaderTest {
  private final RequestReader reader =
      new RequestReader(
          HTTPServerOptions.defaults(), new byte[HTTPServerOptions.defaults().chunkSize()]);

  private boolean readHead(String wire) {
    return reader.readHead(ByteBuffer.wrap(wire.getBytes(ISO_8859_1)));
  }

  /** Else a server that stops, or looks at idle connections, would throw the request away. */
  @Test
  void hasBegunAHeadFromItsFirstByteUntilItIsTaken() {
    assertThat(reader.headBegun()).isFalse();
    assertThat(readHead("G")).isFalse();
    assertThat(reader.headBegun()).isTrue();
    assertThat(readHead("ET / HTTP/1.1\r\nHost: a\r\n\r\n")).isTrue();
    assertThat(reader.headBegun()).isTrue();
    assertThat(reader.takeHead()).isNotNull();
    assertThat(reader.headBegun()).isFalse();
  }

  @Test
  void hasBegunAHeadUntilItsRefusalIsTaken() {
    assertThat(readHead("GET\r\n")).isTrue();
    assertThat(reader.headBegun()).isTrue();
    assertThat(reader.takeRefusal()).isNotNull();
    assertThat(reader.takeHead()).isNull();
  }
}
