// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** Text into HTML, URLs and JSON, and back. Tornado: {@code escape}. */
@NullMarked
package org.waterspout.escape;

import org.jspecify.annotations.NullMarked;
