// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

/** Chapter 11: what listeners are to hear of. */
public final class EventCases extends Cases {
  private static final long serialVersionUID = 1L;

  /** Causes events. */
  public EventCases() {
    see(
        "forget",
        (request, response, facts) ->
            facts.put("some", !Events.taken(request.getServletContext()).isEmpty()));
    see(
        "request",
        (request, response, facts) -> {
          request.setAttribute("specimen.a", "one");
          request.setAttribute("specimen.a", "two");
          request.setAttribute("specimen.a", null);
          request.removeAttribute("specimen.a");
          request.setAttribute("specimen.b", "left");
          facts.put("events", Events.taken(request.getServletContext()));
        });
    see(
        "session",
        (request, response, facts) -> {
          var session = request.getSession();
          session.setAttribute("specimen.s", "one");
          session.setAttribute("specimen.s", "two");
          session.setAttribute("specimen.t", "x");
          session.removeAttribute("specimen.t");
          request.changeSessionId();
          session.invalidate();
          facts.put("events", Events.taken(request.getServletContext()));
        });
    see(
        "context",
        (request, response, facts) -> {
          var context = request.getServletContext();
          context.setAttribute("specimen.c", "one");
          context.setAttribute("specimen.c", "two");
          context.setAttribute("specimen.c", null);
          facts.put("events", Events.taken(context));
        });
  }
}
