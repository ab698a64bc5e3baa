// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.escape;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What {@link Escape#linkify(String, LinkOptions)} makes of links. Immutable.
 *
 * <pre>{@code
 * LinkOptions.DEFAULT.withShorten(true).withAttribute("rel", "nofollow")
 * }</pre>
 *
 * @param shorten whether long URLs are shown with their host and the beginning of their path; the
 *     whole stands in the link's title then
 * @param requireProtocol whether what only begins with {@code www.} is none
 * @param permittedProtocols which protocols may be linked to, in lower case
 * @param attributes gives further attributes of a link, by the URL that it leads to; values are
 *     escaped
 */
public record LinkOptions(
    boolean shorten,
    boolean requireProtocol,
    Set<String> permittedProtocols,
    Function<String, Map<String, String>> attributes) {
  /** Nothing is shortened, {@code www.} is enough, http and https, no further attributes. */
  public static final LinkOptions DEFAULT =
      new LinkOptions(false, false, Set.of("http", "https"), _ -> Map.of());

  /** Copies the set. */
  public LinkOptions {
    permittedProtocols =
        permittedProtocols.stream()
            .map(protocol -> protocol.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    Objects.requireNonNull(attributes, "attributes");
  }

  /** The same, shortening or not. */
  public LinkOptions withShorten(boolean shortened) {
    return new LinkOptions(shortened, requireProtocol, permittedProtocols, attributes);
  }

  /** The same, with or without what begins with {@code www.}. */
  public LinkOptions withRequireProtocol(boolean required) {
    return new LinkOptions(shorten, required, permittedProtocols, attributes);
  }

  /**
   * The same with other protocols. Of a protocol like {@code javascript} a browser runs what the
   * text says.
   */
  public LinkOptions withPermittedProtocols(Collection<String> protocols) {
    return new LinkOptions(shorten, requireProtocol, Set.copyOf(protocols), attributes);
  }

  /** The same with one more attribute for all links. */
  public LinkOptions withAttribute(String name, String value) {
    return withAttributes(
        url -> {
          Map<String, String> all = new LinkedHashMap<>(attributes.apply(url));
          all.put(name, value);
          return all;
        });
  }

  /** The same with other attributes, which may depend on the URL that the link leads to. */
  public LinkOptions withAttributes(Function<String, Map<String, String>> ofUrl) {
    return new LinkOptions(shorten, requireProtocol, permittedProtocols, ofUrl);
  }
}
