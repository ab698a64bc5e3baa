// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.text.Shown;
import org.waterspout.text.Token;

/**
 * Header fields in the order in which they were added; names match in any case. Tornado: {@code
 * httputil.HTTPHeaders}.
 *
 * <p>Each field keeps its own spelling of its name. Nothing gets in that could split a message:
 * names are tokens (RFC 9110 section 5.6.2), values hold no control characters but tabs and nothing
 * above U+00FF, and each character of a value is one byte on the wire. Whitespace around a value is
 * not part of it. Not safe for use by several threads at once.
 *
 * <pre>{@code
 * var headers = new HTTPHeaders();
 * headers.add("Accept", "text/html");
 * headers.add("accept", "text/plain");
 * headers.get("ACCEPT");      // "text/html,text/plain"
 * headers.getList("Accept");  // [text/html, text/plain]
 * }</pre>
 */
public final class HTTPHeaders {
  /** Up to this many fields a scan is faster than a map. */
  private static final int SCANNED = 24;

  private static final int FIRST_CAPACITY = 12;
  private static final String[] NONE = {}; // what is idle holds headers to come

  private String[] names = NONE;
  private String[] values = NONE;
  private int size;

  /** The first field of each name in lower case; null until there are more than SCANNED fields. */
  private @Nullable Map<String, Integer> index;

  /** No fields. */
  public HTTPHeaders() {}

  private HTTPHeaders(int capacity) {
    names = new String[capacity];
    values = new String[capacity];
  }

