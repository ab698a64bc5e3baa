// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.message.Conditions;
import org.waterspout.bridge.resource.Resource;
import org.waterspout.http.ByteRange;
import org.waterspout.http.MultipartRanges;

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
    List<ByteRange> parts = asked ? judge() : whole();
    if (response.isCommitted() || response.getStatus() == HttpServletResponse.SC_NOT_MODIFIED) {
      return;
    }
    if (parts.size() > 1) {
      sendSeveral(out, parts);
      return;
    }
    ByteRange part = parts.getFirst();
    response.setContentLengthLong(part.length());
    if (!request.getMethod().equals("HEAD")) {
      try (InputStream in = resource.open()) {
        in.skipNBytes(part.first());
        copy(in, out, part.length());
      }
    }
  }

  private List<ByteRange> whole() {
    return List.of(new ByteRange(0, resource.length() - 1));
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

  /** Sets what goes with the answer; the parts that are wanted, if it is not committed. */
  private List<ByteRange> judge() throws IOException {
    long modified = resource.lastModified();
    String tag = tag(modified);
    response.setHeader("Accept-Ranges", "bytes");
    response.setDateHeader("Last-Modified", modified);
    response.setHeader("ETag", tag);
    return switch (Conditions.of(this::header, tag, modified)) {
      case FAILED -> {
        response.sendError(HttpServletResponse.SC_PRECONDITION_FAILED);
        yield List.of();
      }
      case NOT_MODIFIED -> {
        response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
        yield List.of();
      }
      case MET -> parts(tag, modified);
    };
  }

  private List<ByteRange> parts(String tag, long modified) throws IOException {
    long size = resource.length();
    List<ByteRange> parts = wanted(tag, modified, size);
    if (parts == null) {
      return whole();
    }
    if (parts.isEmpty()) {
      response.setHeader("Content-Range", "bytes */" + size);
      response.sendError(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE);
      return parts;
    }
    response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
    if (parts.size() == 1) {
      response.setHeader("Content-Range", parts.getFirst().of(size));
    }
    return parts;
  }

  private String tag(long modified) {
    String tag = '"' + resource.version() + '"';
    return System.currentTimeMillis() - modified < UNSETTLED_MILLIS ? "W/" + tag : tag;
  }

  private @Nullable String header(String name) {
    List<String> values = Collections.list(request.getHeaders(name));
    return values.isEmpty() ? null : String.join(",", values);
  }

  /** What the client asks for; null if it is the whole. */
  private @Nullable List<ByteRange> wanted(String tag, long modified, long size) {
    String header = header("Range");
    return header != null
            && request.getMethod().equals("GET")
            && Conditions.isSame(header("If-Range"), tag, modified)
        ? ByteRange.parse(header, size)
        : null;
  }

  private void sendSeveral(OutputStream out, List<ByteRange> parts) throws IOException {
    var body = new MultipartRanges(parts, resource.length(), response.getContentType());
    response.setCharacterEncoding((String) null); // that of the parts is theirs to say
    response.setContentType(body.contentType());
    response.setContentLengthLong(body.length());
    List<byte[]> heads = body.heads();
    InputStream in = resource.open();
    try {
      long position = 0;
      for (int i = 0; i < parts.size(); i++) {
        ByteRange part = parts.get(i);
        if (part.first() < position) {
          in.close();
          in = resource.open();
          position = 0;
        }
        out.write(heads.get(i));
        in.skipNBytes(part.first() - position);
        copy(in, out, part.length());
        position = part.last() + 1;
      }
    } finally {
      in.close();
    }
    out.write(body.end());
  }

  /**
   * Sends so many bytes.
   *
   * @throws EOFException if the file has shrunk meanwhile
   */
  private static void copy(InputStream in, OutputStream out, long length) throws IOException {
    byte[] piece = new byte[PIECE];
    long left = length;
    while (left > 0) {
      int count = in.read(piece, 0, (int) Math.min(piece.length, left));
      if (count < 0) {
        throw new EOFException("a file has become shorter while it was sent");
      }
      out.write(piece, 0, count);
      left -= count;
    }
  }
}
