// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.waterspout.gen.Gen.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;

/** What other people's clients are answered, by the path that they ask for. */
final class ClientAnswers implements HTTPServerConnectionDelegate {
  private static final int PIECE = 64 * 1024;

  /** What has asked for {@code /late}. */
  final BlockingQueue<TestRequest> waiting = new LinkedBlockingQueue<>();

  private final AtomicInteger expectations = new AtomicInteger();
  private final Set<Object> connections = ConcurrentHashMap.newKeySet();

  /** Bytes that no mix-up leaves as they are. */
  static byte[] pattern(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + (i >>> 8) * 7 + (i >>> 16));
    }
    return bytes;
  }

  /** What {@code /sum} answers to a body. */
  static String sum(byte[] body) {
    var sum = new CRC32();
    sum.update(body);
    return body.length + " " + Long.toHexString(sum.getValue());
  }

  /** How many requests have waited for 100 (Continue). */
  int expectations() {
    return expectations.get();
  }

  /** Over how many connections requests have come. */
  int connections() {
    return connections.size();
  }

  @Override
  public HTTPMessageDelegate startRequest(Object server, HTTPConnection connection) {
    connections.add(server);
    return new Request(connection);
  }

  private final class Request extends TestRequest {
    private final CRC32 sum = new CRC32();
    private int size;

    Request(HTTPConnection connection) {
      super(connection, request -> {});
    }

    @Override
    public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers)
        throws Exception {
      super.headersReceived(startLine, headers);
      if (headers.get("Expect") != null) {
        expectations.incrementAndGet();
      }
      if (target().equals("/early")) {
        reply(403, "not you");
      }
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
      sum.update(chunk);
      size += chunk.length;
      if (!target().equals("/sum/slow")) {
        return null;
      }
      var later = new LoopFuture<Void>(connection.loop());
      connection.loop().callLater(Duration.ofMillis(1), () -> later.complete(null));
      return later;
    }

    @Override
    public void finish() throws Exception {
      String target = target();
      int number =
          target.matches("/.*/[0-9]+")
              ? Integer.parseInt(target.substring(target.lastIndexOf('/') + 1))
              : 0;
      if (target.startsWith("/length/")) {
        beginWithLength(number);
        await(connection.write(ByteBuffer.wrap(pattern(number))));
        connection.finish();
      } else if (target.startsWith("/chunks/")) {
        chunks(pattern(number));
      } else if (target.startsWith("/status/")) {
        connection.writeHeaders(status(number), new HTTPHeaders(), null);
        connection.finish();
      } else if (target.startsWith("/sum")) {
        reply(200, size + " " + Long.toHexString(sum.getValue()));
      } else {
        special(target);
      }
    }

    private void special(String target) throws Exception {
      switch (target) {
        case "/redirect" -> redirect("/here");
        case "/here" -> reply(200, "here");
        case "/hints" -> hints();
        case "/trailers" -> trailers();
        case "/late" -> waiting.add(this);
        case "/cut/before" -> connection.abort();
        case "/cut/length" -> {
          beginWithLength(100_000);
          write("x".repeat(50_000));
          connection.abort();
        }
        case "/cut/chunks" -> {
          begin();
          write("x".repeat(50_000));
          connection.abort();
        }
        case "/cut/lent" -> cutByBorrower();
        case "/certificate" -> {
          var chain = connection.peerCertificates();
          reply(
              200, chain.isEmpty() ? "none" : chain.getFirst().getSubjectX500Principal().getName());
        }
        default -> reply(404, target);
      }
    }

    private void beginWithLength(int length) {
      var headers = new HTTPHeaders();
      headers.add("Content-Length", Integer.toString(length));
      connection.writeHeaders(status(200), headers, null);
    }

    private void chunks(byte[] body) {
      begin();
      for (int i = 0; i < body.length; i += PIECE) {
        await(connection.write(ByteBuffer.wrap(body, i, Math.min(PIECE, body.length - i))));
      }
      connection.finish();
    }

    private void redirect(String location) {
      var headers = new HTTPHeaders();
      headers.add("Location", location);
      headers.add("Content-Length", "0");
      connection.writeHeaders(status(302), headers, null);
      connection.finish();
    }

    private void hints() {
      for (int i = 0; i < 2; i++) {
        var hints = new HTTPHeaders();
        hints.add("Link", "</style.css>; rel=preload; as=style");
        connection.writeInformational(status(103), hints);
      }
      reply(200, "behind the hints");
    }

    private void trailers() {
      var announced = new HTTPHeaders();
      announced.add("Trailer", "X-Sum");
      connection.writeHeaders(status(200), announced, bytes("in front"));
      var trailers = new HTTPHeaders();
      trailers.add("X-Sum", "8");
      connection.finish(trailers);
    }

    private void cutByBorrower() {
      var loan = connection.lendWriteSide();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  loan.writeHeaders(status(200), new HTTPHeaders(), bytes("x".repeat(50_000)));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                } finally {
                  loan.abort();
                }
              });
    }
  }
}
