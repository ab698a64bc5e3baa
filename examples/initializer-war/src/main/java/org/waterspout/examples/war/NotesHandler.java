// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.war;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.withTimeout;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.waterspout.web.HTTPError;
import org.waterspout.web.RequestHandler;

/** Pins notes, and waits for them without a thread of the container. */
final class NotesHandler extends RequestHandler {
  private static final Duration PATIENCE = Duration.ofSeconds(25);
  private static final int LONGEST = 1000;

  private final Notes notes;

  NotesHandler(Notes notes) {
    this.notes = notes;
  }

  @Override
  protected void get() {
    int after = getArgument("after", Integer::valueOf, 0);
    if (notes.after(after).isEmpty()) {
      waitForNext();
    }
    setHeader("Cache-Control", "no-store");
    writeJSON(notes.after(after));
  }

  /** As long as proxies and browsers keep quiet about it. */
  private void waitForNext() {
    try {
      await(withTimeout(PATIENCE, notes.next()));
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof TimeoutException)) {
        throw e;
      }
    }
  }

  @Override
  protected void post() {
    var note = getBodyArgument("note");
    if (note.isEmpty() || note.length() > LONGEST) {
      throw new HTTPError(400, "a note has 1 to " + LONGEST + " characters");
    }
    if (!notes.pin(note)) {
      throw new HTTPError(409, "the board is full");
    }
    setStatus(201);
  }
}
