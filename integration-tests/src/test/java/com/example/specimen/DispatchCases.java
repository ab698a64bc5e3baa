// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/** Chapter 9: forward, include and named dispatch to {@code ?to=}. */
public final class DispatchCases extends Cases {
  private static final long serialVersionUID = 1L;

  /** Goes where it is told. */
  public DispatchCases() {
    when("forward", (request, response) -> to(request).forward(request, response));
    when("include", DispatchCases::include);
    when("named", (request, response) -> named(request).forward(request, response));
    when(
        "named-include",
        (request, response) -> {
          response.setContentType(Facts.TYPE);
          named(request).include(request, response);
        });
    when(
        "forward-wrapped",
        (request, response) ->
            to(request)
                .forward(
                    new HttpServletRequestWrapper(request) {
                      @Override
                      public String getHeader(String name) {
                        return "wrapped " + name;
                      }
                    },
                    new HttpServletResponseWrapper(response)));
    when(
        "forward-after-write",
        (request, response) -> {
          response.getWriter().print("dropped");
          response.setHeader("X-Kept", "x");
          to(request).forward(request, response);
        });
    when(
        "forward-then-write",
        (request, response) -> {
          to(request).forward(request, response);
          try {
            response.getWriter().print("more");
            response.flushBuffer();
          } catch (IllegalStateException | IOException e) {
            // the answer is closed
          }
        });
    see(
        "forward-after-commit",
        (request, response, facts) -> {
          response.setContentType(Facts.TYPE);
          response.flushBuffer();
          facts.run(
              "forward", () -> request.getRequestDispatcher("/look").forward(request, response));
        });
    when(
        "include-twice",
        (request, response) -> {
          include(request, response);
          include(request, response);
        });
    when(
        "forward-in-include",
        (request, response) -> {
          response.setContentType(Facts.TYPE);
          request.getRequestDispatcher("/go/forward").include(request, response);
          response.getWriter().print("after: x\n");
        });
    when(
        "include-in-forward",
        (request, response) ->
            request.getRequestDispatcher("/go/include").forward(request, response));
    when(
        "forward-relative",
        (request, response) -> request.getRequestDispatcher("forward").forward(request, response));
    when(
        "included-changes",
        (request, response) -> {
          response.setContentType(Facts.TYPE);
          response.setStatus(202);
          request.getRequestDispatcher("/go/changes").include(request, response);
          response.getWriter().print("status: " + response.getStatus() + "\n");
        });
    when(
        "changes",
        (request, response) -> {
          var facts = new Facts();
          response.setStatus(404);
          response.setContentType("text/html");
          response.setHeader("X-Included", "x");
          response.addHeader("X-Included", "x");
          response.addCookie(new Cookie("included", "x"));
          response.setContentLength(3);
          facts.put("status in include", response.getStatus());
          facts.put("header in include", response.containsHeader("X-Included"));
          facts.run("reset", response::reset);
          facts.run("error", () -> response.sendError(500));
          facts.run("redirect", () -> response.sendRedirect("/"));
          facts.put("committed", response.isCommitted());
          response.getWriter().print(facts);
        });
    when(
        "include-throws",
        (request, response) -> {
          var facts = new Facts();
          facts.run(
              "include",
              () ->
                  request
                      .getRequestDispatcher("/errors/" + request.getParameter("throw"))
                      .include(request, response));
          response.resetBuffer();
          facts.send(response);
        });
    when(
        "forward-throws",
        (request, response) -> {
          var facts = new Facts();
          facts.run(
              "forward",
              () ->
                  request
                      .getRequestDispatcher("/errors/" + request.getParameter("throw"))
                      .forward(request, response));
          facts.send(response);
        });
    when(
        "include-session",
        (request, response) -> {
          response.setContentType("text/plain");
          request.getRequestDispatcher("/sessions/create").include(request, response);
        });
    see(
        "dispatchers",
        (request, response, facts) -> {
          var context = request.getServletContext();
          facts.put("relative", request.getRequestDispatcher("x") != null);
          facts.put("missing", request.getRequestDispatcher("/no/such") != null);
          facts.call("null", () -> request.getRequestDispatcher(null) != null);
          facts.call("outside", () -> request.getRequestDispatcher("../../../x") != null);
          facts.call("traversal", () -> request.getRequestDispatcher("/a/../../x") != null);
          facts.call("context relative", () -> context.getRequestDispatcher("x") != null);
          facts.call("context empty", () -> context.getRequestDispatcher("") != null);
          facts.put("no name", context.getNamedDispatcher("nobody") != null);
          facts.put("name", context.getNamedDispatcher("look") != null);
          facts.put("default", context.getNamedDispatcher("default") != null);
          facts.put("web-inf", request.getRequestDispatcher("/WEB-INF/hidden.txt") != null);
        });
    see(
        "not-its-request",
        (request, response, facts) -> {
          facts.put("attribute kept", request.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI));
        });
  }

  private static RequestDispatcher to(HttpServletRequest request) {
    return request.getRequestDispatcher(request.getParameter("to"));
  }

  private static RequestDispatcher named(HttpServletRequest request) {
    return request.getServletContext().getNamedDispatcher(request.getParameter("to"));
  }

  private static void include(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    response.setContentType(Facts.TYPE);
    response.getWriter().print("before: x\n");
    to(request).include(request, response);
    response.getWriter().print(RequestFacts.of(request));
  }
}
