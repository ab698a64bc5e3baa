// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a verb method: the answer is not finished when the method returns, but when something calls
 * {@code finish} later, from a callback. An exception in a callback that the method gave to the
 * loop ({@code addCallback}, {@code callLater}) answers the request with an error page. An
 * exception in a dependent of a future ({@code thenRun} and the like) goes into the dependent
 * future instead, as with every CompletableFuture, and the request stays open: await the future
 * rather, or hand its result to {@code addCallback} by {@code whenComplete}.
 *
 * <p>It does not make anything asynchronous by itself, and a method that awaits does not need it.
 *
 * <pre>{@code
 * @Override
 * @Asynchronous
 * protected void get() {
 *   IOLoop.current().callLater(Duration.ofSeconds(1), () -> finish("late"));
 * }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Asynchronous {}
