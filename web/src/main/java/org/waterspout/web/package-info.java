// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * Applications and request handlers. Tornado: {@code web}.
 *
 * <pre>
 *   Application       routes, settings, life
 *     HostGroups      its rules by host
 *     Routes          what stands in rules
 *     Route           a handler at its place in an application
 *   RequestHandler    what users subclass
 *     RequestSide, ResponseSide, UserSide  its methods by what they are about
 *     Execution       one request on its way through one handler
 *     Response        the answer while it is made
 *       Conditions    whether the client has it already
 *       Transforms    what it passes through, gzip say
 *     EventStream     an answer of server-sent events
 *     HandlerClass    what is read off a handler's class once
 *       CapabilityScan  what its class files use that some deployments cannot offer
 *   StaticFileHandler files as answers
 *     StaticFiles     where they are: a folder, or one of the class path
 *     FoundContent    what one request is answered with, looked up off the loop
 *     StaticBody      how it is sent: from memory, by the system, in pieces
 *   SignedValues      what a client keeps and cannot make
 * </pre>
 *
 * <p>Read {@link org.waterspout.web.Application}, then {@link org.waterspout.web.RequestHandler},
 * then {@code Execution}.
 */
@NullMarked
package org.waterspout.web;

import org.jspecify.annotations.NullMarked;
