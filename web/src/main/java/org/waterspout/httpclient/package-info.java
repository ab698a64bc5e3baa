// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * The HTTP client. Tornado: {@code tornado.httpclient} and {@code simple_httpclient}.
 *
 * <pre>
 *   AsyncHTTPClient     fetches: HTTPRequest in, HTTPResponse or HTTPClientError out
 *     Fetch             one call of fetch: redirects (Redirects), challenges (Authentication)
 *       Attempt         one request on one connection: waits, connects, sends, receives
 *         RequestHead   what is sent in front of the body
 *         BodySender    the body, from bytes or from a BodyProducer
 *     ConnectionPool    who may go on, and the connections that are kept
 *     Connector         opens a connection: TCP, the proxy's tunnel (ProxyTunnel), TLS
 *   HTTPConnector       the same for others: the WebSocket client stands on it
 *   HTTPClient          AsyncHTTPClient, blocking, for scripts; and the command line (FetchCommand)
 *   RequestURL          an http or https URL, strictly
 * </pre>
 *
 * <p>Read {@code AsyncHTTPClient}, then {@code Fetch}, then {@code Attempt}.
 */
@NullMarked
package org.waterspout.httpclient;

import org.jspecify.annotations.NullMarked;
