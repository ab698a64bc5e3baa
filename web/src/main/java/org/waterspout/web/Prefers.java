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
 * On a handler: it uses these capabilities, but copes where a deployment lacks them. Neither start
 * nor route is refused then. Without {@link Capability#STREAMING_RESPONSE}, {@code flush} sends
 * nothing before the end; without {@link Capability#CUSTOM_REASON_PHRASE}, the reason is not sent.
 * Hooks are not called. What cannot be done halfway, such as {@code detach}, throws all the same:
 * ask {@code request().connection().capabilities()} first.
 *
 * <p>Holds for subclasses too, unless they say otherwise with {@link Requires}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Prefers {
  /** What is used where a deployment offers it. */
  Capability[] value();
}
