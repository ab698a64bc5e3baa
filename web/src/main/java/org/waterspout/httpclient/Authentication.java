// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who a request says it comes from, towards the server or towards the proxy, from its first try to
 * its last. Confined to the loop.
 *
 * <p>A digest is sent after a challenge; once again if the server says that its nonce was stale
 * (RFC 7616 section 3.3).
 */
final class Authentication {
  private final @Nullable Credentials credentials; // null: nobody
  private @Nullable Challenge challenge; // after it has come
  private String clientNonce = ""; // for all answers to it
  private int count; // of these
  private boolean renewed;

  Authentication(@Nullable Credentials credentials) {
    this.credentials = credentials;
  }

  /** The value of the header, null for none. */
  @Nullable String value(String method, String target) {
    if (credentials == null) {
      return null;
    }
    return switch (credentials.mode()) {
      case BASIC -> credentials.basic();
      case DIGEST ->
          challenge == null
              ? null
              : DigestAnswer.answer(challenge, credentials, method, target, ++count, clientNonce);
    };
  }

  /** Whether there is an answer to this, which {@link #value} gives from now on. */
  boolean answers(List<String> challenges) {
    if (credentials == null || credentials.mode() != AuthMode.DIGEST || renewed) {
      return false;
    }
    var chosen = DigestAnswer.choose(Challenge.parse(challenges));
    if (chosen == null
        || (challenge != null && !chosen.get("stale", "").equalsIgnoreCase("true"))) {
      return false;
    }
    renewed = challenge != null;
    challenge = chosen;
    clientNonce = DigestAnswer.newClientNonce();
    count = 0;
    return true;
  }

  /** What was sent was no reason to refuse: should the nonce get stale, it is renewed once more. */
  void accepted() {
    renewed = false;
  }
}
