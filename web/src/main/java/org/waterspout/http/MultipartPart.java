// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.text.Shown;
import org.waterspout.text.Token;

/**
 * What stands in front of one part of a multipart form, RFC 7578 section 4.
 *
 * @param name the name of the form's field
 * @param filename the name of the file as the client sent it, null if this is none: it may be a
 *     path, or "..", and must not become one here
 * @param headers all headers of the part; each character is one byte
 */
public record MultipartPart(String name, @Nullable String filename, HTTPHeaders headers) {
  private static final String DISPOSITION = "Content-Disposition";

  public MultipartPart {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(headers, "headers");
  }

  /** What the client says that it is; {@code application/unknown} if it does not. */
  public String contentType() {
    return headers.get("Content-Type", "application/unknown");
  }

  /** Name and filename; no content. */
  @Override
  public String toString() {
    String file = filename == null ? "" : ", " + Shown.quoted(filename);
    return "MultipartPart(" + Shown.quoted(name) + file + ")";
  }

  /**
   * Reads the headers of a part.
   *
   * @throws HTTPInputException if they do not say, or not clearly, what part it is
   */
  static MultipartPart of(HTTPHeaders headers) {
    requireOne(headers, DISPOSITION);
    if (headers.contains("Content-Type")) {
      requireOne(headers, "Content-Type");
    }
    checkTransferEncoding(headers);
    var disposition = HeaderValueParser.parseDisposition(headers.get(DISPOSITION, ""));
    String name = disposition.parameter("name");
    if (!disposition.value().equalsIgnoreCase("form-data") || name == null || name.isEmpty()) {
      throw new HTTPInputException("a part that is no form-data, or without a name");
    }
    return new MultipartPart(utf8(name), filename(disposition), headers);
  }

  private static void requireOne(HTTPHeaders headers, String name) {
    int count = headers.getList(name).size();
    if (count != 1) {
      throw new HTTPInputException("a part with " + count + " fields " + name);
    }
  }

  /** RFC 7578 section 4.7: deprecated. These say that nothing was encoded. */
  private static void checkTransferEncoding(HTTPHeaders headers) {
    String encoding = headers.get("Content-Transfer-Encoding");
    if (encoding != null
        && !encoding.equalsIgnoreCase("binary")
        && !encoding.equalsIgnoreCase("8bit")
        && !encoding.equalsIgnoreCase("7bit")) {
      throw new HTTPInputException(
          415, "a part with Content-Transfer-Encoding " + Shown.quoted(encoding));
    }
  }

  /**
   * RFC 7578 section 4.2 wants the plain form only, but there are clients that send both, the plain
   * one garbled: RFC 6266 section 4.3 prefers the other.
   */
  private static @Nullable String filename(HeaderValue disposition) {
    if (disposition.parameters().containsKey("filename*")) {
      return extended(String.valueOf(disposition.parameter("filename*")));
    }
    String filename = disposition.parameter("filename");
    return filename == null ? null : utf8(filename);
  }

  /** RFC 8187 section 3.2.1: {@code UTF-8'en'%e2%82%ac%20rates}. */
  private static String extended(String value) {
    int first = value.indexOf('\'');
    int second = value.indexOf('\'', first + 1);
    if (first < 0 || second < 0 || !value.substring(0, first).equalsIgnoreCase("UTF-8")) {
      throw new HTTPInputException("not a filename in UTF-8: " + Shown.quoted(value));
    }
    String encoded = value.substring(second + 1);
    if (!encoded.chars().allMatch(MultipartPart::isExtendedChar)) {
      throw new HTTPInputException("not an encoded filename: " + Shown.quoted(encoded));
    }
    String filename;
    try {
      byte[] bytes = encoded.getBytes(StandardCharsets.ISO_8859_1);
      filename = Escape.utf8(Escape.urlUnescape(bytes, false));
    } catch (IllegalArgumentException e) {
      throw new HTTPInputException("not an encoded filename: " + Shown.quoted(encoded));
    }
    if (filename.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new HTTPInputException("control characters in " + Shown.quoted(filename));
    }
    return filename;
  }

  private static boolean isExtendedChar(int c) {
    return c == '%' || (Token.isTokenChar(c) && c != '*' && c != '\'');
  }

  /** RFC 7578 section 5.1: each character is one byte of UTF-8. */
  private static String utf8(String bytes) {
    try {
      return Escape.utf8(bytes.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw new HTTPInputException("a name that is not UTF-8: " + Shown.quoted(bytes));
    }
  }
}
