// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * Help for tests of applications, by JUnit 6. Tornado: {@code AsyncHTTPTestCase}.
 *
 * <p>{@code ApplicationExtension} is what tests name. It keeps a {@code RunningApplication}, whose
 * {@code LoggedErrors} fail a test that did not expect them. What belongs to loops without HTTP is
 * in {@link org.waterspout.testing}.
 */
@NullMarked
package org.waterspout.web.testing;

import org.jspecify.annotations.NullMarked;
