// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.escape;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The functions of Tornado's {@code escape} module. Callable from any thread.
 *
 * <p>What decodes is strict: a percent sign without two hexadecimal digits and bytes that are not
 * UTF-8 throw IllegalArgumentException instead of turning into something that nobody sent.
 */
public final class Escape {
  private static final String HEX = "0123456789ABCDEF";

  private Escape() {}

  /** Makes text safe between HTML tags and inside quoted attributes. */
  public static String xhtmlEscape(String text) {
    StringBuilder escaped = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      String entity = entity(c);
      if (entity != null && escaped == null) {
        escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
      }
      if (escaped != null) {
        if (entity == null) {
          escaped.append(c);
        } else {
          escaped.append(entity);
        }
      }
    }
    return escaped == null ? text : escaped.toString();
  }

  /**
   * Undoes {@link #xhtmlEscape}, and all else by which characters are written in HTML: by name,
   * with or without the semicolon, and by number, decimal or hexadecimal. It is read as browsers
   * read text between tags (HTML standard, section 13.2.5). What is none, such as a lone ampersand,
   * stays.
   */
  public static String xhtmlUnescape(String text) {
    return CharacterReferences.resolve(text);
  }

  /** Text with each run of spaces and control characters as one space, and none around it. */
  public static String squeeze(String text) {
    var squeezed = new StringBuilder(text.length());
    boolean gap = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ') {
        gap = true;
      } else {
        squeezed.append(gap && !squeezed.isEmpty() ? " " : "").append(c);
        gap = false;
      }
    }
    return squeezed.toString();
  }

  /** Text as HTML, with links where URLs stand in it; all of it is escaped. */
  public static String linkify(String text) {
    return linkify(text, LinkOptions.DEFAULT);
  }

  /**
   * Text as HTML, with links as the options say; all of it is escaped.
   *
   * <p>A URL begins where a word does, with a protocol or {@code www.}, which is linked to by http.
   * It does not include punctuation behind it, nor a parenthesis that has no counterpart in it.
   *
   * @throws IllegalArgumentException if an attribute of the options has no possible name
   */
  public static String linkify(String text, LinkOptions options) {
    return Linkify.linkify(text, options);
  }

  /** Percent-encodes the UTF-8 bytes of a query argument; a space becomes a plus sign. */
  public static String urlEscape(String text) {
    return urlEscape(text, true);
  }

  /**
   * Percent-encodes the UTF-8 bytes of text, all but RFC 3986's unreserved characters.
   *
   * @param plus whether a space becomes a plus sign, as in a query, or {@code %20}, as in a path
   */
  public static String urlEscape(String text, boolean plus) {
    return urlEscape(text.getBytes(StandardCharsets.UTF_8), plus);
  }

  /** Percent-encodes bytes as {@link #urlEscape(String, boolean)} does those of text. */
  public static String urlEscape(byte[] bytes, boolean plus) {
    var escaped = new StringBuilder(bytes.length + 16);
    for (byte b : bytes) {
      if (isUnreserved(b)) {
        escaped.append((char) b);
      } else if (b == ' ' && plus) {
        escaped.append('+');
      } else {
        escaped.append('%').append(HEX.charAt((b >> 4) & 15)).append(HEX.charAt(b & 15));
      }
    }
    return escaped.toString();
  }

  /**
   * Undoes {@link #urlEscape(String)}.
   *
   * @throws IllegalArgumentException if it is not the encoding of UTF-8 text
   */
  public static String urlUnescape(String escaped) {
    return urlUnescape(escaped, true);
  }

  /**
   * Undoes {@link #urlEscape(String, boolean)}.
   *
   * @param plus whether a plus sign means a space
   * @throws IllegalArgumentException if it is not the encoding of UTF-8 text
   */
  public static String urlUnescape(String escaped, boolean plus) {
    return urlUnescape(escaped, StandardCharsets.UTF_8, plus);
  }

  /**
   * Undoes percent-encoding of text in another charset, of which ASCII has to be a part.
   *
   * @param plus whether a plus sign means a space
   * @throws IllegalArgumentException if it is not the encoding of text in that charset
   */
  public static String urlUnescape(String escaped, Charset charset, boolean plus) {
    return decode(urlUnescape(encode(escaped, charset), plus), charset);
  }

  private static byte[] encode(String text, Charset charset) {
    try {
      ByteBuffer encoded = charset.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not in " + charset, e);
    }
  }

  /**
   * Undoes percent-encoding without a guess at the charset. Bytes that need not have been encoded
   * stay what they are.
   *
   * @param plus whether a plus sign means a space
   * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits
   */
  public static byte[] urlUnescape(byte[] escaped, boolean plus) {
    byte[] bytes = new byte[escaped.length];
    int size = 0;
    for (int i = 0; i < escaped.length; i++) {
      byte b = escaped[i];
      if (b == '%') {
        bytes[size++] = (byte) (hexDigit(escaped, i + 1) << 4 | hexDigit(escaped, i + 2));
        i += 2;
      } else {
        bytes[size++] = b == '+' && plus ? (byte) ' ' : b;
      }
    }
    return slice(bytes, 0, size);
  }

  /**
   * Bytes as the UTF-8 text that they must be.
   *
   * @throws IllegalArgumentException if they are not
   */
  public static String utf8(byte[] bytes) {
    return decode(bytes, StandardCharsets.UTF_8);
  }

  private static String decode(byte[] bytes, Charset charset) {
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not " + charset, e);
    }
  }

  /**
   * Reads {@code name=value&name=value}, the form of queries and of urlencoded bodies. Blank values
   * are kept, empty pieces are not; a semicolon separates nothing.
   *
   * @return the values of each name in the order in which they came; the bytes are the caller's
   * @throws IllegalArgumentException if the percent-encoding is malformed or a name is not UTF-8
   */
  public static Map<String, List<byte[]>> parseQueryBytes(byte[] encoded) {
    return parseQueryBytes(encoded, Integer.MAX_VALUE);
  }

  /**
   * As {@link #parseQueryBytes(byte[])}, for what a stranger has sent.
   *
   * @param most how many values there may be; if there are more, that is an
   *     IllegalArgumentException too
   */
  public static Map<String, List<byte[]>> parseQueryBytes(byte[] encoded, int most) {
    Map<String, List<byte[]>> arguments = new LinkedHashMap<>();
    int count = 0;
    int start = 0;
    while (start < encoded.length) {
      int end = indexOf(encoded, '&', start, encoded.length);
      if (end > start) {
        if (++count > most) {
          throw new IllegalArgumentException("more than " + most + " arguments");
        }
        int equals = indexOf(encoded, '=', start, end);
        String name = utf8(urlUnescape(slice(encoded, start, equals), true));
        byte[] value = urlUnescape(slice(encoded, Math.min(equals + 1, end), end), true);
        arguments.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
      }
      start = end + 1;
    }
    return arguments;
  }

  /**
   * A value as JSON: maps, lists, records, numbers, text. The characters {@code </} come out as
   * {@code <\/} and {@code <!} as {@code \u005cu003c!}, so that the text can stand inside a script
   * element: it neither ends that nor opens a comment, in which browsers would overlook its end.
   *
   * @throws tools.jackson.core.JacksonException if the value has no JSON form
   */
  public static String jsonEncode(@Nullable Object value) {
    return JSON.write(value).replace("</", "<\\/").replace("<!", "\\u003c!");
  }

  /**
   * Reads JSON: a LinkedHashMap, ArrayList, String, number or Boolean, or null. What could be read
   * in two ways is refused: a name that comes twice in an object, anything behind the value.
   *
   * @throws IllegalArgumentException if it is not JSON, or nests deeper than 500
   */
  public static @Nullable Object jsonDecode(String json) {
    return JSON.read(json, Object.class);
  }

  /**
   * Reads JSON into a record, or anything else that Jackson can make of it, as {@link
   * #jsonDecode(String)}. No value is turned into one of another kind, such as text into a number.
   * Members that the type has not are passed over; what is missing is null, or 0 or false where the
   * type has no null. If the type is in a named module, its package has to be open to {@code
   * tools.jackson.databind}.
   *
   * @return null for the JSON {@code null}
   * @throws IllegalArgumentException also if it does not fit the type
   */
  public static <T> @Nullable T jsonDecode(String json, Class<T> type) {
    return JSON.read(json, type);
  }

  private static @Nullable String entity(char c) {
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '"' -> "&quot;";
      case '\'' -> "&#x27;";
      default -> null;
    };
  }

  private static boolean isUnreserved(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '.'
        || b == '_'
        || b == '~';
  }

  private static int hexDigit(byte[] bytes, int i) {
    int digit = i < bytes.length ? Character.digit((char) (bytes[i] & 0xff), 16) : -1;
    if (digit < 0 || bytes[i] < 0) {
      throw new IllegalArgumentException("a percent sign without two hexadecimal digits");
    }
    return digit;
  }

  private static int indexOf(byte[] bytes, char wanted, int from, int end) {
    int i = from;
    while (i < end && bytes[i] != wanted) {
      i++;
    }
    return i;
  }

  private static byte[] slice(byte[] bytes, int from, int end) {
    return from == 0 && end == bytes.length ? bytes : Arrays.copyOfRange(bytes, from, end);
  }
}
