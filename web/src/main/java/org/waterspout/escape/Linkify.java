// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.escape;

import java.util.BitSet;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One text on its way into HTML, with links where URLs stand.
 *
 * <p>A URL begins where a word does: with a protocol, a colon and one to three slashes, or with
 * {@code www.}. It goes on to a blank, a quote or an angle bracket, or to a parenthesis without its
 * counterpart in the URL; punctuation at its end is not part of it. The time is proportional to the
 * text.
 */
final class Linkify {
  private static final int LONGEST_PROTOCOL = 32;
  private static final int SHORT = 30; // characters of a link that is shortened
  private static final int SHORT_SEGMENT = 8; // of those, for the path

  private final String text;
  private final LinkOptions options;
  private final BitSet closed; // looked for once: a URL must not go on to its end to find out
  private final StringBuilder out;
  private int done; // what stands before is in the output

  /**
   * Where a URL may stand.
   *
   * @param protocol null if it begins with {@code www.}
   * @param rest where what is behind the slashes begins
   */
  private record Start(@Nullable String protocol, int rest) {}

  private Linkify(String text, LinkOptions options) {
    this.text = text;
    this.options = options;
    this.closed = text.indexOf('(') < 0 ? new BitSet() : closedParentheses(text);
    this.out = new StringBuilder(text.length() + 64);
  }

  static String linkify(String text, LinkOptions options) {
    return new Linkify(text, options).linkify();
  }

  private String linkify() {
    int i = 0;
    while (i < text.length()) {
      Start start = beginsWord(i) ? startAt(i) : null;
      int end = start == null ? i : end(start.rest());
      if (start != null && end > start.rest()) {
        link(start, i, end);
        i = end;
      } else {
        i++;
      }
    }
    return out.append(Escape.xhtmlEscape(text.substring(done))).toString();
  }

  // ---- where it is

  private boolean beginsWord(int i) {
    return isWord(text.charAt(i)) && (i == 0 || !isWord(text.codePointBefore(i)));
  }

  private static boolean isWord(int c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private @Nullable Start startAt(int i) {
    if (text.regionMatches(true, i, "www.", 0, 4)) {
      return new Start(null, i + 4);
    }
    int colon = i;
    while (colon < text.length()
        && colon - i < LONGEST_PROTOCOL
        && isOfProtocol(text.charAt(colon))) {
      colon++;
    }
    int slashes = 0;
    while (slashes < 3 && text.startsWith("/", colon + 1 + slashes)) {
      slashes++;
    }
    return text.startsWith(":", colon) && slashes > 0
        ? new Start(text.substring(i, colon).toLowerCase(Locale.ROOT), colon + 1 + slashes)
        : null;
  }

  /** RFC 3986 section 3.1. */
  private static boolean isOfProtocol(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '+'
        || c == '-'
        || c == '.';
  }

  /** Behind the last character of a URL whose rest begins here. */
  private int end(int rest) {
    int open = 0;
    int i = rest;
    for (; i < text.length() && !endsURL(text.charAt(i)); i++) {
      char c = text.charAt(i);
      if (c == '(' ? !closed.get(i) : c == ')' && open == 0) {
        break;
      }
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    return withoutPunctuation(rest, i);
  }

  /** The opening parentheses that are closed before a URL would end. */
  private static BitSet closedParentheses(String text) {
    var closed = new BitSet();
    int[] open = new int[text.length()];
    int depth = 0;
    for (int i = text.indexOf('('); i >= 0 && i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '(') {
        open[depth++] = i;
      } else if (c == ')' && depth > 0) {
        closed.set(open[--depth]);
      } else if (endsURL(c)) {
        depth = 0;
      }
    }
    return closed;
  }

  private static boolean endsURL(char c) {
    return c <= ' '
        || Character.isISOControl(c)
        || Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || "<>\"'`".indexOf(c) >= 0;
  }

  /** A closing parenthesis stays: it belongs to one that the URL has opened. */
  private int withoutPunctuation(int rest, int end) {
    int last = end;
    while (last > rest && "!#$%&(*+,.:;=?@[]^{|}~".indexOf(text.charAt(last - 1)) >= 0) {
      last--;
    }
    return last;
  }

  // ---- what it becomes

  private void link(Start start, int from, int end) {
    String protocol = start.protocol();
    if (protocol == null
        ? options.requireProtocol()
        : !options.permittedProtocols().contains(protocol)) {
      return; // stays text
    }
    String shown = text.substring(from, end);
    String href = protocol == null ? "http://" + shown : shown;
    String shortened = options.shorten() ? shortened(shown, start.rest() - from) : shown;
    out.append(Escape.xhtmlEscape(text.substring(done, from))).append("<a");
    attribute("href", href);
    if (!shortened.equals(shown)) {
      attribute("title", href);
    }
    for (Map.Entry<String, String> more : options.attributes().apply(href).entrySet()) {
      attribute(checked(more.getKey()), more.getValue());
    }
    out.append('>').append(Escape.xhtmlEscape(shortened)).append("</a>");
    done = end;
  }

  private void attribute(String name, String value) {
    out.append(' ').append(name).append("=\"").append(Escape.xhtmlEscape(value)).append('"');
  }

  private static String checked(String name) {
    if (name.isEmpty() || !name.chars().allMatch(c -> isOfProtocol((char) c) || c == '_')) {
      throw new IllegalArgumentException("not the name of an attribute: " + name);
    }
    return name;
  }

  /** The host and the beginning of the path, if that is shorter. */
  private static String shortened(String url, int rest) {
    if (url.length() <= SHORT) {
      return url;
    }
    int slash = url.indexOf('/', rest);
    int end = slash < 0 ? url.length() : slash + 1;
    while (end < url.length()
        && end <= slash + SHORT_SEGMENT
        && "/?.".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    if (end > SHORT * 3 / 2) {
      end = SHORT;
    }
    if (Character.isHighSurrogate(url.charAt(end - 1))) {
      end--;
    }
    return end + 3 >= url.length() ? url : url.substring(0, end) + "...";
  }
}
