// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.Locale;
import org.waterspout.text.Shown;

/** What the headers say about a form. Pure. */
final class FormType {
  static final String URLENCODED = "application/x-www-form-urlencoded";
  static final String MULTIPART = "multipart/form-data";

  private FormType() {}

  /**
   * The media type of a body, in lower case and without parameters; empty if there is none.
   *
   * @throws HTTPInputException if there are two
   */
  static String of(HTTPHeaders headers) {
    if (headers.getList("Content-Type").size() > 1) {
      throw new HTTPInputException("more than one Content-Type");
    }
    String type = headers.get("Content-Type", "");
    int semicolon = type.indexOf(';');
    String essence = Syntax.trim(semicolon < 0 ? type : type.substring(0, semicolon));
    return essence.toLowerCase(Locale.ROOT);
  }

  /**
   * The boundary of a multipart form.
   *
   * @throws HTTPInputException if Content-Type is malformed or has none
   */
  static String boundary(HTTPHeaders headers) {
    var type = HeaderValueParser.parse(headers.get("Content-Type", ""));
    String boundary = type.parameter("boundary");
    if (boundary == null) {
      throw new HTTPInputException("a multipart form that does not name its boundary");
    }
    return boundary;
  }

  /**
   * Refuses a body that is compressed: who decompresses one takes the header away.
   *
   * @throws HTTPInputException with status 415, RFC 9110 section 8.4
   */
  static void checkNotEncoded(HTTPHeaders headers) {
    String coding = headers.get("Content-Encoding");
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw new HTTPInputException(415, "a form with Content-Encoding " + Shown.quoted(coding));
    }
  }
}
