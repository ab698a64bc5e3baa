// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.waterspout.http.Capability;
import org.waterspout.http.Needs;

/**
 * On a handler: the body is not collected but given to {@link RequestHandler#dataReceived} piece by
 * piece. {@code prepare} runs when the headers have arrived, the verb method after the body. There
 * are no body arguments and no files; {@link org.waterspout.http.MultipartReader} finds them while
 * they arrive.
 */
@Documented
@Inherited
@Needs(Capability.STREAMING_REQUEST_BODY)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface StreamRequestBody {}
