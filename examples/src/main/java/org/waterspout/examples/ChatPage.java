// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.waterspout.web.RequestHandler;

/** The page of a chat: {@code chat.html} with the script by which it talks to the server. */
final class ChatPage extends RequestHandler {
  private final String script;

  /** A handler; the script is one of the resources. */
  ChatPage(String script) {
    this.script = script;
  }

  @Override
  protected void get() {
    write(resource("chat.html").replace("/* SCRIPT */", resource(script)));
  }

  private static String resource(String name) {
    try (var in = ChatPage.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
