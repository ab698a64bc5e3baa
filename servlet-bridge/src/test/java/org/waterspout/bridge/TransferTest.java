// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.mount;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.waterspout.http.HTTPServerOptions;

/** Large bodies through listeners, over real sockets: what is on its way is bounded. */
class TransferTest {
  private static final long SIZE = 64L << 20;

  /** More than the system keeps for one connection of the loopback, less than the body. */
  private static final long ON_ITS_WAY = 24L << 20;

  private static void send(Socket socket, String head) throws IOException {
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads up to the empty line. */
  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended after: " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @Test
  void takesALargeUploadAsFastAsItIsRead() throws Exception {
    var sent = new AtomicLong();
    var most = new AtomicLong();
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              var in = request.getInputStream();
              in.setReadListener(
                  new ReadListener() {
                    private final byte[] bytes = new byte[8192];
                    private long read;

                    @Override
                    public void onDataAvailable() throws IOException {
                      while (in.isReady() && !in.isFinished()) {
                        read += in.read(bytes);
                        most.accumulateAndGet(sent.get() - read, Math::max);
                      }
                    }

                    @Override
                    public void onAllDataRead() throws IOException {
                      response.getOutputStream().print("read " + read);
                      context.complete();
                    }

                    @Override
                    public void onError(Throwable failure) {}
                  });
            });
    try (var server = new BridgeServer(mount("/up", builder.build()));
        Socket socket = server.connect()) {
      send(socket, "POST /up/ HTTP/1.1\r\nHost: a\r\nContent-Length: " + SIZE + "\r\n\r\n");
      OutputStream out = socket.getOutputStream();
      byte[] piece = new byte[1 << 16];
      while (sent.get() < SIZE) {
        out.write(piece);
        sent.addAndGet(piece.length);
      }
      InputStream in = socket.getInputStream();
      assertThat(head(in)).startsWith("HTTP/1.1 200");
      String expected = "read " + SIZE;
      assertThat(new String(in.readNBytes(expected.length()), StandardCharsets.US_ASCII))
          .isEqualTo(expected);
      assertThat(most.get()).isLessThan(ON_ITS_WAY);
    }
  }

  @Test
  void sendsALargeDownloadAsFastAsItIsTaken() throws Exception {
    var written = new AtomicLong();
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              response.setContentLengthLong(SIZE);
              var out = response.getOutputStream();
              out.setWriteListener(new Downloading(context, out, written));
            });
    try (var server = new BridgeServer(mount("/down", builder.build()));
        Socket socket = server.connect(1 << 18)) {
      send(socket, "GET /down/ HTTP/1.1\r\nHost: a\r\n\r\n");
      InputStream in = socket.getInputStream();
      assertThat(head(in)).contains("Content-Length: " + SIZE);
      byte[] piece = new byte[1 << 16];
      long read = 0;
      long most = 0;
      while (read < SIZE) {
        most = Math.max(most, written.get() - read);
        int count = in.read(piece);
        assertThat(count).isPositive();
        read += count;
      }
      assertThat(read).isEqualTo(SIZE);
      assertThat(most).isLessThan(ON_ITS_WAY);
    }
  }

  /** Writes pieces as long as the stream is ready. */
  private static class Downloading implements WriteListener {
    private final AsyncContext context;
    private final ServletOutputStream out;
    private final AtomicLong written;

    Downloading(AsyncContext context, ServletOutputStream out, AtomicLong written) {
      this.context = context;
      this.out = out;
      this.written = written;
    }

    @Override
    public void onWritePossible() throws IOException {
      while (written.get() < SIZE && out.isReady()) {
        out.write(new byte[1 << 16]);
        written.addAndGet(1 << 16);
      }
      if (written.get() == SIZE) {
        context.complete();
      }
    }

    @Override
    public void onError(Throwable failure) {}
  }

  @Test
  void endsADownloadWhoseClientTakesNothing() throws Exception {
    var failure = new CompletableFuture<Throwable>();
    var asyncFailure = new CompletableFuture<Throwable>();
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              context.setTimeout(0);
              context.addListener(
                  new SilentListener() {
                    @Override
                    public void onError(AsyncEvent event) {
                      asyncFailure.complete(event.getThrowable());
                    }
                  });
              var out = response.getOutputStream();
              out.setWriteListener(
                  new Downloading(context, out, new AtomicLong()) {
                    @Override
                    public void onError(Throwable reason) {
                      failure.complete(reason);
                    }
                  });
            });
    var options = HTTPServerOptions.builder().stallTimeout(Duration.ofMillis(300)).build();
    try (var server = new BridgeServer(options, mount("/down", builder.build()));
        Socket socket = server.connect()) {
      send(socket, "GET /down/ HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      assertThat(asyncFailure.get(20, TimeUnit.SECONDS)).isSameAs(failure.get());
    }
  }

  @Test
  void endsADownloadWhoseClientGoes() throws Exception {
    var failure = new CompletableFuture<Throwable>();
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              context.setTimeout(0);
              var out = response.getOutputStream();
              out.setWriteListener(
                  new Downloading(context, out, new AtomicLong()) {
                    @Override
                    public void onError(Throwable reason) {
                      failure.complete(reason);
                    }
                  });
            });
    try (var server = new BridgeServer(mount("/down", builder.build()))) {
      try (Socket socket = server.connect()) {
        send(socket, "GET /down/ HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 200");
        socket.setSoLinger(true, 0); // a reset
      }
      assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }
  }
}
