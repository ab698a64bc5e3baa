// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.message.ByteRange;
import org.waterspout.bridge.message.Conditions;
import org.waterspout.bridge.resource.Resource;

/**
 * One file as an answer, or as a part of one. Conditions and ranges are judged where the client has
 * asked for it, and not where it stands for an error or in another answer.
 */
final class FileAnswer {
  private static final int PIECE = 16 * 1024;

  /** What was changed within it may change again without another time. */
  private static final long UNSETTLED_MILLIS = 2000;

  private final Resource resource;
  private final @Nullable String type;
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final boolean asked;

  FileAnswer(
      Resource resource,
      @Nullable String type,
      HttpServletRequest request,
      HttpServletResponse response) {
    this.resource = resource;
    this.type = type;
    this.request = request;
    this.response = response;
    DispatcherType dispatch = request.getDispatcherType();
    this.asked = dispatch != DispatcherType.INCLUDE && dispatch != DispatcherType.ERROR;
  }

  void send() throws IOException {
    OutputStream out = stream();
    if (response.getContentType() == null && type != null) {
      response.setContentType(type);
    }
    if (out == null) {
      sendCharacters();
      return;
    }
    ByteRange range = asked ? setHeaders() : null;
    if (response.isCommitted() || response.getStatus() == HttpServletResponse.SC_NOT_MODIFIED) {
      return;
    }
    long first = range == null ? 0 : range.first();
    long length = range == null ? resource.length() : range.length();
    response.setContentLengthLong(length);
    if (!request.getMethod().equals("HEAD")) {
      copy(out, first, length);
    }
  }

  /** Null if somebody writes characters already. */
  private @Nullable OutputStream stream() throws IOException {
    try {
      return response.getOutputStream();
    } catch (IllegalStateException e) {
      return null;
    }
  }

  /** Into the text of another; the file is taken for UTF-8. */
  private void sendCharacters() throws IOException {
    try (var reader = new InputStreamReader(resource.open(), StandardCharsets.UTF_8)) {
      reader.transferTo(response.getWriter());
    }
  }

  /** Sets what goes with the answer; the part that is wanted, or null for the whole. */
  private @Nullable ByteRange setHeaders() throws IOException {
    long modified = resource.lastModified();
    String tag = tag(modified);
    response.setHeader("Accept-Ranges", "bytes");
    response.setDateHeader("Last-Modified", modified);
    response.setHeader("ETag", tag);
    switch (Conditions.of(this::header, tag, modified)) {
      case FAILED -> response.sendError(HttpServletResponse.SC_PRECONDITION_FAILED);
      case NOT_MODIFIED -> response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      case MET -> {
        String range = header("Range");
        boolean same =
            request.getMethod().equals("GET")
                && Conditions.isSame(header("If-Range"), tag, modified);
        return range != null && same ? part(range) : null;
      }
    }
    return null;
  }

  private @Nullable ByteRange part(String header) throws IOException {
    long size = resource.length();
    ByteRange range = ByteRange.parse(header, size);
    if (range == null) {
      return null;
    }
    response.setHeader("Content-Range", range.of(size));
    if (range.isEmpty()) {
      response.sendError(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE);
      return null;
    }
    response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
    return range;
  }

  private String tag(long modified) {
    String tag = '"' + resource.version() + '"';
    return System.currentTimeMillis() - modified < UNSETTLED_MILLIS ? "W/" + tag : tag;
  }

  private @Nullable String header(String name) {
    List<String> values = Collections.list(request.getHeaders(name));
    return values.isEmpty() ? null : String.join(",", values);
  }

  /** If the file has shrunk meanwhile, the answer is too short, and is cut. */
  private void copy(OutputStream out, long first, long length) throws IOException {
    try (InputStream in = resource.open()) {
      in.skipNBytes(first);
      byte[] piece = new byte[PIECE];
      long left = length;
      while (left > 0) {
        int count = in.read(piece, 0, (int) Math.min(piece.length, left));
        if (count < 0) {
          return;
        }
        out.write(piece, 0, count);
        left -= count;
      }
    }
  }
}
