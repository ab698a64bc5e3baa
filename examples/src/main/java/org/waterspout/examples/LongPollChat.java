// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.withTimeout;
import static org.waterspout.web.Application.url;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.Capability;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.web.Application;
import org.waterspout.web.HTTPError;
import org.waterspout.web.Prefers;
import org.waterspout.web.RequestHandler;

/**
 * A chat room by long polling, with its page at {@code /}. With a certificate and its key, by
 * HTTPS.
 *
 * <pre>
 *   POST /messages                 name and text, as a form: says something
 *   GET  /messages?after=CURSOR    what was said since, as soon as there is any
 * </pre>
 *
 * <p>Each answer to GET has the cursor for the next one. Messages are numbered, so none is lost
 * between two polls, whoever else polls; without a cursor come all that are kept. An answer without
 * messages says that nothing was said for a while.
 */
final class LongPollChat {
  private static final int MAX_NAME = 30;
  private static final int MAX_TEXT = 2000;
  private static final int MAX_HISTORY = 200;

  private LongPollChat() {}

  /** Something that was said. */
  record Said(long number, String name, String text, Instant at) {
    Map<String, ?> forClients() {
      return Map.of("name", name, "text", text, "at", at.toString());
    }
  }

  /** What was said lately, and who waits for more. On one loop, so that nothing needs a lock. */
  static final class Room {
    private final String id = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    private final Deque<Said> history = new ArrayDeque<>();
    private final Set<LoopFuture<Void>> waiting = new LinkedHashSet<>();
    private long last;

    void say(String name, String text) {
      history.add(new Said(++last, name, text, Instant.now()));
      if (history.size() > MAX_HISTORY) {
        history.removeFirst();
      }
      var woken = List.copyOf(waiting);
      waiting.clear();
      woken.forEach(arrival -> arrival.complete(null));
    }

    /** Done when something is said. Who does not wait for it any longer has to say so. */
    LoopFuture<Void> nextArrival() {
      var arrival = new LoopFuture<Void>(IOLoop.current());
      waiting.add(arrival);
      return arrival;
    }

    void forget(LoopFuture<Void> arrival) {
      waiting.remove(arrival);
    }

    int waiting() {
      return waiting.size();
    }

    /** The number of the last message that a client has; 0 for a cursor of another room's. */
    long position(String cursor) {
      var number = cursor.startsWith(id + "-") ? cursor.substring(id.length() + 1) : "";
      long position = number.matches("[0-9]{1,18}") ? Long.parseLong(number) : 0;
      return position <= last ? position : 0;
    }

    boolean hasMoreThan(long position) {
      return position < last;
    }

    /** What comes behind a position, how many of that are not kept, and the next cursor. */
    Map<String, ?> since(long position) {
      var messages = history.stream().filter(said -> said.number() > position).toList();
      long missed = position == 0 ? 0 : last - position - messages.size();
      return Map.of(
          "cursor",
          id + "-" + last,
          "missed",
          missed,
          "messages",
          messages.stream().map(Said::forClients).toList());
    }
  }

  /** Where a client's disappearance is not noticed, its poll waits until it would end anyway. */
  @Prefers(Capability.CLOSE_DETECTION)
  static final class MessagesHandler extends RequestHandler {
    private final Room room;
    private final Duration patience;
    private @Nullable LoopFuture<Void> arrival; // while it is waited for

    MessagesHandler(Room room, Duration patience) {
      this.room = room;
      this.patience = patience;
    }

    @Override
    protected void setDefaultHeaders() {
      setHeader("Cache-Control", "no-store");
    }

    @Override
    protected void get() {
      long position = room.position(getArgument("after", ""));
      if (!room.hasMoreThan(position)) {
        awaitArrival();
      }
      writeJSON(room.since(position));
    }

    private void awaitArrival() {
      var next = room.nextArrival();
      arrival = next;
      try {
        await(withTimeout(patience, next));
      } catch (CompletionException e) {
        return; // nothing was said in time
      } finally {
        room.forget(next);
      }
    }

    @Override
    protected void onConnectionClose() {
      if (arrival != null) {
        arrival.complete(null); // get() ends, and what it writes goes nowhere
      }
    }

    @Override
    protected void post() {
      room.say(argument("name", MAX_NAME), argument("text", MAX_TEXT));
      setStatus(204);
    }

    private String argument(String name, int most) {
      var value = getBodyArgument(name).strip();
      if (value.isEmpty() || value.length() > most) {
        throw new HTTPError(400, name + " of " + value.length() + " characters");
      }
      return value;
    }
  }

  static Application application(Room room, Duration patience) {
    return new Application(
        url("/", () -> new ChatPage("chat-longpoll.js")),
        url("/messages", () -> new MessagesHandler(room, patience)));
  }

  static void main(String[] args) {
    var options = Options.of("A chat room by long polling, with its page at /.").serving(8888);
    var application = application(new Room(), Duration.ofSeconds(25));
    var _ = options.parse(args).listen(application);
    IOLoop.current().start();
  }
}
