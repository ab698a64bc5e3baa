// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Chapter 3: parameters, bodies, encodings. */
public final class BodyCases extends Cases {
  private static final long serialVersionUID = 1L;

  /** Says what it does with the request. */
  public BodyCases() {
    see(
        "parameters",
        (request, response, facts) ->
            facts
                .put("encoding", request.getCharacterEncoding())
                .put("names", request.getParameterNames())
                .put("map", request.getParameterMap())
                .put("a", request.getParameter("a"))
                .put("all a", request.getParameterValues("a"))
                .put("left", request.getInputStream().readAllBytes().length));
    see(
        "stream",
        (request, response, facts) ->
            facts
                .put("body", ascii(request.getInputStream().readAllBytes()))
                .put("finished", request.getInputStream().isFinished())
                .put("more", request.getInputStream().read())
                .put("parameters", request.getParameterMap())
                .run("reader", request::getReader));
    see(
        "reader",
        (request, response, facts) ->
            facts
                .put("line", request.getReader().readLine())
                .put("next", request.getReader().readLine())
                .put("parameters", request.getParameterMap())
                .run("stream", request::getInputStream));
    see(
        "latin",
        (request, response, facts) -> {
          request.setCharacterEncoding("ISO-8859-1");
          facts
              .put("encoding", request.getCharacterEncoding())
              .put("type", request.getContentType())
              .put("a", request.getParameter("a"));
        });
    see(
        "unknown-charset",
        (request, response, facts) ->
            facts
                .run("set", () -> request.setCharacterEncoding("no-such-charset"))
                .put("encoding", request.getCharacterEncoding())
                .run("reader", request::getReader));
    see(
        "late-charset",
        (request, response, facts) -> {
          var a = request.getParameter("a");
          request.setCharacterEncoding("ISO-8859-1");
          facts
              .put("a", a)
              .put("again", request.getParameter("a"))
              .put("encoding", request.getCharacterEncoding());
        });
    see(
        "trailers",
        (request, response, facts) -> {
          facts.put("body", ascii(request.getInputStream().readAllBytes()));
          facts.put("ready", request.isTrailerFieldsReady());
          facts.put("trailers", request.getTrailerFields());
        });
    when(
        "unread",
        (request, response) -> {
          response.setContentType("text/plain;charset=UTF-8");
          response.getWriter().print("not read");
        });
  }

  private static String ascii(byte[] body) throws IOException {
    return Facts.ascii(new String(body, StandardCharsets.ISO_8859_1));
  }
}
