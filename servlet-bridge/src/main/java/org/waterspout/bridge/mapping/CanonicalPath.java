// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.mapping;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;

/**
 * Turns a path as sent into the one that is mapped: Servlet 6.1 section 3.5.2, canonicalisation and
 * refusal of what is suspicious, in one place.
 *
 * @param path decoded, without parameters, dot segments and empty segments
 * @param parameters the path parameters, each as {@code name=value} or {@code name}, decoded
 */
public record CanonicalPath(String path, List<String> parameters) {
  private static final String HEX = "0123456789ABCDEF";

  /**
   * Reads the path of a request.
   *
   * @throws SuspiciousPathException if it must be refused
   */
  public static CanonicalPath ofRequest(String raw) {
    if (isPlain(raw)) {
      return new CanonicalPath(raw, List.of());
    }
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c <= ' ' || c >= 0x7f) {
        throw new SuspiciousPathException("a character that must be encoded");
      }
    }
    return parse(raw);
  }

  /**
   * Reads a path from an application, in which characters above ASCII and spaces may stand as they
   * are.
   *
   * @throws SuspiciousPathException if it must be refused
   */
  public static CanonicalPath ofApplication(String raw) {
    return parse(raw);
  }

  /**
   * Whether it leads into WEB-INF or META-INF, which Servlet 6.1 section 10.5 hides from clients.
   * Their case is ignored, as some file systems do.
   */
  public boolean isPrivate() {
    int slash = path.indexOf('/', 1);
    String first = path.substring(1, slash < 0 ? path.length() : slash);
    return first.equalsIgnoreCase("WEB-INF") || first.equalsIgnoreCase("META-INF");
  }

  /** The value of the first path parameter of a name, or null. */
  public @Nullable String parameter(String name) {
    for (String parameter : parameters) {
      if (parameter.startsWith(name)
          && parameter.length() > name.length()
          && parameter.charAt(name.length()) == '=') {
        return parameter.substring(name.length() + 1);
      }
    }
    return null;
  }

  /** Whether all characters of a path may stand in a URI as they are. */
  public static boolean isEncoded(String raw) {
    return raw.chars().allMatch(c -> c < 0x80 && (isPlain(c) || c == '%' || c == ';'));
  }

  private static boolean isPlain(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "/-._~!$&'()*+,=:@".indexOf(c) >= 0;
  }

  /** Encodes a canonical path for a URI. */
  public static String encode(String path) {
    if (isPlain(path)) {
      return path;
    }
    var out = new StringBuilder(path.length());
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xff;
      if (isPlain(c)) {
        out.append((char) c);
      } else {
        out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    return out.toString();
  }

  /** Whether it is canonical, decoded or not: nearly all paths are, and are looked at once. */
  private static boolean isPlain(String path) {
    if (!path.startsWith("/")) {
      return false;
    }
    boolean segmentBegins = true;
    for (int i = 1; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '/' || c == '.') {
        if (segmentBegins) {
          return false;
        }
      } else if (!isUnreserved(c)) {
        return false;
      }
      segmentBegins = c == '/';
    }
    return true;
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  private static CanonicalPath parse(String raw) {
    if (!raw.startsWith("/")) {
      throw new SuspiciousPathException("no leading slash");
    }
    List<String> segments = new ArrayList<>();
    List<String> parameters = new ArrayList<>();
    int start = 1;
    while (true) {
      int slash = raw.indexOf('/', start);
      boolean last = slash < 0;
      addSegment(raw.substring(start, last ? raw.length() : slash), last, segments, parameters);
      if (last) {
        return new CanonicalPath("/" + String.join("/", segments), List.copyOf(parameters));
      }
      start = slash + 1;
    }
  }

  private static void addSegment(
      String raw, boolean last, List<String> segments, List<String> parameters) {
    int semicolon = raw.indexOf(';');
    String rawName = semicolon < 0 ? raw : raw.substring(0, semicolon);
    String name = decode(rawName);
    if (semicolon >= 0) {
      for (String parameter : raw.substring(semicolon + 1).split(";", -1)) {
        parameters.add(decode(parameter));
      }
    }
    boolean dots = name.equals(".") || name.equals("..");
    if (dots && semicolon >= 0) {
      throw new SuspiciousPathException("a dot segment with a parameter");
    }
    if (dots && !name.equals(rawName)) {
      throw new SuspiciousPathException("an encoded dot segment");
    }
    if (name.isEmpty() && !last) {
      if (semicolon >= 0) {
        throw new SuspiciousPathException("an empty segment with a parameter");
      }
      return;
    }
    switch (name) {
      case "." -> {}
      case ".." -> {
        if (segments.isEmpty()) {
          throw new SuspiciousPathException("a dot segment that leaves the context");
        }
        segments.removeLast();
      }
      default -> segments.add(name);
    }
  }

  private static String decode(String raw) {
    String decoded = raw.indexOf('%') < 0 ? raw : decodeOctets(raw);
    for (int i = 0; i < decoded.length(); i++) {
      char c = decoded.charAt(i);
      if (c == '\\' || c == '/' || Character.isISOControl(c)) {
        throw new SuspiciousPathException("an encoded slash, a backslash or a control character");
      }
    }
    return decoded;
  }

  private static String decodeOctets(String raw) {
    try {
      return Escape.utf8(Escape.urlUnescape(raw.getBytes(StandardCharsets.UTF_8), false));
    } catch (IllegalArgumentException e) {
      throw new SuspiciousPathException("an illegal sequence after %, or not UTF-8");
    }
  }
}
