// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a verb method: it answers paths that do not end with a slash, and {@code /}. From one that
 * does, GET and HEAD are sent to that without (301), query included; other methods get 404. The
 * route's pattern has to match both.
 *
 * <pre>{@code
 * // url("/page/*", Page::new)
 * @Override
 * @RemoveSlash
 * protected void get() {
 *   write("/page");
 * }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface RemoveSlash {}
