// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * HTTP/1.1 and the three seams.
 *
 * <p>The seams, Tornado's own: {@link org.waterspout.http.HTTPServerConnectionDelegate} learns that
 * a request begins, {@link org.waterspout.http.HTTPMessageDelegate} receives it, {@link
 * org.waterspout.http.HTTPConnection} answers it. {@code Application}, routers and servlet mounts
 * are delegates; the native server and every container adapter are connections.
 *
 * <p>The client's side of HTTP/1.1 is {@link org.waterspout.http.HTTP1ClientConnection}.
 */
@NullMarked
package org.waterspout.http;

import org.jspecify.annotations.NullMarked;
