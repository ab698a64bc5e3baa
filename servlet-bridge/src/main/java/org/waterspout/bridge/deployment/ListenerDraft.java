// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import java.util.EventListener;
import org.jspecify.annotations.Nullable;

/** A listener that is declared, and then made. Confined to the starting thread. */
public final class ListenerDraft {
  private final Component<EventListener> component;
  private final boolean declared;

  /** Null until it is made. */
  private @Nullable EventListener made;

  ListenerDraft(Component<EventListener> component, boolean declared) {
    this.component = component;
    this.declared = declared;
    this.made = component.instance();
  }

  /** Whether a descriptor, an annotation or the mount names it, and not code at the start. */
  public boolean isDeclared() {
    return declared;
  }

  /** The listener; null until it is made. */
  public @Nullable EventListener made() {
    return made;
  }

  void make(ClassLoader loader) throws ReflectiveOperationException {
    try {
      made = component.create(loader, EventListener.class);
    } catch (ReflectiveOperationException e) {
      throw new ReflectiveOperationException(
          "listener " + component.className() + " cannot be made: " + Component.reason(e), e);
    }
  }
}
