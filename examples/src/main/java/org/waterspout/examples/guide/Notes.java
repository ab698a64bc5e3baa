// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.guide;

import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.http.HTTPStatus;
import org.waterspout.web.Application;
import org.waterspout.web.HTTPError;
import org.waterspout.web.RequestHandler;

/** The parts of an application. */
final class Notes {
  private Notes() {}

  /** What handlers share they get from whoever makes them. */
  static final class NoteHandler extends RequestHandler {
    private final Map<String, String> notes;

    NoteHandler(Map<String, String> notes) {
      this.notes = notes;
    }

    @Override
    protected void get() {
      var text = notes.get(pathArgument("slug"));
      if (text == null) {
        throw new HTTPError(404);
      }
      write("<p>" + Escape.linkify(text) + "</p>");
    }

    @Override
    protected void put() {
      notes.put(pathArgument("slug"), getBodyArgument("text"));
      setStatus(204);
    }
  }

  static final class SearchHandler extends RequestHandler {
    private final Map<String, String> notes;

    SearchHandler(Map<String, String> notes) {
      this.notes = notes;
    }

    @Override
    protected void get() {
      var wanted = getQueryArgument("q");
      var most = getArgument("most", Integer::valueOf, 20);
      var found = notes.entrySet().stream().filter(note -> note.getValue().contains(wanted));
      var paths = found.map(note -> reverseUrl("note", note.getKey()));
      setHeader("Cache-Control", "no-store");
      writeJSON(paths.sorted().limit(most).toList());
    }

    @Override
    protected void writeError(int status, @Nullable Throwable cause) {
      writeJSON(Map.of("error", HTTPStatus.reason(status)));
    }
  }

  static Application application(Map<String, String> notes) {
    return new Application(
        settings().debug(false).build(),
        url("/notes", () -> new SearchHandler(notes)),
        url("/notes/(?<slug>[a-z0-9-]+)", () -> new NoteHandler(notes)).name("note"));
  }
}
