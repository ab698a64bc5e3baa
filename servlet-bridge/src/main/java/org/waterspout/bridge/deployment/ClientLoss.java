// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

/**
 * What a mount makes of clients that go before they have their answers.
 *
 * @param allowHalfClose whether one that has only ended its output still waits
 * @param interrupt whether a servlet is interrupted whose client goes while it runs
 */
public record ClientLoss(boolean allowHalfClose, boolean interrupt) {
  public static final ClientLoss DEFAULT = new ClientLoss(false, false);
}
