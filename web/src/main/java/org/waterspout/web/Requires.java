// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.waterspout.http.Capability;

/**
 * On a handler: it is of no use without these capabilities, although nothing in its code shows it.
 * Holds for subclasses too, unless they say otherwise with {@link Prefers}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Requires {
  /** What a deployment must offer. */
  Capability[] value();
}
