// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.io.IOException;
import java.lang.System.Logger.Level;
import org.waterspout.iostream.IOStream;
import org.waterspout.log.Log;

/** A tenant among the open connections of its server; run when it has ended. On the loop. */
final class KeptTenant implements OpenConnection, Runnable {
  private final ServerConnections siblings;
  private final IOStream stream;
  private final Tenant tenant;

  KeptTenant(ServerConnections siblings, IOStream stream, Tenant tenant) {
    this.siblings = siblings;
    this.stream = stream;
    this.tenant = tenant;
  }

  @Override
  public void run() {
    siblings.remove(this);
  }

  /** Whether the peer takes nothing of what was written. All other limits are the tenant's. */
  @Override
  public boolean expired(long now) {
    return stream.writing() && now - stream.lastWriteProgress() >= siblings.stallNanos();
  }

  @Override
  public void expire() {
    if (expired(siblings.loop().time())) {
      Log.GENERAL.log(Level.INFO, () -> tenant + " was cut: its peer takes nothing");
      stream.close(new IOException("the peer has taken nothing for too long"));
    }
  }

  @Override
  public void endWhenIdle() {
    tenant.goAway();
  }

  @Override
  public void shutDown() {
    tenant.close();
  }
}
