// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration.contract;

import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.web.Application;
import org.waterspout.web.OnMissingCapability;
import org.waterspout.web.StaticFileHandler;
import org.waterspout.web.StaticFiles;

/** One handler for each thing that every deployment promises. */
public final class ContractApplication implements Supplier<Application> {
  /** What /wait waits for and /release completes; on the loop only. */
  static final class Gate {
    private CompletableFuture<String> opened = new CompletableFuture<>();

    CompletableFuture<String> next() {
      return opened;
    }

    void open(String word) {
      var opening = opened;
      opened = new LoopFuture<>();
      opening.complete(word);
    }
  }

  /** What handlers have seen, for later requests to ask after; on the loop only. */
  static final class Observed {
    private final Map<String, String> seen = new HashMap<>();

    void put(String id, String what) {
      seen.put(id, what);
    }

    String get(String id) {
      return seen.getOrDefault(id, "");
    }
  }

  /** What is served below /static. */
  private static StaticFiles files() {
    try {
      var folder = Files.createTempDirectory("waterspout-contract");
      folder.toFile().deleteOnExit();
      var large = folder.resolve("large.bin");
      large.toFile().deleteOnExit();
      var bytes = new byte[300_000];
      new Random(42).nextBytes(bytes);
      Files.write(large, bytes);
      Files.setLastModifiedTime(large, FileTime.fromMillis(0)); // it has settled
      return StaticFiles.folder(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Application get() {
    var gate = new Gate();
    var files = files();
    var observed = new Observed();
    return new Application(
        settings().onMissingCapability(OnMissingCapability.ROUTE).build(),
        url("/hello", Handlers.Hello::new),
        url("/json", Handlers.Json::new),
        url("/path/([^/]+)/(.*)", Handlers.Path::new),
        url("/echo", Handlers.Echo::new),
        url("/upload", Handlers.Upload::new),
        url("/trailers", Uses.Trailers::new),
        url("/form", Handlers.Form::new),
        url("/headers", Handlers.Headers::new),
        url("/awaits", Handlers.Awaits::new),
        url("/callbacks", Handlers.Callbacks::new),
        url("/fails", Handlers.Fails::new),
        url("/fails-hard", Handlers.FailsHard::new),
        url("/fails-later", Handlers.FailsLater::new),
        url("/fails-halfway", Handlers.FailsHalfway::new),
        url("/download", Handlers.Download::new),
        url("/fetch", Handlers.Fetch::new),
        url("/ticks", Handlers.Ticks::new),
        url("/wait", () -> new Handlers.Wait(gate)),
        url("/stream", () -> new Handlers.Stream(gate)),
        url("/release", () -> new Handlers.Release(gate)),
        url("/detach", Uses.Detach::new),
        url("/misuse", Uses.Misuse::new),
        url("/static/(.*)", () -> new StaticFileHandler(files)),
        url("/socket", Uses.Socket::new),
        url("/compressed", Uses.Compressed::new),
        url("/pinged", Uses.Pinged::new),
        url("/pinging", Uses.Pinging::new),
        url("/arrivals", () -> new Uses.Arrivals(observed)),
        url("/held", () -> new Uses.Held(gate, observed)),
        url("/flood", () -> new Uses.Flood(gate, observed)),
        url("/events", () -> new Uses.Events(gate)),
        url("/parked", () -> new Uses.Parked(gate)),
        url("/watched", () -> new Uses.Watched(observed)),
        url("/heartbeat", () -> new Uses.Heartbeat(observed)),
        url("/observed", () -> new Uses.Tell(observed)),
        url("/reason", Uses.Reason::new),
        url("/limited", Uses.Limited::new),
        url("/cut", Uses.Cut::new),
        url("/hints", Uses.Hints::new),
        url("/trailing", Uses.Trailing::new),
        url("/loan", Uses.Loan::new),
        url("/capabilities", Handlers.Capabilities::new));
  }
}
