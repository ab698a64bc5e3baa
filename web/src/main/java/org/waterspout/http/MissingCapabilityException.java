// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors
package org.waterspout.http;

/** An API was used that this deployment cannot offer. The message names all of it. */
public final class MissingCapabilityException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Capability capability;

  /** The message names the capability, where it was needed and the deployment that lacks it. */
  public MissingCapabilityException(Capability capability, String where, String deployment) {
    super(
        where
            + " needs "
            + capability
            + " ("
            + capability.meaning()
            + "), which "
            + deployment
            + " cannot offer");
    this.capability = capability;
  }

  /** What is missing. */
  public Capability capability() {
    return capability;
  }
}
