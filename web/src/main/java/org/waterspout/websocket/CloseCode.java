// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

/** The codes of close frames: RFC 6455 section 7.4, and what was registered since. */
final class CloseCode {
  static final int NORMAL = 1000;
  static final int GOING_AWAY = 1001;
  static final int PROTOCOL_ERROR = 1002;
  static final int UNSUPPORTED = 1003;
  static final int NONE = 1005; // stands for a frame without a code, never in one
  static final int ABNORMAL = 1006; // stands for no frame at all
  static final int INVALID = 1007;
  static final int TOO_BIG = 1009;
  static final int EXTENSION_MISSING = 1010; // only a client can miss one
  static final int INTERNAL_ERROR = 1011;

  private CloseCode() {}

  /** Whether a close frame may carry the code. */
  static boolean mayBeReceived(int code) {
    return (code >= NORMAL && code <= UNSUPPORTED)
        || (code >= INVALID && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }

  static boolean mayBeSentBy(Role role, int code) {
    return mayBeReceived(code) && (code != EXTENSION_MISSING || role == Role.CLIENT);
  }
}
