// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;

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
        String name = unescape(form, start, equals, charset);
        String value = equals < end ? unescape(form, equals + 1, end, charset) : "";
        add(name, value);
      }
      start = end + 1;
    }
  }

  /**
   * Adds one.
   *
   * @throws BadParametersException if the value is not of that charset, or one too many
   */
  public void add(String name, byte[] value, Charset charset) {
    try {
      add(name, decode(value, charset));
    } catch (CharacterCodingException e) {
      throw new BadParametersException("a parameter that is not " + charset, e);
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

  private static String unescape(byte[] form, int start, int end, Charset charset) {
    try {
      return decode(Escape.urlUnescape(Arrays.copyOfRange(form, start, end), true), charset);
    } catch (IllegalArgumentException e) {
      throw new BadParametersException("an illegal % sequence in a parameter", e);
    } catch (CharacterCodingException e) {
      throw new BadParametersException("a parameter that is not " + charset, e);
    }
  }

  private static String decode(byte[] bytes, Charset charset) throws CharacterCodingException {
    return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }
}
