// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.SessionStore;

/**
 * What a mount decides about an application, and the application cannot: each group of options is a
 * record of its own.
 *
 * @param sessionStore where sessions are kept besides memory; null for nowhere
 * @param absoluteRedirects whether the locations of redirects are made absolute
 * @param spoolThreshold bytes of a body that are kept in memory until it is whole; negative if
 *     servlets start before that
 * @param clientLoss what is made of clients that go
 */
public record MountOptions(
    Limits limits,
    @Nullable SessionStore sessionStore,
    boolean absoluteRedirects,
    int spoolThreshold,
    ClientLoss clientLoss) {
  public static final MountOptions DEFAULT =
      new MountOptions(Limits.DEFAULT, null, true, -1, ClientLoss.DEFAULT);

  /** Options that are being chosen; those that are not are the default. */
  public static final class Builder {
    private final Limits.Builder limits = new Limits.Builder();

    /** Null unless chosen. */
    private @Nullable SessionStore sessionStore;

    private boolean absoluteRedirects = true;
    private int spoolThreshold = -1;
    private boolean allowHalfClose;
    private boolean interruptWhenClientGone;

    public Limits.Builder limits() {
      return limits;
    }

    public void sessionStore(SessionStore store) {
      sessionStore = store;
    }

    public void absoluteRedirects(boolean absolute) {
      absoluteRedirects = absolute;
    }

    public void spoolThreshold(int bytes) {
      if (bytes < 0) {
        throw new IllegalArgumentException("a negative threshold: " + bytes);
      }
      spoolThreshold = bytes;
    }

    public void allowHalfClose(boolean allow) {
      allowHalfClose = allow;
    }

    public void interruptWhenClientGone(boolean interrupt) {
      interruptWhenClientGone = interrupt;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public MountOptions build() {
      var loss = new ClientLoss(allowHalfClose, interruptWhenClientGone);
      return new MountOptions(
          limits.build(), sessionStore, absoluteRedirects, spoolThreshold, loss);
    }
  }
}
