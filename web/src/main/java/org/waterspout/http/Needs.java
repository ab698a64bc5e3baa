// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors
package org.waterspout.http;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks an API that some deployments cannot offer: a method that must not be called, a hook that is
 * never called, an annotation or base class that has no effect where the capability is missing.
 *
 * <p>The one source for Javadoc, start-up check, report and run-time refusal.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Needs {
  /** The capability without which this API is refused. */
  Capability value();
}
