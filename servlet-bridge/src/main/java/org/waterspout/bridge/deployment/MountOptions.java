// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

/**
 * What a mount decides about an application, and the application cannot: each group of options is a
 * record of its own.
 */
public record MountOptions(Limits limits) {
  public static final MountOptions DEFAULT = new MountOptions(Limits.DEFAULT);

  /** Options that are being chosen; those that are not are the default. */
  public static final class Builder {
    private final Limits.Builder limits = new Limits.Builder();

    public Limits.Builder limits() {
      return limits;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public MountOptions build() {
      return new MountOptions(limits.build());
    }
  }
}
