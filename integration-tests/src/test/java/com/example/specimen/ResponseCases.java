// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Chapter 5: headers, types, redirects, cookies; what has to do with the buffer is elsewhere. */
public final class ResponseCases extends Cases {
  private static final long serialVersionUID = 1L;

  /** Says what it answers. */
  public ResponseCases() {
    types();
    headers();
    redirects();
    cookies();
    statuses();
  }

  private void types() {
    when("nothing", (request, response) -> {});
    when("writer", (request, response) -> response.getWriter().print("gr\u00fc\u00df?"));
    when("stream", (request, response) -> response.getOutputStream().print("bytes"));
    when("typed", (request, response) -> typed(response, "text/html", null, null));
    when(
        "typed-charset",
        (request, response) -> typed(response, "text/html; charset=utf-16be", null, null));
    when("charset", (request, response) -> typed(response, null, "UTF-8", null));
    when(
        "type-and-charset",
        (request, response) -> typed(response, "text/html", "ISO-8859-15", null));
    when("locale", (request, response) -> typed(response, "text/html", null, Locale.JAPANESE));
    when(
        "locale-mapped", (request, response) -> typed(response, "text/html", null, Locale.GERMANY));
    when(
        "locale-unmapped",
        (request, response) -> typed(response, "text/html", null, Locale.of("sw")));
    when("locale-only", (request, response) -> typed(response, null, null, Locale.GERMANY));
    when(
        "locale-and-charset",
        (request, response) -> typed(response, "text/html", "UTF-8", Locale.GERMANY));
    when("json", (request, response) -> typed(response, "application/json", null, null));
    when(
        "quoted-charset",
        (request, response) -> typed(response, "text/html;charset=\"utf-8\";x=y", null, null));
    see(
        "type-states",
        (request, response, facts) -> {
          facts.put("first type", response.getContentType());
          facts.put("first encoding", response.getCharacterEncoding());
          facts.put("first locale", response.getLocale().equals(Locale.getDefault()));
          response.setContentType("text/html");
          facts.put("type", response.getContentType());
          facts.put("encoding", response.getCharacterEncoding());
          response.setCharacterEncoding("ISO-8859-2");
          facts.put("with encoding", response.getContentType());
          response.setContentType("text/plain;charset=ISO-8859-5");
          facts.put("second", response.getContentType());
          facts.put("second encoding", response.getCharacterEncoding());
          response.setLocale(Locale.GERMANY);
          facts.put("localised", response.getContentType());
          response.setCharacterEncoding((String) null);
          facts.put("without encoding", response.getContentType());
          response.setContentType(null);
          facts.put("none", response.getContentType());
          facts.put("none encoding", response.getCharacterEncoding());
          response.setLocale(Locale.GERMANY);
          facts.put("locale", response.getLocale());
          facts.put("locale encoding", response.getCharacterEncoding());
          response.reset();
          facts.put("reset locale", response.getLocale().equals(Locale.getDefault()));
          facts.put("reset encoding", response.getCharacterEncoding());
          facts.run("unknown", () -> response.setCharacterEncoding("no-such-charset"));
          facts.put("after unknown", response.getCharacterEncoding());
          response.reset();
        });
    see(
        "type-after-writer",
        (request, response, facts) -> {
          response.setContentType("text/plain;charset=ISO-8859-1");
          response.getWriter();
          response.setContentType("text/x-facts;charset=UTF-8");
          facts.put("type", response.getContentType());
          response.setCharacterEncoding("UTF-16");
          facts.put("encoding", response.getCharacterEncoding());
          response.setLocale(Locale.JAPAN);
          facts.put("locale", response.getLocale());
          facts.put("localised", response.getCharacterEncoding());
          facts.run("stream", response::getOutputStream);
        });
    see(
        "header-type",
        (request, response, facts) -> {
          response.setHeader("Content-Type", "text/html;charset=ISO-8859-3");
          facts.put("type", response.getContentType());
          facts.put("encoding", response.getCharacterEncoding());
          response.addHeader("Content-Type", "text/css");
          facts.put("added", response.getContentType());
          facts.put("header", response.getHeader("content-type"));
          response.setHeader("Content-Length", "12");
          facts.put("length", response.getHeader("Content-Length"));
          response.reset();
        });
  }

