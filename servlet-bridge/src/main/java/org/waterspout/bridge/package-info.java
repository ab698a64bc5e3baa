// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * {@link org.waterspout.bridge.ServletContainer}, what users name of the servlet engine. Tornado:
 * {@code WSGIContainer}.
 *
 * <p>The engine, in the order in which a request meets it: {@code deployment} is what was declared,
 * a tree of records that nothing changes after start; {@code mapping} reads the path and finds the
 * servlet; {@code message} holds the parsers and formatters of fields; {@code engine} is the
 * running web application: the exchange on the loop, request, response and dispatch on the
 * servlet's thread; {@code upload} keeps the parts of forms; {@code session} keeps the sessions.
 *
 * <p>{@code assembly} makes web applications from WARs, of parts that know nothing of each other:
 * {@code war} is the files on disk, {@code loading} the class loader, {@code resource} what lies at
 * a path, {@code descriptor} what web.xml says, {@code scan} what class files say, {@code
 * migration} turns javax into jakarta, {@code jsp} declares what serves pages.
 */
@NullMarked
package org.waterspout.bridge;

import org.jspecify.annotations.NullMarked;
