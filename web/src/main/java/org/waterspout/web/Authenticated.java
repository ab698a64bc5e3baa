// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a verb method, or on a handler for all of them: only for clients whose {@link
 * RequestHandler#currentUser() user} is known. Others are sent to {@link
 * RequestHandler#getLoginUrl} by GET and HEAD, with what they asked for as the argument {@code
 * next} unless that URL has a query; other methods, and handshakes of WebSockets, are answered with
 * 403. Tornado: {@code web.authenticated}.
 *
 * <p>Checked behind {@link RequestHandler#prepare}, before the verb method and before a body that
 * is streamed. It is the request's method that counts: a {@code post} that calls a {@code get} with
 * this annotation needs one of its own. What counts for GET counts for HEAD, and what a superclass
 * demands cannot be taken back by overriding the method.
 *
 * <pre>{@code
 * @Override
 * @Authenticated
 * protected void get() {
 *   write("Hello, " + Escape.xhtmlEscape(currentUser(User.class).name()));
 * }
 * }</pre>
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Authenticated {}
