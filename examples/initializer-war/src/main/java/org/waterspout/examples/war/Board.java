// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.war;

import static org.waterspout.web.Application.url;

import java.util.function.Supplier;
import org.waterspout.adapter.ServedInContainer;
import org.waterspout.web.Application;
import org.waterspout.web.CapabilitiesHandler;

/**
 * A notice board by long polling: {@code POST /notes} pins a note, {@code GET /notes?after=N} waits
 * for the note behind the N-th.
 */
@ServedInContainer
public final class Board implements Supplier<Application> {
  /** For the container. */
  public Board() {}

  @Override
  public Application get() {
    var notes = new Notes();
    return new Application(
        url("/notes", () -> new NotesHandler(notes)),
        url("/capabilities", CapabilitiesHandler::new));
  }
}
