// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * Who answers a request. Tornado: {@code routing}.
 *
 * <p>A {@link org.waterspout.routing.RuleRouter} holds {@link org.waterspout.routing.Rule}s; each
 * pairs a {@link org.waterspout.routing.Matcher} with a {@link org.waterspout.routing.RuleTarget}.
 * {@link org.waterspout.routing.URLSpec} is the rule for a path, {@link
 * org.waterspout.routing.Mount} what can stand under a prefix. Matchers, targets and routers may be
 * the user's own.
 */
@NullMarked
package org.waterspout.routing;

import org.jspecify.annotations.NullMarked;
