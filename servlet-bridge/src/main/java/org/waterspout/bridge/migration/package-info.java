// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * WARs that are written for {@code javax.servlet}: {@code JavaxEvidence} finds out which they are,
 * {@code JakartaCopy} is what is mounted in their place. The work is done by Apache's Jakarta
 * migration tool, where it is on the class path; only {@code MigrationTool} names it.
 */
@NullMarked
package org.waterspout.bridge.migration;

import org.jspecify.annotations.NullMarked;