  /**
   * Reads fields, one in each line, up to the end of the text. Each line ends with CR LF, except
   * that the last one need not.
   *
   * @throws HTTPInputException if a line is malformed; folded lines are, RFC 9112 section 5.2
   */
  public static HTTPHeaders parse(String text) {
    var headers = new HTTPHeaders();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf("\r\n", start);
      end = end < 0 ? text.length() : end;
      if (end > start) {
        headers.parseLine(text.substring(start, end));
      }
      start = end + 2;
    }
    return headers;
  }

  /**
   * Reads one line without its end, {@code Accept: text/html}, and adds the field.
   *
   * @throws HTTPInputException if it is malformed
   */
  public void parseLine(String line) {
    byte[] bytes = Syntax.oneByteEach(line);
    FieldLine.parse(bytes, bytes.length, this);
  }

  /**
   * Adds a field after those that are there.
   *
   * @throws IllegalArgumentException if name or value cannot stand in a message
   */
  public void add(String name, String value) {
    addChecked(checkedName(name), checkedValue(name, value));
  }

  /**
   * Replaces all fields of the name by one, in the place of the first.
   *
   * @throws IllegalArgumentException if name or value cannot stand in a message
   */
  public void set(String name, String value) {
    String checked = checkedValue(name, value);
    int first = find(checkedName(name));
    if (first < 0) {
      addChecked(name, checked);
      return;
    }
    values[first] = checked;
    removeFrom(first + 1, name);
  }

  /** All values of the name joined with commas, or null if it is not there. */
  public @Nullable String get(String name) {
    int first = find(name);
    if (first < 0) {
      return null;
    }
    int next = next(first + 1, name);
    if (next < 0) {
      return values[first];
    }
    var joined = new StringBuilder(values[first]);
    for (int i = next; i >= 0; i = next(i + 1, name)) {
      joined.append(',').append(values[i]);
    }
    return joined.toString();
  }

  /** As {@link #get(String)}, with what to return if the name is not there. */
  public String get(String name, String defaultValue) {
    String value = get(name);
    return value == null ? defaultValue : value;
  }

  /** The values of the name, one for each field; empty if it is not there. A copy. */
  public List<String> getList(String name) {
    int first = find(name);
    if (first < 0) {
      return List.of();
    }
    List<String> list = new ArrayList<>(2);
    for (int i = first; i >= 0; i = next(i + 1, name)) {
      list.add(values[i]);
    }
    return list;
  }

  /** All fields as pairs of name and value, in order. A copy. */
  public List<Map.Entry<String, String>> getAll() {
    List<Map.Entry<String, String>> all = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      all.add(Map.entry(names[i], values[i]));
    }
    return all;
  }

  /** Each name once, in order and in the spelling of its first field. A copy. */
  public List<String> names() {
    Set<String> seen = new HashSet<>();
    List<String> once = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      if (seen.add(lowerCase(names[i]))) {
        once.add(names[i]);
      }
    }
    return once;
  }

  /** Whether there is a field of this name. */
  public boolean contains(String name) {
    return find(name) >= 0;
  }

  /**
   * Whether a token is one of those that the fields of the name list, in any case (RFC 9110 section
   * 5.6.1): {@code listContains("Connection", "close")}.
   */
  public boolean listContains(String name, String token) {
    return HeaderList.contains(this, name, token);
  }

  /** Removes all fields of the name; does nothing if there are none. */
  public void remove(String name) {
    int first = find(name);
    if (first >= 0) {
      removeFrom(first, name);
    }
  }

  /** Removes all fields. */
  public void clear() {
    Arrays.fill(names, 0, size, null);
    Arrays.fill(values, 0, size, null);
    size = 0;
    index = null;
  }

  /** How many fields there are; a name with two fields counts twice. */
  public int size() {
    return size;
  }

  /** Whether there are no fields. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** An independent copy. */
  public HTTPHeaders copy() {
    var copy = new HTTPHeaders(Math.max(size, FIRST_CAPACITY));
    System.arraycopy(names, 0, copy.names, 0, size);
    System.arraycopy(values, 0, copy.values, 0, size);
    copy.size = size;
    copy.index = index == null ? null : new HashMap<>(index);
    return copy;
  }

  /** Calls the action with name and value of each field, in order. */
  public void forEach(BiConsumer<? super String, ? super String> action) {
    for (int i = 0; i < size; i++) {
      action.accept(names[i], values[i]);
    }
  }

  /** The fields as lines, for logs. */
  @Override
  public String toString() {
    var lines = new StringBuilder();
    forEach((name, value) -> lines.append(name).append(": ").append(value).append('\n'));
    return lines.toString();
  }

  /** The name of a field, for encoders that must not allocate. */
  String nameAt(int i) {
    return names[i];
  }

  /** The value of a field, for encoders that must not allocate. */
  String valueAt(int i) {
    return values[i];
  }

  /** Adds a field that its parser has checked already. */
  void addChecked(String name, String value) {
    if (size == names.length) {
      int capacity = Math.max(FIRST_CAPACITY, size * 2);
      names = Arrays.copyOf(names, capacity);
      values = Arrays.copyOf(values, capacity);
    }
    names[size] = name;
    values[size] = value;
    size++;
    if (index != null) {
      index.putIfAbsent(lowerCase(name), size - 1);
    } else if (size > SCANNED) {
      buildIndex();
    }
  }

  /** Holds no more than it needs from now on: for headers that are kept for long. */
  void compact() {
    names = Arrays.copyOf(names, size);
    values = Arrays.copyOf(values, size);
    for (int i = 0; i < size; i++) {
      values[i] = RecentValues.share(names[i], Interned.value(values[i]));
    }
  }

  /** The first field of the name, -1 if there is none. */
  int find(String name) {
    if (index != null) {
      Integer first = index.get(lowerCase(name));
      return first == null ? -1 : first;
    }
    return next(0, name);
  }

  private int next(int from, String name) {
    int length = name.length();
    for (int i = from; i < size; i++) {
      String candidate = names[i];
      if (candidate.length() == length && candidate.equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  private void removeFrom(int from, String name) {
    int kept = from;
    for (int i = from; i < size; i++) {
      if (!names[i].equalsIgnoreCase(name)) {
        names[kept] = names[i];
        values[kept] = values[i];
        kept++;
      }
    }
    if (kept == size) {
      return;
    }
    Arrays.fill(names, kept, size, null);
    Arrays.fill(values, kept, size, null);
    size = kept;
    index = null;
    if (size > SCANNED) {
      buildIndex();
    }
  }

  private void buildIndex() {
    Map<String, Integer> built = new HashMap<>(size * 2);
    for (int i = 0; i < size; i++) {
      built.putIfAbsent(lowerCase(names[i]), i);
    }
    index = built;
  }

  private static String lowerCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String checkedName(String name) {
    Objects.requireNonNull(name, "name");
    if (!Token.isToken(name)) {
      throw new IllegalArgumentException("not a header name: " + Shown.quoted(name));
    }
    return name;
  }

  private static String checkedValue(String name, String value) {
    Objects.requireNonNull(value, "value");
    for (int i = 0; i < value.length(); i++) {
      if (!Syntax.isFieldChar(value.charAt(i))) {
        throw new IllegalArgumentException(
            "not a value for header %s: character %d is U+%04X" // the others may be secret
                .formatted(Shown.quoted(name), i, (int) value.charAt(i)));
      }
    }
    return Syntax.trim(value);
  }
}
