// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import org.waterspout.http.Capability;

/**
 * A place in an application that uses what some deployments cannot offer.
 *
 * @param route the pattern of the route
 * @param handler the name of the handler's class
 * @param capability what is used
 * @param where how: {@code get() calls flush}
 * @param required false where the handler says that it copes with the loss, see {@link Prefers}
 */
public record CapabilityUse(
    String route, String handler, Capability capability, String where, boolean required) {}
