// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.text.Normalizer;
import java.util.Base64;
import java.util.Objects;
import org.waterspout.http.HTTPUtil;

/**
 * A user's name and password, and how they are sent. Tornado: {@code auth_username}, {@code
 * auth_password}, {@code auth_mode}.
 *
 * @param username brought into normalization form C
 * @param password brought into normalization form C; {@link #toString} leaves it out
 * @param mode basic or digest
 */
public record Credentials(String username, String password, AuthMode mode) {
  /**
   * Checks and normalizes.
   *
   * @throws IllegalArgumentException if the name holds a colon, or one of them a control character
   */
  public Credentials {
    Objects.requireNonNull(mode, "mode");
    var _ = HTTPUtil.encodeUsernamePassword(username, password);
    username = Normalizer.normalize(username, Normalizer.Form.NFC);
    password = Normalizer.normalize(password, Normalizer.Form.NFC);
  }

  /** The value of a header, RFC 7617 section 2. */
  String basic() {
    return "Basic "
        + Base64.getEncoder().encodeToString(HTTPUtil.encodeUsernamePassword(username, password));
  }

  @Override
  public String toString() {
    return "Credentials[" + username + ", ***, " + mode + "]";
  }
}
