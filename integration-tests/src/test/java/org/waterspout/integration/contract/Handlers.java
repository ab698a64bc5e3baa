// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration.contract;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.blocking;
import static org.waterspout.gen.Gen.multi;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.gen.Gen.spawn;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.waterspout.http.Capability;
import org.waterspout.httpclient.AsyncHTTPClient;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.PeriodicCallback;
import org.waterspout.web.Asynchronous;
import org.waterspout.web.RequestHandler;
import org.waterspout.web.StreamRequestBody;

/** The handlers of {@link ContractApplication}. */
final class Handlers {
  private Handlers() {}

  static final class Hello extends RequestHandler {
    @Override
    protected void get() {
      write("Hello, wörld");
    }

    @Override
    protected void head() {
      get();
    }
  }

  static final class Json extends RequestHandler {
    @Override
    protected void get() {
      write(Map.of("tag", "</script>"));
    }
  }

  static final class Path extends RequestHandler {
    @Override
    protected void get() {
      write(pathArgument(0) + "|" + pathArgument(1) + "|" + getQueryArgument("q", "-"));
    }
  }

  static final class Echo extends RequestHandler {
    @Override
    protected void post() {
      setHeader("Content-Type", "application/octet-stream");
      write(request().body());
    }
  }

  @StreamRequestBody
  static final class Upload extends RequestHandler {
    private final CRC32 sum = new CRC32();
    private long size;

    @Override
    protected void prepare() {
      request().connection().setMaxBodySize(2L << 30);
    }

    @Override
    protected void dataReceived(byte[] chunk) {
      await(sleep(Duration.ofNanos(1))); // holds the sender back
      sum.update(chunk);
      size += chunk.length;
    }

    @Override
    protected void post() {
      write(size + " " + sum.getValue());
    }
  }

  static final class Form extends RequestHandler {
    @Override
    protected void post() {
      write(String.join(",", getArguments("name")) + "|" + getBodyArgument("other", "none"));
    }
  }

  static final class Headers extends RequestHandler {
    @Override
    protected void get() {
      setCookie("flavour", "salt");
      setCookie("colour", "grey");
      request().headers().getList("X-Echo").forEach(value -> addHeader("X-Echo", value));
      addHeader("X-Twice", "one");
      addHeader("X-Twice", "two");
      setStatus(202);
      write(String.join(",", request().headers().getList("X-In")) + "|" + getCookie("seen", "-"));
    }
  }

  static final class Awaits extends RequestHandler {
    @Override
    protected void get() {
      var id = getArgument("id");
      await(sleep(Duration.ofMillis(1)));
      var both =
          await(
              multi(
                  spawn(
                      () -> {
                        await(sleep(Duration.ofMillis(2)));
                        return id;
                      }),
                  blocking(() -> id)));
      write(String.join("+", both) + "=" + getArgument("id"));
    }
  }

  static final class Callbacks extends RequestHandler {
    @Override
    @Asynchronous
    protected void get() {
      IOLoop.current()
          .callLater(Duration.ofMillis(1), () -> IOLoop.current().addCallback(this::answer));
    }

    private void answer() {
      finish("called back");
    }
  }

  /** What another server answers, here this one. */
  static final class Fetch extends RequestHandler {
    @Override
    protected void get() {
      var fetched = await(AsyncHTTPClient.current().fetch(getArgument("url")));
      write("fetched " + new String(fetched.body(), StandardCharsets.UTF_8));
    }
  }

  /** Answers at the third tick. */
  static final class Ticks extends RequestHandler {
    @Override
    protected void get() {
      var third = new LoopFuture<String>();
      var ticks = new AtomicInteger();
      var ticking =
          new PeriodicCallback(
              () -> {
                if (ticks.incrementAndGet() == 3) {
                  third.complete("ticked");
                }
              },
              Duration.ofMillis(1));
      ticking.start();
      write(await(third));
      ticking.stop();
    }
  }

  static final class Fails extends RequestHandler {
    @Override
    protected void get() {
      throw new IllegalStateException("secret detail");
    }
  }

  static final class FailsHard extends RequestHandler {
    @Override
    protected void get() {
      throw new AssertionError("secret detail");
    }
  }

  static final class FailsLater extends RequestHandler {
    @Override
    @Asynchronous
    protected void get() {
      IOLoop.current()
          .addCallback(
              () -> {
                throw new IllegalStateException("secret detail");
              });
    }
  }

  static final class FailsHalfway extends RequestHandler {
    @Override
    protected void get() {
      write("the first half");
      await(flush());
      throw new IllegalStateException("halfway");
    }
  }

  static final class Download extends RequestHandler {
    @Override
    protected void get() {
      long left = getArgument("size", Long::valueOf);
      var piece = new byte[50_000];
      for (int i = 0; left > 0; i++) {
        Arrays.fill(piece, (byte) i);
        int length = (int) Math.min(left, piece.length);
        write(length == piece.length ? piece : Arrays.copyOf(piece, length));
        await(flush());
        left -= length;
      }
    }
  }

  static final class Wait extends RequestHandler {
    private final ContractApplication.Gate gate;

    Wait(ContractApplication.Gate gate) {
      this.gate = gate;
    }

    @Override
    protected void get() {
      write(await(gate.next()));
    }
  }

  static final class Stream extends RequestHandler {
    private final ContractApplication.Gate gate;

    Stream(ContractApplication.Gate gate) {
      this.gate = gate;
    }

    @Override
    protected void get() {
      var second = gate.next(); // before a client that has the first can open the gate
      write("first ");
      await(flush());
      write(await(second));
    }
  }

  static final class Release extends RequestHandler {
    private final ContractApplication.Gate gate;

    Release(ContractApplication.Gate gate) {
      this.gate = gate;
    }

    @Override
    protected void post() {
      gate.open(new String(request().body(), StandardCharsets.UTF_8));
    }
  }

  static final class Capabilities extends RequestHandler {
    @Override
    protected void get() {
      var offered = new TreeMap<String, Object>();
      for (var capability : Capability.values()) {
        offered.put(capability.name(), request().connection().capabilities().contains(capability));
      }
      write(offered);
    }
  }
}
