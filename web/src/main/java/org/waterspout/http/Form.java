// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;

/**
 * The form in a body that has arrived as a whole. Tornado: {@code httputil.parse_body_arguments}.
 *
 * @param arguments the values of each name
 * @param files the files of each name
 */
record Form(Map<String, List<byte[]>> arguments, Map<String, List<HTTPFile>> files) {
  private static final Form EMPTY = new Form(Map.of(), Map.of());

  Form {
    arguments = Collections.unmodifiableMap(arguments);
    files = Collections.unmodifiableMap(files);
  }

  /**
   * Reads the body, if its type is that of a form.
   *
   * @throws HTTPInputException if it is malformed or exceeds the limits
   */
  static Form parse(HTTPHeaders headers, byte[] body, FormLimits limits) {
    return switch (FormType.of(headers)) {
      case FormType.URLENCODED -> urlencoded(headers, body, limits);
      case FormType.MULTIPART -> multipart(headers, body, limits);
      default -> EMPTY;
    };
  }

  /** The arguments of a query or of an urlencoded body. Throws as {@link #parse}. */
  static Map<String, List<byte[]>> arguments(byte[] encoded, FormLimits limits, String where) {
    try {
      return Collections.unmodifiableMap(Escape.parseQueryBytes(encoded, limits.maxArguments()));
    } catch (IllegalArgumentException e) {
      throw new HTTPInputException(
          "unacceptable arguments in the " + where + ": " + e.getMessage());
    }
  }

  private static Form urlencoded(HTTPHeaders headers, byte[] body, FormLimits limits) {
    FormType.checkNotEncoded(headers);
    if (body.length > limits.maxFormSize()) {
      throw new HTTPInputException(413, "a form of " + body.length + " bytes");
    }
    return new Form(arguments(body, limits, "body"), Map.of());
  }

  private static Form multipart(HTTPHeaders headers, byte[] body, FormLimits limits) {
    if (body.length == 0 && !announcesBody(headers)) {
      return EMPTY;
    }
    FormType.checkNotEncoded(headers);
    var parser = new MultipartParser(FormType.boundary(headers), limits);
    var collected = new Collected();
    parser.feed(body);
    for (var event = parser.next(); event != null; event = parser.next()) {
      collected.take(event);
    }
    if (!parser.finished()) {
      throw new HTTPInputException("a multipart form without its final boundary");
    }
    return new Form(collected.arguments, collected.files);
  }

  /** RFC 9112 section 6. A type alone, as some clients send with any GET, is no form. */
  private static boolean announcesBody(HTTPHeaders headers) {
    return headers.contains("Content-Length") || headers.contains("Transfer-Encoding");
  }

  /** Puts the parts where they belong: those with a filename, if it is not empty, are files. */
  private static final class Collected {
    private static final byte[] NOTHING = {};

    final Map<String, List<byte[]>> arguments = new LinkedHashMap<>();
    final Map<String, List<HTTPFile>> files = new LinkedHashMap<>();
    private @Nullable MultipartPart part; // null between parts
    private byte[] content = NOTHING;

    void take(MultipartParser.Event event) {
      switch (event) {
        case MultipartParser.Event.Begin(MultipartPart begun) -> {
          part = begun;
          content = NOTHING;
        }
        // the body is one piece, so there is one for each part
        case MultipartParser.Event.Data(byte[] chunk) -> content = chunk;
        case MultipartParser.Event.End() -> {
          if (part != null) {
            add(part);
          }
          part = null;
        }
      }
    }

    private void add(MultipartPart ended) {
      String filename = ended.filename();
      if (filename == null || filename.isEmpty()) {
        arguments.computeIfAbsent(ended.name(), _ -> new ArrayList<>(1)).add(content);
      } else {
        files
            .computeIfAbsent(ended.name(), _ -> new ArrayList<>(1))
            .add(new HTTPFile(filename, ended.contentType(), content));
      }
    }
  }
}
