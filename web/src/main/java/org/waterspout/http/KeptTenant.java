// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

/** A tenant among the open connections of its server; run when it has ended. On the loop. */
final class KeptTenant implements OpenConnection, Runnable {
  private final ServerConnections siblings;
  private final Tenant tenant;

  KeptTenant(ServerConnections siblings, Tenant tenant) {
    this.siblings = siblings;
    this.tenant = tenant;
  }

  @Override
  public void run() {
    siblings.remove(this);
  }

  /** It has limits of its own. */
  @Override
  public boolean expired(long now) {
    return false;
  }

  @Override
  public void expire() {}

  @Override
  public void endWhenIdle() {
    tenant.goAway();
  }

  @Override
  public void shutDown() {
    tenant.close();
  }
}
