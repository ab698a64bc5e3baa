// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.http.Exchanges.connect;
import static org.waterspout.http.Exchanges.headers;
import static org.waterspout.http.Exchanges.line;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.waterspout.testing.GenTest;

/** Bodies that are taken in one piece. */
class WholeDecoderTest {
  private static byte @Nullable [] decode(int length, byte[] wire, int step, ByteBuffer rest) {
    var decoder = new WholeDecoder(length);
    byte[] whole = null;
    for (int i = 0; i < wire.length; i += step) {
      var in = ByteBuffer.wrap(wire, i, Math.min(step, wire.length - i)).slice();
      if (decoder.finished()) {
        assertThat(decoder.decode(in, 1)).isNull();
        rest.put(in);
      } else {
        assertThat(whole).isNull();
        whole = decoder.decode(in, 1);
        rest.put(in);
      }
    }
    assertThat(decoder.finished()).isEqualTo(whole != null);
    return whole;
  }

  @Test
  void isTheSameWhereverItIsSplit() {
    var wire = "hello, world, and more".getBytes(StandardCharsets.US_ASCII);
    for (int step = 1; step <= wire.length; step++) {
      var rest = ByteBuffer.allocate(wire.length);
      assertThat(decode(12, wire, step, rest)).asString().isEqualTo("hello, world");
      assertThat(new String(rest.array(), 0, rest.position(), StandardCharsets.US_ASCII))
          .isEqualTo(", and more");
    }
  }

  @Test
  void growsWithWhatComes() {
    for (int length : new int[] {1, 65_535, 65_536, 65_537, 262_145, 1_048_576, 3_000_001}) {
      var wire = ClientAnswers.pattern(length);
      for (int step : new int[] {1 << 16, 70_001, length}) {
        assertThat(decode(length, wire, step, ByteBuffer.allocate(0))).isEqualTo(wire);
      }
    }
  }

  @Test
  void takesNoRoomForWhatIsOnlyAnnounced() {
    var decoder = new WholeDecoder(WholeDecoder.LARGEST);
    for (int i = 0; i < 1000; i++) {
      assertThat(decoder.decode(ByteBuffer.allocate(100), 1)).isNull();
    }
    assertThat(decoder.finished()).isFalse();
  }

  @GenTest(timeout = 20)
  void whoWantsAllOfABodyGetsItInOnePiece() throws Exception {
    var large = "x".repeat(300_000);
    var answers =
        List.of(
            "Content-Length: " + large.length() + "\r\n\r\n" + large,
            "Content-Length: 0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    try (var server =
        new RawServer(
            peer -> {
              for (var answer : answers) {
                peer.head();
                peer.send("HTTP/1.1 200 OK\r\n" + answer);
              }
              peer.rest();
            })) {
      var connection = connect(server.port());
      var pieces = new ArrayList<Integer>();
      for (int i = 0; i < answers.size(); i++) {
        var answer =
            new TestAnswer() {
              @Override
              public @Nullable CompletionStage<?> headersReceived(
                  StartLine startLine, HTTPHeaders headers) {
                connection.setWholeBody();
                return null;
              }

              @Override
              public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
                pieces.add(chunk.length);
                return null;
              }
            };
        connection.writeHeaders(line("GET", "/"), headers(), null, answer);
        connection.finish();
        await(answer.over);
        assertThat(connection.reusable()).isTrue();
      }
      assertThat(pieces).containsExactly(300_000, 3);
      connection.abort();
    }
  }
}
