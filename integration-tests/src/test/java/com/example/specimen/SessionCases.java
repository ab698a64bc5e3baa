// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;

/** Chapter 7: sessions. */
public final class SessionCases extends Cases {
  private static final long serialVersionUID = 1L;

  /** Says what it does with the session. */
  public SessionCases() {
    see(
        "none",
        (request, response, facts) ->
            facts.put("session", request.getSession(false)).add(requested(request)));
    see(
        "create",
        (request, response, facts) -> {
          var session = request.getSession();
          session.setAttribute("name", "value");
          facts(session, facts).add(requested(request));
        });
    see(
        "look",
        (request, response, facts) -> {
          var session = request.getSession(false);
          facts.add(requested(request));
          if (session != null) {
            facts(session, facts);
          }
        });
    see(
        "change-id",
        (request, response, facts) -> {
          var before = request.getSession().getId();
          var after = request.changeSessionId();
          facts.put("differs", !before.equals(after));
          facts.put("is it", after.equals(request.getSession().getId()));
          facts.add(requested(request));
        });
    see("change-none", (request, response, facts) -> facts.run("change", request::changeSessionId));
    see(
        "invalidate",
        (request, response, facts) -> {
          var session = request.getSession();
          session.invalidate();
          facts
              .run("id", session::getId)
              .run("created", session::getCreationTime)
              .run("accessed", session::getLastAccessedTime)
              .run("new", session::isNew)
              .run("attribute", () -> session.getAttribute("name"))
              .run("names", session::getAttributeNames)
              .run("set", () -> session.setAttribute("name", "x"))
              .run("remove", () -> session.removeAttribute("name"))
              .run("interval", session::getMaxInactiveInterval)
              .run("set interval", () -> session.setMaxInactiveInterval(5))
              .run("context", session::getServletContext)
              .run("again", session::invalidate)
              .put("session", request.getSession(false))
              .add(requested(request));
        });
    see(
        "invalidate-create",
        (request, response, facts) -> {
          var first = request.getSession();
          first.invalidate();
          var second = request.getSession();
          facts.put("other", first != second).put("new", second.isNew()).add(requested(request));
        });
    see(
        "attributes",
        (request, response, facts) -> {
          var session = request.getSession();
          session.setAttribute("a", new Bound("first", facts));
          session.setAttribute("a", new Bound("second", facts));
          session.setAttribute("b", "x");
          session.setAttribute("b", null);
          session.setAttribute("c", new Bound("third", facts));
          session.removeAttribute("c");
          session.removeAttribute("none");
          facts.put("b", session.getAttribute("b"));
          facts.run("null name", () -> session.setAttribute(null, "x"));
          session.invalidate();
        });
    see(
        "after-commit",
        (request, response, facts) -> {
          response.setContentType(Facts.TYPE);
          response.flushBuffer();
          facts.run("create", request::getSession);
        });
    see(
        "interval",
        (request, response, facts) -> {
          var session = request.getSession();
          facts.put("default", session.getMaxInactiveInterval());
          session.setMaxInactiveInterval(-1);
          facts.put("for ever", session.getMaxInactiveInterval());
          session.setMaxInactiveInterval(0);
          facts.put("zero", session.getMaxInactiveInterval());
        });
  }

  private static Facts requested(HttpServletRequest request) {
    return new Facts()
        .put("requested", request.getRequestedSessionId() != null)
        .put("valid", request.isRequestedSessionIdValid())
        .put("from cookie", request.isRequestedSessionIdFromCookie())
        .put("from URL", request.isRequestedSessionIdFromURL());
  }

  private static Facts facts(HttpSession session, Facts facts) {
    return facts
        .put("new", session.isNew())
        .put("name", session.getAttribute("name"))
        .put("names", session.getAttributeNames())
        .put("interval", session.getMaxInactiveInterval())
        .put("accessed", session.getLastAccessedTime() >= session.getCreationTime())
        .put("context", session.getServletContext().getContextPath());
  }

  private record Bound(String name, Facts facts) implements HttpSessionBindingListener {
    @Override
    public void valueBound(HttpSessionBindingEvent event) {
      facts.put("bound " + name, event.getName());
    }

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
      facts.put("unbound " + name, event.getName());
    }
  }
}
