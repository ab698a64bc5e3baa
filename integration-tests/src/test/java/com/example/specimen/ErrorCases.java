// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

import jakarta.servlet.ServletException;
import jakarta.servlet.UnavailableException;
import java.io.FileNotFoundException;
import java.io.IOException;

/** Section 10.9: what is thrown, and which page shows it. */
public final class ErrorCases extends Cases {
  private static final long serialVersionUID = 1L;

  /** An exception that has a page of its own. */
  static final class Mapped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Mapped(String message) {
      super(message);
    }
  }

  /** Fails as it is told. */
  public ErrorCases() {
    when(
        "runtime",
        (request, response) -> {
          throw new IllegalArgumentException("runtime <b>");
        });
    when(
        "mapped",
        (request, response) -> {
          throw new Mapped("mapped");
        });
    when(
        "wrapped",
        (request, response) -> {
          throw new ServletException("outer", new Mapped("inner"));
        });
    when(
        "wrapped-twice",
        (request, response) -> {
          throw new ServletException("outer", new ServletException("middle", new Mapped("inner")));
        });
    when(
        "servlet",
        (request, response) -> {
          throw new ServletException("servlet");
        });
    when(
        "io",
        (request, response) -> {
          throw new IOException("io");
        });
    when(
        "subclass",
        (request, response) -> {
          throw new FileNotFoundException("subclass of a mapped one");
        });
    when(
        "error",
        (request, response) -> {
          throw new AssertionError("error");
        });
    when(
        "unavailable",
        (request, response) -> {
          throw new UnavailableException("in a while", 5);
        });
    when(
        "after-write",
        (request, response) -> {
          response.setContentType("text/css");
          response.setHeader("X-Kept", "x");
          response.setStatus(202);
          response.getWriter().print("dropped");
          throw new Mapped("after a write");
        });
    when(
        "after-commit",
        (request, response) -> {
          response.setContentType("text/plain");
          response.getWriter().print("half");
          response.flushBuffer();
          throw new Mapped("after the commit");
        });
    when(
        "after-error",
        (request, response) -> {
          response.sendError(409);
          throw new Mapped("after an error");
        });
    when(
        "code",
        (request, response) ->
            response.sendError(Integer.parseInt(request.getParameter("status")), "said <b>"));
    when(
        "set-status",
        (request, response) ->
            response.setStatus(Integer.parseInt(request.getParameter("status"))));
    when("page", (request, response) -> RequestFacts.of(request).send(response));
    when(
        "page-201",
        (request, response) -> {
          response.setStatus(201);
          RequestFacts.of(request).send(response);
        });
    when(
        "page-throws",
        (request, response) -> {
          throw new Mapped("in the page");
        });
    when("page-sends", (request, response) -> response.sendError(414));
    when("page-silent", (request, response) -> {});
  }
}
