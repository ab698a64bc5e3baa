// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * What a web application declares. It is gathered in a {@link
 * org.waterspout.bridge.deployment.DeploymentDraft}, by the builder and by listeners at start-up,
 * and frozen into the records of a {@link org.waterspout.bridge.deployment.Deployment}.
 */
@NullMarked
package org.waterspout.bridge.deployment;

import org.jspecify.annotations.NullMarked;
