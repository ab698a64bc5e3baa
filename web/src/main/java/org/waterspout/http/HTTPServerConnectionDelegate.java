// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors
package org.waterspout.http;

/**
 * Learns that a request begins on a connection: the first of the three seams.
 *
 * <p>{@code Application}, routers and servlet mounts are such delegates; the native server and the
 * container adapters call them. Tornado: {@code httputil.HTTPServerConnectionDelegate}.
 */
public interface HTTPServerConnectionDelegate {
  /**
   * Begins one request. Called on the loop, from its base level, before the headers are delivered.
   *
   * @param serverConnection identifies the transport connection: the same object for all requests
   *     of one connection where the deployment knows, otherwise a new one per request
   * @param connection this request's exchange
   * @return the receiver of this request, used for nothing else
   */
  HTTPMessageDelegate startRequest(Object serverConnection, HTTPConnection connection);

  /**
   * The transport connection has closed or was detached; no more requests begin on it. Called on
   * the loop.
   */
  default void onClose(Object serverConnection) {}
}
