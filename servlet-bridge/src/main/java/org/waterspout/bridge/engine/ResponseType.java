// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.message.ContentType;
import org.waterspout.bridge.message.LocaleCharsets;

/**
 * Content type, charset and locale of an answer, which depend on each other: Servlet 6.1 section
 * 5.6. An explicit charset stands before that of the locale, that before the application's, and the
 * specification's ISO-8859-1 comes last. {@link #fix} ends all changes of the charset.
 */
final class ResponseType {
  private static final String DEFAULT_CHARSET = "ISO-8859-1";

  /** Knows charsets of language tags. */
  private interface Charsets {
    @Nullable String of(String tag);
  }

  private final @Nullable String applicationCharset;
  private final Map<String, String> localeEncodings;
  private @Nullable ContentType type;
  private @Nullable Locale locale;
  private @Nullable String explicitCharset;
  private @Nullable String localeCharset;
  private boolean fixed;

  ResponseType(@Nullable String applicationCharset, Map<String, String> localeEncodings) {
    this.applicationCharset = applicationCharset;
    this.localeEncodings = localeEncodings;
  }

  void setType(@Nullable String value) {
    if (value == null) {
      type = null;
      setCharset(null);
      return;
    }
    ContentType parsed = ContentType.parse(value);
    type = parsed;
    if (parsed.charset() != null && !fixed) {
      explicitCharset = parsed.charset();
    }
  }

  void setCharset(@Nullable String charset) {
    if (!fixed) {
      explicitCharset = charset;
      if (charset == null) {
        localeCharset = null;
      }
    }
  }

  void setLocale(@Nullable Locale locale) {
    this.locale = locale;
    if (!fixed) {
      localeCharset = locale == null ? null : charsetOf(locale);
    }
  }

  private @Nullable String charsetOf(Locale locale) {
    String charset = charsetOf(locale, this::declared);
    return charset != null ? charset : charsetOf(locale, LocaleCharsets::of);
  }

  private @Nullable String declared(String tag) {
    String charset = localeEncodings.get(tag);
    return charset != null ? charset : localeEncodings.get(tag.replace('-', '_'));
  }

  /** What is said of the locale itself, else of what it is one of. */
  private static @Nullable String charsetOf(Locale locale, Charsets charsets) {
    String tag = locale.toLanguageTag();
    while (true) {
      String charset = charsets.of(tag);
      int dash = tag.lastIndexOf('-');
      if (charset != null || dash < 0) {
        return charset;
      }
      tag = tag.substring(0, dash);
    }
  }

  @Nullable Locale locale() {
    return locale;
  }

  /** The charset of a writer. */
  String charset() {
    if (explicitCharset != null) {
      return explicitCharset;
    }
    if (localeCharset != null) {
      return localeCharset;
    }
    return applicationCharset != null ? applicationCharset : DEFAULT_CHARSET;
  }

  /** A writer is in use: the charset stays what it is. */
  void fix() {
    fixed = true;
  }

  /** The Content-Type field; null if none was set. */
  @Nullable String header() {
    ContentType known = type;
    if (known == null) {
      return null;
    }
    boolean named =
        fixed
            || explicitCharset != null
            || localeCharset != null
            || (applicationCharset != null && known.essence().startsWith("text/"));
    return known.with(named ? charset() : null);
  }
}
