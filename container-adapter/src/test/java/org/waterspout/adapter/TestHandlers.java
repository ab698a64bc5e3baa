// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.url;

import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.CRC32;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.web.Application;
import org.waterspout.web.Asynchronous;
import org.waterspout.web.RequestHandler;
import org.waterspout.web.StreamRequestBody;

/** Handlers for the tests of one adapter, and what the tests steer and see of them. */
final class TestHandlers {
  /** What the handlers report, in order. */
  final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  /** What parked handlers wait for; a test completes it. */
  final BlockingQueue<LoopFuture<String>> parked = new LinkedBlockingQueue<>();

  volatile long produced;

  Application application() {
    return new Application(
        url("/", () -> new Echo()).name("home"),
        url("/echo(?:/(.*))?", Echo::new),
        url("/headers", Headers::new),
        url("/status/([0-9]+)", Status::new),
        url("/fail", Fail::new),
        url("/error", Fatal::new),
        url("/link", Link::new),
        url("/wait", () -> new Wait(this)),
        url("/callback", () -> new Callback(this)),
        url("/upload", () -> new Upload(this)),
        url("/slow-upload", () -> new SlowUpload(this)),
        url("/early", () -> new Early()),
        url("/download/([0-9]+)", () -> new Download(this)),
        url("/stream", () -> new Stream(this)),
        url("/half", Half::new),
        url("/trailers", WithTrailers::new));
  }

  /** Method, what the routes saw, and the body. */
  static final class Echo extends RequestHandler {
    @Override
    protected void get() {
      write(request().method() + " " + request().uri());
    }

    @Override
    protected void head() {
      get();
    }

    @Override
    protected void post() {
      write(request().body());
    }
  }

  static final class Headers extends RequestHandler {
    @Override
    protected void get() {
      setHeader("X-Back", request().headers().get("X-There", ""));
      setHeader("Server", "ours");
      setCookie("a", "1");
      setCookie("b", "2");
      write(request().remoteIP() + " " + request().protocol() + " " + request().host());
    }
  }

  static final class Status extends RequestHandler {
    @Override
    protected void get() {
      setStatus(Integer.parseInt(pathArgument(0)));
    }
  }

  static final class Fail extends RequestHandler {
    @Override
    protected void get() {
      throw new IllegalArgumentException("on purpose");
    }
  }

  static final class Fatal extends RequestHandler {
    @Override
    protected void get() {
      throw new AssertionError("on purpose");
    }
  }

  static final class Link extends RequestHandler {
    @Override
    protected void get() {
      write(reverseUrl("home"));
    }
  }

  /** Awaits in its stack. */
  static final class Wait extends RequestHandler {
    private final TestHandlers test;

    Wait(TestHandlers test) {
      this.test = test;
    }

    @Override
    protected void get() throws Exception {
      var answer = new LoopFuture<String>(request().connection().loop());
      test.parked.add(answer);
      write(await(answer));
    }
  }

  /** Answers from a callback. */
  static final class Callback extends RequestHandler {
    private final TestHandlers test;

    Callback(TestHandlers test) {
      this.test = test;
    }

    @Override
    @Asynchronous
    protected void get() {
      var answer = new LoopFuture<String>(request().connection().loop());
      test.parked.add(answer);
      var _ = answer.thenAccept(text -> finish(text));
    }
  }

  @StreamRequestBody
  static class Upload extends RequestHandler {
    final TestHandlers test;
    private final CRC32 checksum = new CRC32();
    private long size;

    Upload(TestHandlers test) {
      this.test = test;
    }

    @Override
    protected void dataReceived(byte[] chunk) throws Exception {
      size += chunk.length;
      checksum.update(chunk);
    }

    @Override
    protected void post() {
      write(size + " " + HexFormat.of().toHexDigits((int) checksum.getValue()));
    }
  }

  /** Takes its second piece only when the test lets it. */
  @StreamRequestBody
  static final class SlowUpload extends Upload {
    private boolean waited;

    SlowUpload(TestHandlers test) {
      super(test);
    }

    @Override
    protected void dataReceived(byte[] chunk) throws Exception {
      if (!waited) {
        waited = true;
        var go = new LoopFuture<String>(request().connection().loop());
        test.parked.add(go);
        var _ = await(go);
      }
      super.dataReceived(chunk);
    }
  }

  /** Answers before it has seen any of the body. */
  @StreamRequestBody
  static final class Early extends RequestHandler {
    @Override
    protected void prepare() {
      setStatus(403);
      finish("no");
    }

    @Override
    protected void dataReceived(byte[] chunk) {}
  }

  /** So many pieces of 64 KiB, each awaited. */
  static final class Download extends RequestHandler {
    private final TestHandlers test;

    Download(TestHandlers test) {
      this.test = test;
    }

    @Override
    protected void get() throws Exception {
      int pieces = Integer.parseInt(pathArgument(0));
      try {
        for (int i = 0; i < pieces; i++) {
          byte[] piece = new byte[64 * 1024];
          java.util.Arrays.fill(piece, (byte) i);
          write(piece);
          await(flush());
          test.produced++;
        }
      } catch (RuntimeException e) {
        test.events.add("failed " + e.getClass().getSimpleName());
        throw e;
      }
    }
  }

  /** One piece for each that the test gives; none ends it. */
  static final class Stream extends RequestHandler {
    private final TestHandlers test;

    Stream(TestHandlers test) {
      this.test = test;
    }

    @Override
    protected void get() throws Exception {
      while (true) {
        var next = new LoopFuture<String>(request().connection().loop());
        test.parked.add(next);
        String piece = await(next);
        if (piece.isEmpty()) {
          return;
        }
        write(piece);
        try {
          await(flush());
        } catch (RuntimeException e) {
          test.events.add("failed " + e.getClass().getSimpleName());
          throw e;
        }
      }
    }
  }

  static final class WithTrailers extends RequestHandler {
    @Override
    protected void get() throws Exception {
      setTrailer("X-Sum", "1");
      write("body");
      await(flush());
    }
  }

  /** Fails in the middle of a chunked answer. */
  static final class Half extends RequestHandler {
    @Override
    protected void get() throws Exception {
      write("half");
      await(flush());
      throw new IllegalStateException("on purpose");
    }
  }
}