  private static void typed(
      HttpServletResponse response, String type, String charset, Locale locale) throws IOException {
    if (type != null) {
      response.setContentType(type);
    }
    if (charset != null) {
      response.setCharacterEncoding(charset);
    }
    if (locale != null) {
      response.setLocale(locale);
    }
    response.getWriter().print("<p>gr\u00fc\u00df\u20ac</p>");
  }

  private void headers() {
    see(
        "headers",
        (request, response, facts) -> {
          response.addHeader("X-Many", "one");
          response.addHeader("x-many", "two");
          response.setHeader("X-One", "first");
          response.setHeader("X-One", "second");
          response.setIntHeader("X-Int", 7);
          response.addIntHeader("X-Int", 8);
          response.setDateHeader("X-Date", 784111777000L);
          response.addDateHeader("X-Date", 784111778000L);
          response.setHeader("X-Gone", "x");
          response.setHeader("X-Gone", null);
          response.addHeader("X-Null", null);
          response.setHeader("X-Empty", "");
          facts.run("null name", () -> response.setHeader(null, "x"));
          facts.run("empty name", () -> response.setHeader("", "x"));
          facts.put("many", response.getHeaders("X-MANY"));
          facts.put("one", response.getHeader("x-one"));
          facts.put("none", response.getHeader("X-None"));
          facts.put("nones", response.getHeaders("X-None"));
          facts.put("contains", response.containsHeader("x-MANY"));
          facts.put("contains gone", response.containsHeader("X-Gone"));
          var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
          names.addAll(response.getHeaderNames());
          names.remove("Date");
          names.remove("Server");
          facts.put("names", names);
        });
    see(
        "header-split",
        (request, response, facts) -> {
          facts.run("split", () -> response.setHeader("X-Split", "a\r\nX-Injected: b"));
          facts.run("latin", () -> response.setHeader("X-Latin", "gr\u00fc\u00df"));
          facts.run("name", () -> response.setHeader("X Bad:", "x"));
        });
    see(
        "trailers",
        (request, response, facts) -> {
          response.setTrailerFields(() -> Map.of("X-Trailer", "end"));
          response.setHeader("Trailer", "X-Trailer");
          facts.put("supplier", response.getTrailerFields() != null);
          response.flushBuffer();
        });
    see(
        "late-trailers",
        (request, response, facts) -> {
          response.flushBuffer();
          facts.run("set", () -> response.setTrailerFields(() -> Map.of("X-Trailer", "end")));
        });
    see(
        "after-commit",
        (request, response, facts) -> {
          response.setStatus(201);
          response.setContentType(Facts.TYPE);
          response.flushBuffer();
          response.setStatus(404);
          response.setHeader("X-Late", "x");
          response.addHeader("X-Late", "x");
          response.addCookie(new Cookie("late", "x"));
          response.setContentType("text/html");
          facts.put("status", response.getStatus());
          facts.put("type", response.getContentType());
          facts.put("late", response.containsHeader("X-Late"));
          facts.put("committed", response.isCommitted());
          facts.run("reset", response::reset);
          facts.run("resetBuffer", response::resetBuffer);
          facts.run("sendError", () -> response.sendError(500));
          facts.run("sendRedirect", () -> response.sendRedirect("/"));
          facts.run("setBufferSize", () -> response.setBufferSize(100_000));
        });
  }

