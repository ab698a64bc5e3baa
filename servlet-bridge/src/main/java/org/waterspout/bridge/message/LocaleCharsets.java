// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The charsets that locales imply where the application has not said so, Servlet 6.1 section 5.6:
 * those of languages which ISO-8859-1 cannot write, and for which all containers agree.
 */
public final class LocaleCharsets {
  private static final Map<String, String> BY_TAG =
      Map.of("ja", "Shift_JIS", "ko", "EUC-KR", "zh", "GB2312", "zh-TW", "Big5");

  private LocaleCharsets() {}

  /** The charset of a language tag; null if there is none for it. */
  public static @Nullable String of(String tag) {
    return BY_TAG.get(tag);
  }
}
