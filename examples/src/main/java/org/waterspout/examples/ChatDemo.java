// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.waterspout.web.Application.url;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;
import org.waterspout.websocket.CompressionOptions;
import org.waterspout.websocket.WebSocketHandler;

/**
 * A chat room by WebSocket, with its page at {@code /}. With a certificate and its key, by TLS.
 *
 * <p>A client's first text is its name, each further one a message. The server sends JSON objects.
 */
final class ChatDemo {
  private static final int MAX_NAME = 30;
  private static final int MAX_TEXT = 2000;
  private static final int MAX_HISTORY = 100;

  private ChatDemo() {}

  /** Who is there, and what was said lately. On one loop, so that nothing needs a lock. */
  static final class Room {
    private final Set<ChatSocket> members = new LinkedHashSet<>();
    private final Deque<Map<String, ?>> history = new ArrayDeque<>();

    void join(ChatSocket newcomer) {
      for (var message : history) {
        var _ = newcomer.writeMessage(message);
      }
      members.add(newcomer);
      tellWhoIsThere();
    }

    void leave(ChatSocket member) {
      if (members.remove(member)) {
        tellWhoIsThere();
      }
    }

    void say(String name, String text) {
      Map<String, ?> message =
          Map.of("type", "message", "name", name, "text", text, "at", Instant.now().toString());
      history.add(message);
      if (history.size() > MAX_HISTORY) {
        history.removeFirst();
      }
      tell(message);
    }

    private void tellWhoIsThere() {
      List<String> names = members.stream().map(ChatSocket::name).sorted().toList();
      tell(Map.of("type", "members", "names", names));
    }

    /** Who does not read what he is sent is cut by the framework, so nobody waits for him here. */
    private void tell(Map<String, ?> message) {
      String json = Escape.jsonEncode(message);
      for (var member : members) {
        var _ = member.writeMessage(json);
      }
    }
  }

  static final class ChatSocket extends WebSocketHandler {
    private final Room room;
    private @Nullable String name; // null until the first message

    ChatSocket(Room room) {
      this.room = room;
    }

    String name() {
      return Objects.requireNonNullElse(name, "");
    }

    @Override
    protected void onMessage(String message) {
      String text = message.strip();
      if (text.isEmpty() || text.length() > (name == null ? MAX_NAME : MAX_TEXT)) {
        close(4000, "a name has 1 to " + MAX_NAME + " characters, a message 1 to " + MAX_TEXT);
      } else if (name == null) {
        name = text;
        room.join(this);
      } else {
        room.say(name, text);
      }
    }

    @Override
    protected void onClose() {
      room.leave(this);
    }

    @Override
    protected int maxMessageSize() {
      return 4 * MAX_TEXT;
    }

    @Override
    protected Duration pingInterval() {
      return Duration.ofSeconds(30);
    }

    @Override
    protected CompressionOptions compressionOptions() {
      return CompressionOptions.DEFAULT.withoutContextTakeover();
    }
  }

  static Application application() {
    var room = new Room();
    return new Application(
        url("/", () -> new ChatPage("chat-websocket.js")),
        url("/chat", () -> new ChatSocket(room)));
  }

  static void main(String[] args) {
    var options = Options.of("A chat room by WebSocket, with its page at /.").serving(8888);
    var _ = options.parse(args).listen(application());
    IOLoop.current().start();
  }
}
