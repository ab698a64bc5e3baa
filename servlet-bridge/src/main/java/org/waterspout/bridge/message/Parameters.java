// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parameters in the order in which they came: {@code application/x-www-form-urlencoded}, strictly.
 * A bad percent sequence or bytes that the charset does not know are refused.
 */
public final class Parameters {
  private final Map<String, List<String>> values = new LinkedHashMap<>();
  private final int limit;
  private int count;

  /** No parameters, and room for so many. */
  public Parameters(int limit) {
    this.limit = limit;
  }

  /**
   * Adds what stands in an encoded form or query.
   *
   * @throws BadParametersException if it cannot be read or is too much
   */
  public void parse(byte[] form, Charset charset) {
    int start = 0;
    while (start <= form.length) {
      int end = indexOf(form, '&', start, form.length);
      if (end > start) {
        int equals = indexOf(form, '=', start, end);
        String name = decode(form, start, equals, charset);
        String value = equals < end ? decode(form, equals + 1, end, charset) : "";
        add(name, value);
      }
      start = end + 1;
    }
  }

  private void add(String name, String value) {
    if (++count > limit) {
      throw new BadParametersException(413, "more than " + limit + " parameters");
    }
    values.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
  }

  /** The values of a name in order, or null. */
  public @Nullable List<String> get(String name) {
    return values.get(name);
  }

  /** A copy in the form the servlet API wants. */
  public Map<String, String[]> toMap() {
    Map<String, String[]> map = new LinkedHashMap<>();
    values.forEach((name, list) -> map.put(name, list.toArray(String[]::new)));
    return map;
  }

  private static int indexOf(byte[] bytes, char wanted, int from, int end) {
    for (int i = from; i < end; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return end;
  }

  private static String decode(byte[] form, int start, int end, Charset charset) {
    ByteBuffer out = ByteBuffer.allocate(end - start);
    for (int i = start; i < end; i++) {
      byte b = form[i];
      if (b == '+') {
        out.put((byte) ' ');
      } else if (b == '%') {
        if (i + 2 >= end) {
          throw new BadParametersException(400, "an incomplete % sequence in a parameter");
        }
        out.put((byte) (hex(form[i + 1]) << 4 | hex(form[i + 2])));
        i += 2;
      } else {
        out.put(b);
      }
    }
    try {
      return charset
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(out.flip())
          .toString();
    } catch (CharacterCodingException e) {
      throw new BadParametersException("a parameter that is not " + charset, e);
    }
  }

  private static int hex(byte b) {
    int value = b < 0 ? -1 : Character.digit((char) b, 16);
    if (value < 0) {
      throw new BadParametersException(400, "an illegal % sequence in a parameter");
    }
    return value;
  }
}
