// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The Accept-Language field, RFC 9110 section 12.5.4. */
public final class Languages {
  private record Choice(Locale locale, double weight) {}

  private Languages() {}

  /** The acceptable locales, best first; those that cannot be read are left out. */
  public static List<Locale> parse(String field) {
    List<Choice> choices = new ArrayList<>();
    for (String item : field.split(",", -1)) {
      String[] parts = item.split(";", -1);
      String tag = parts[0].strip();
      double weight = parts.length > 1 ? weight(parts[1].strip()) : 1;
      Locale locale = Locale.forLanguageTag(tag);
      if (weight > 0 && !tag.equals("*") && !locale.getLanguage().isEmpty()) {
        choices.add(new Choice(locale, weight));
      }
    }
    choices.sort(Comparator.comparingDouble(Choice::weight).reversed());
    return choices.stream().map(Choice::locale).distinct().toList();
  }

  private static double weight(String parameter) {
    if (!parameter.startsWith("q=") && !parameter.startsWith("Q=")) {
      return 1;
    }
    String value = parameter.substring(2).strip();
    return value.matches("[01](\\.[0-9]{0,3})?") ? Double.parseDouble(value) : 0;
  }
}
