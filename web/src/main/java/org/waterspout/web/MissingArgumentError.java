// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

/** An argument that has no default is not there: 400. */
public final class MissingArgumentError extends HTTPError {
  private static final long serialVersionUID = 1L;

  private final String argumentName;

  /** An error for the argument of this name. */
  public MissingArgumentError(String argumentName) {
    super(400, "Missing argument " + argumentName);
    this.argumentName = argumentName;
  }

  /** What is missing. */
  public String argumentName() {
    return argumentName;
  }
}
