// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

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
    write(Page.resource("chat.html").replace("/* SCRIPT */", Page.resource(script)));
  }
}
