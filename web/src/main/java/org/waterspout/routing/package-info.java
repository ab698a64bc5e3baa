// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** Who answers a request: rules, matchers and what may stand behind them. Tornado: {@code routing}. */
@NullMarked
package org.waterspout.routing;

import org.jspecify.annotations.NullMarked;
