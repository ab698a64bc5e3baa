// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration.contract;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.iostream.IOStream;
import org.waterspout.web.Asynchronous;
import org.waterspout.web.EventStream;
import org.waterspout.web.Prefers;
import org.waterspout.web.RequestHandler;
import org.waterspout.web.Requires;
import org.waterspout.web.StreamRequestBody;
import org.waterspout.websocket.CompressionOptions;
import org.waterspout.websocket.WebSocketHandler;

/** The handlers of {@link ContractApplication} that use what some deployments lack. */
final class Uses {
  private static final byte[] PIECE = new byte[64 * 1024];

  private Uses() {}

  static final class Trailers extends RequestHandler {
    @Override
    protected void post() {
      var sums = request().trailers().getList("X-Sum");
      var smuggled = request().trailers().contains("Authorization");
      write(request().body().length + " " + sums + " " + smuggled);
    }
  }

  static final class Detach extends RequestHandler {
    @Override
    protected void get() {
      detach().close();
    }
  }

  /** Reaches what it may not have by a way that the class-file scan cannot see. */
  static final class Misuse extends RequestHandler {
    @Override
    protected void get() throws ReflectiveOperationException {
      var detach = HTTPConnection.class.getMethod("detach");
      ((IOStream) detach.invoke(request().connection())).close();
    }

    @Override
    protected void writeError(int status, Throwable cause) {
      var reason = cause.getCause() == null ? cause : cause.getCause();
      write(reason.getClass().getSimpleName() + ": " + reason.getMessage());
    }
  }

  static final class Socket extends WebSocketHandler {
    @Override
    protected void open() {
      writeMessage("Hello");
    }
  }

  static final class Compressed extends WebSocketHandler {
    @Override
    protected CompressionOptions compressionOptions() {
      return CompressionOptions.DEFAULT;
    }
  }

  static final class Pinged extends WebSocketHandler {
    @Override
    protected void onPing(byte[] data) {
      writeMessage("pinged by " + new String(data, StandardCharsets.UTF_8));
    }
  }

  static final class Pinging extends WebSocketHandler {
    @Override
    protected void open() {
      ping("you".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected void onPong(byte[] data) {
      writeMessage("ponged by " + new String(data, StandardCharsets.UTF_8));
    }
  }

  /** Notes how much of the body has arrived. */
  @StreamRequestBody
  static final class Arrivals extends RequestHandler {
    private final ContractApplication.Observed observed;
    private int size;

    Arrivals(ContractApplication.Observed observed) {
      this.observed = observed;
    }

    @Override
    protected void dataReceived(byte[] chunk) {
      size += chunk.length;
      observed.put(getQueryArgument("id"), Integer.toString(size));
    }

    @Override
    protected void post() {
      write("all " + size);
    }
  }

  /** Takes nothing behind the first piece of a body until the gate opens. */
  @StreamRequestBody
  static final class Held extends RequestHandler {
    private final ContractApplication.Gate gate;
    private final ContractApplication.Observed observed;
    private long size;

    Held(ContractApplication.Gate gate, ContractApplication.Observed observed) {
      this.gate = gate;
      this.observed = observed;
    }

    @Override
    protected void dataReceived(byte[] chunk) {
      if (size == 0) {
        var opened = gate.next();
        observed.put(getQueryArgument("id"), "held");
        await(opened);
      }
      size += chunk.length;
    }

    @Override
    protected void post() {
      write("all " + size);
    }
  }

  /** Answers without end until the gate opens; notes how many pieces were taken. */
  static final class Flood extends RequestHandler {
    private final ContractApplication.Gate gate;
    private final ContractApplication.Observed observed;

    Flood(ContractApplication.Gate gate, ContractApplication.Observed observed) {
      this.gate = gate;
      this.observed = observed;
    }

    @Override
    protected void get() {
      var opened = gate.next();
      for (int i = 1; !opened.isDone(); i++) {
        write(PIECE);
        await(flush());
        observed.put(getArgument("id"), Integer.toString(i));
      }
    }
  }

  /** An event for each opening of the gate, and many heartbeats. */
  static final class Events extends RequestHandler {
    private final ContractApplication.Gate gate;

    Events(ContractApplication.Gate gate) {
      this.gate = gate;
    }

    @Override
    protected void get() {
      var events = EventStream.open(this, Duration.ofMillis(50));
      var next = gate.next(); // before a client that has the first can open the gate
      await(events.send("first"));
      await(events.send(await(next)));
    }
  }

  @Requires(Capability.LONG_POLLING)
  static final class Parked extends RequestHandler {
    private final ContractApplication.Gate gate;

    Parked(ContractApplication.Gate gate) {
      this.gate = gate;
    }

    @Override
    protected void get() {
      write(await(gate.next()));
    }
  }

  /** Waits until its client is gone, and notes it. */
  static final class Watched extends RequestHandler {
    private final ContractApplication.Observed observed;

    Watched(ContractApplication.Observed observed) {
      this.observed = observed;
    }

    @Override
    @Asynchronous
    protected void get() {
      observed.put(getArgument("id"), "here");
    }

    @Override
    protected void onConnectionClose() {
      observed.put(getArgument("id"), "gone");
    }
  }

  /** Writes until its client is gone, and notes it. */
  @Prefers(Capability.CLOSE_DETECTION)
  static final class Heartbeat extends RequestHandler {
    private final ContractApplication.Observed observed;
    private boolean gone;

    Heartbeat(ContractApplication.Observed observed) {
      this.observed = observed;
    }

    @Override
    protected void get() {
      while (!gone) {
        write("beat ");
        await(flush());
        await(sleep(Duration.ofMillis(20)));
      }
    }

    @Override
    protected void onConnectionClose() {
      gone = true;
      observed.put(getArgument("id"), "gone");
    }
  }

  /** What was noted. */
  static final class Tell extends RequestHandler {
    private final ContractApplication.Observed observed;

    Tell(ContractApplication.Observed observed) {
      this.observed = observed;
    }

    @Override
    protected void get() {
      write(observed.get(getArgument("id")));
    }
  }

  static final class Reason extends RequestHandler {
    @Override
    protected void get() {
      setStatus(202, "Perhaps");
    }
  }

  @StreamRequestBody
  static final class Limited extends RequestHandler {
    private int size;

    @Override
    protected void prepare() {
      request().connection().setMaxBodySize(1000);
    }

    @Override
    protected void dataReceived(byte[] chunk) {
      size += chunk.length;
    }

    @Override
    protected void post() {
      write("all " + size);
    }
  }

  @Requires(Capability.ABORT)
  static final class Cut extends RequestHandler {
    @Override
    protected void get() {
      write("the first half");
      await(flush());
      request().connection().abort();
    }
  }

  static final class Hints extends RequestHandler {
    @Override
    protected void get() {
      var hints = new HTTPHeaders();
      hints.add("Link", "</style.css>; rel=preload");
      await(sendEarlyHints(hints));
      write("hinted");
    }
  }

  static final class Trailing extends RequestHandler {
    @Override
    protected void get() {
      setTrailer("X-Sum", "42");
      write("body");
      await(flush());
    }
  }

  static final class Loan extends RequestHandler {
    @Override
    @Asynchronous
    protected void get() {
      var loan = request().connection().lendWriteSide();
      if (loan == null) {
        finish("not lent");
      } else {
        loan.abort();
      }
    }
  }
}
