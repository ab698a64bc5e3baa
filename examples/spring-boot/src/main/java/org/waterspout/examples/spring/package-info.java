// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** Waterspout in Spring Boot. */
@NullMarked
package org.waterspout.examples.spring;

import org.jspecify.annotations.NullMarked;
