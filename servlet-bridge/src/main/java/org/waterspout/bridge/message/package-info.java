// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** Fields of messages: parsers and formatters, pure and strict. */
@NullMarked
package org.waterspout.bridge.message;

import org.jspecify.annotations.NullMarked;
