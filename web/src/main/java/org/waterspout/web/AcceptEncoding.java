// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.Locale;
import java.util.regex.Pattern;
import org.waterspout.http.HTTPHeaders;

/** Which content codings a client takes, RFC 9110 section 12.5.3. Pure. */
final class AcceptEncoding {
  private static final Pattern WEIGHT = Pattern.compile("0(\\.\\d{0,3})?|1(\\.0{0,3})?");
  private static final int UNSAID = -1;
  private static final int MOST = 1000;

  private AcceptEncoding() {}

  /**
   * How much the client wants the coding, from 1 to 1000; 0 if it does not take it, has not said
   * so, or would rather have the content as it is.
   */
  static int weight(HTTPHeaders request, String coding) {
    String accepted = request.get("Accept-Encoding");
    if (accepted == null) {
      return 0;
    }
    int weight = weightOf(accepted, coding);
    if (weight == UNSAID) {
      weight = weightOf(accepted, "*");
    }
    return Math.max(0, weight < weightOf(accepted, "identity") ? 0 : weight);
  }

  private static int weightOf(String accepted, String coding) {
    for (String item : accepted.split(",", -1)) {
      int semicolon = item.indexOf(';');
      String name = (semicolon < 0 ? item : item.substring(0, semicolon)).strip();
      if (isSame(name.toLowerCase(Locale.ROOT), coding)) {
        return semicolon < 0 ? MOST : weight(item.substring(semicolon + 1).strip());
      }
    }
    return UNSAID;
  }

  /** RFC 9110 section 8.4.1.3. */
  private static boolean isSame(String name, String coding) {
    return name.equals(coding) || (name.equals("x-gzip") && coding.equals("gzip"));
  }

  /** What is malformed counts as a refusal. */
  private static int weight(String parameter) {
    if (!parameter.regionMatches(true, 0, "q=", 0, 2)) {
      return 0;
    }
    String value = parameter.substring(2);
    return WEIGHT.matcher(value).matches() ? (int) Math.round(Double.parseDouble(value) * MOST) : 0;
  }
}
