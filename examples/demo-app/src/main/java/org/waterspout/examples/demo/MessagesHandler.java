// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.demo;

import java.util.Map;
import org.waterspout.web.HTTPError;

/** Sends a message to all who wait in {@link PollHandler}. */
final class MessagesHandler extends DemoHandler {
  private static final int MAX_LENGTH = 1000;

  private final Messages messages;

  MessagesHandler(Messages messages) {
    this.messages = messages;
  }

  @Override
  protected void post() {
    var text = getBodyArgument("text");
    if (text.length() > MAX_LENGTH) {
      throw new HTTPError(413);
    }
    write(Map.of("receivers", messages.send(text)));
  }
}
