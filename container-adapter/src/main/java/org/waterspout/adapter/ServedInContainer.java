// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the class that supplies the {@code Application} of a web application without a {@code
 * web.xml}: a public class that implements {@code Supplier<Application>} and has a public
 * constructor without parameters.
 *
 * <pre>{@code
 * @ServedInContainer
 * public final class MySite implements Supplier<Application> {
 *   @Override
 *   public Application get() {
 *     return new Application(url("/", HomeHandler::new));
 *   }
 * }
 * }</pre>
 *
 * <p>The container finds it when it looks for annotations. A context-param {@value
 * WaterspoutInitializer#APPLICATION} that names a class comes before it, and a {@code web.xml} that
 * has an adapter already comes before both. Init-params of the adapter are context-params with
 * {@code org.waterspout.} in front: {@code org.waterspout.mode}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ServedInContainer {
  /** The URL patterns of the servlet or the filter. */
  String[] value() default "/*";

  /** Whether it is a filter, so that what its routes are not for goes to the servlets behind. */
  boolean filter() default false;
}
