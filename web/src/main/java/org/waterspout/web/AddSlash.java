// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a verb method: it answers paths that end with a slash. From one without, GET and HEAD are sent
 * to that with a slash (301), query included; other methods get 404. The route's pattern has to
 * match both.
 *
 * <pre>{@code
 * // url("/section/?", Section::new)
 * @Override
 * @AddSlash
 * protected void get() {
 *   write("/section/");
 * }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface AddSlash {}
