// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import java.io.UnsupportedEncodingException;

/**
 * A charset that a client has named and nobody knows. If the servlet does not catch it, the answer
 * is 400: the mistake is not the application's.
 */
public final class UnknownCharsetException extends UnsupportedEncodingException {
  private static final long serialVersionUID = 1L;

  public UnknownCharsetException(String charset) {
    super(charset);
  }
}
