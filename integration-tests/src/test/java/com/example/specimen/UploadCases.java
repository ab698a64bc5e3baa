// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

import jakarta.servlet.http.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Section 3.2: file upload. */
public final class UploadCases extends Cases {
  private static final long serialVersionUID = 1L;

  /** Says what has come. */
  public UploadCases() {
    see(
        "parts",
        (request, response, facts) -> {
          try {
            int i = 0;
            for (var part : request.getParts()) {
              facts.add(of(part, ++i + " "));
            }
          } catch (Exception e) {
            facts.put("parts", "throws " + Facts.kind(e));
          }
          facts.call("parameters", request::getParameterMap);
        });
    see(
        "parameters-first",
        (request, response, facts) -> {
          facts.put("parameters", request.getParameterMap());
          facts.call("parts", () -> request.getParts().stream().map(Part::getName).toList());
        });
    see(
        "part",
        (request, response, facts) -> {
          facts.call("a", () -> request.getPart("a").getSize());
          facts.call("none", () -> request.getPart("none"));
        });
    see("unread", (request, response, facts) -> facts.put("read", false));
  }

  private static Facts of(Part part, String prefix) throws IOException {
    byte[] content;
    try (var in = part.getInputStream()) {
      content = in.readAllBytes();
    }
    return new Facts(prefix)
        .put("name", part.getName())
        .put("type", part.getContentType())
        .put("file", part.getSubmittedFileName())
        .put("size", part.getSize())
        .put("header", part.getHeader("content-disposition"))
        .put("no header", part.getHeader("X-None"))
        .put("headers", part.getHeaders("X-Own"))
        .put("no headers", part.getHeaders("X-None"))
        .put(
            "header names",
            part.getHeaderNames().stream().map(String::toLowerCase).sorted().toList())
        .put("content", List.of(new String(content, StandardCharsets.ISO_8859_1)));
  }
}
