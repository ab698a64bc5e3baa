// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import org.waterspout.bridge.deployment.Neighbours;

/**
 * Lets mounts of one server reach each other, as servlets do by {@code ServletContext.getContext}:
 * forward to each other, include each other, see each other's attributes. Without it a mount knows
 * of no other.
 *
 * <pre>{@code
 * var shop = ServletContainer.war(Path.of("shop.war"));
 * var news = ServletContainer.war(Path.of("news.war"));
 * CrossContext.between(shop, news);
 * new Application(mount("/shop", shop), mount("/news", news));
 * }</pre>
 *
 * <p>The target of a dispatch sees its own context, with its own sessions, and runs with its own
 * class loader; wrappers and attributes of the request come along, so what they share has to be of
 * classes that both see.
 */
public final class CrossContext {
  private CrossContext() {}

  /**
   * Lets these mounts, and no others, reach each other while they run.
   *
   * @throws IllegalStateException if one of them has been started, or is in another group already
   */
  public static void between(ServletContainer... containers) {
    var neighbours = new Neighbours();
    for (ServletContainer container : containers) {
      container.hosting.join(neighbours);
    }
  }
}
