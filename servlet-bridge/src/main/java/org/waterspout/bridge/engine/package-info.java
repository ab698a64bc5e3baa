// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * The running web application. Read {@link org.waterspout.bridge.engine.WebApp} first, then follow
 * a request: {@code Exchange} on the loop, {@code RequestRun} on its own virtual thread, {@code
 * Request} and {@code Response}, {@code Chain}, {@code Dispatcher}; then {@code AsyncState} and
 * {@code AsyncRun}, where it goes on behind the servlet, and {@code Upgrade}, where it leaves HTTP.
 */
@NullMarked
package org.waterspout.bridge.engine;

import org.jspecify.annotations.NullMarked;