  private void redirects() {
    for (var each :
        Map.of(
                "redirect-relative", "there?a=b",
                "redirect-up", "../x/./y",
                "redirect-absolute", "/elsewhere",
                "redirect-host", "//example.org/x",
                "redirect-url", "https://example.org/x?y#z",
                "redirect-empty", "",
                "redirect-query", "?q=1",
                "redirect-spaces", "/a b/\u00fc")
            .entrySet()) {
      when(
          each.getKey(),
          (request, response) -> {
            response.getWriter().print("gone");
            response.sendRedirect(each.getValue());
          });
    }
    when("redirect-status", (request, response) -> response.sendRedirect("/to", 307));
    when("redirect-permanent", (request, response) -> response.sendRedirect("/to", 301, true));
    when(
        "redirect-body",
        (request, response) -> {
          response.setContentType("text/plain");
          response.getWriter().print("my body");
          response.sendRedirect("/to", 303, false);
        });
    see(
        "redirect-null",
        (request, response, facts) -> facts.run("null", () -> response.sendRedirect(null)));
    when(
        "redirect-then-write",
        (request, response) -> {
          response.sendRedirect("/to");
          response.getWriter().print("more");
        });
    see(
        "encode",
        (request, response, facts) -> {
          request.getSession();
          facts.put("own", masked(response.encodeURL("/x/y?z#f")));
          facts.put("relative", masked(response.encodeURL("y")));
          facts.put("foreign", masked(response.encodeURL("https://example.org/")));
          facts.put("redirect", masked(response.encodeRedirectURL("/x/y")));
          facts.call("null", () -> response.encodeURL(null));
        });
  }

  private static String masked(String url) {
    return url.replaceFirst("(?i)(;jsessionid=)[^?#]*", "$1ID");
  }

  private void cookies() {
    when(
        "cookies",
        (request, response) -> {
          response.addCookie(new Cookie("plain", "value"));
          response.addCookie(new Cookie("empty", ""));
          var full = new Cookie("full", "a1");
          full.setPath("/x");
          full.setDomain("example.org");
          full.setMaxAge(60);
          full.setSecure(true);
          full.setHttpOnly(true);
          full.setAttribute("SameSite", "Strict");
          full.setAttribute("Custom", "c");
          response.addCookie(full);
          var gone = new Cookie("gone", "x");
          gone.setMaxAge(0);
          response.addCookie(gone);
          response.addCookie(new Cookie("plain", "again"));
          var partitioned = new Cookie("flag", "x");
          partitioned.setAttribute("Partitioned", "");
          response.addCookie(partitioned);
        });
    see(
        "cookie-values",
        (request, response, facts) -> {
          facts.run("space", () -> response.addCookie(new Cookie("space", "a b")));
          facts.run("quoted", () -> response.addCookie(new Cookie("quoted", "\"a\"")));
          facts.run("comma", () -> response.addCookie(new Cookie("comma", "a,b")));
          facts.run("semicolon", () -> response.addCookie(new Cookie("semicolon", "a;b")));
          facts.run("latin", () -> response.addCookie(new Cookie("latin", "\u00fc")));
          facts.run("equals", () -> response.addCookie(new Cookie("equals", "a=b")));
          facts.run("line", () -> response.addCookie(new Cookie("line", "a\r\nb")));
          facts.run("null", () -> response.addCookie(new Cookie("null", null)));
        });
    when(
        "cookie-reset",
        (request, response) -> {
          response.addCookie(new Cookie("reset", "x"));
          response.setHeader("X-Reset", "x");
          response.setStatus(404);
          response.reset();
        });
  }

  private void statuses() {
    for (int status : new int[] {201, 204, 205, 304, 400, 404, 418, 500, 503, 599}) {
      when("status-" + status, (request, response) -> response.setStatus(status));
    }
    for (int status : new int[] {200, 204, 304, 404}) {
      when(
          "body-" + status,
          (request, response) -> {
            response.setStatus(status);
            response.setContentType("text/plain;charset=UTF-8");
            response.getWriter().print("a body");
          });
    }
    for (int status : new int[] {400, 401, 404, 500, 503, 200, 299}) {
      when("error-" + status, (request, response) -> response.sendError(status));
    }
    when("error-message", (request, response) -> response.sendError(409, "<b>why</b> & how"));
    when(
        "error-keeps",
        (request, response) -> {
          response.addCookie(new Cookie("kept", "x"));
          response.setHeader("X-Kept", "x");
          response.setContentType("text/css");
          response.getWriter().print("dropped");
          response.sendError(409);
        });
    when(
        "error-then-write",
        (request, response) -> {
          response.sendError(409);
          response.getWriter().print("dropped");
          response.flushBuffer();
        });
    when(
        "error-twice",
        (request, response) -> {
          response.sendError(409);
          response.sendError(410);
        });
    when(
        "error-committed",
        (request, response) -> {
          response.sendError(409);
          response.setHeader("X-Committed", String.valueOf(response.isCommitted()));
        });
  }
}
