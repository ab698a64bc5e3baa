// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * Bodies that are kept for the length of a request: in memory while they are small, then in files.
 * {@link org.waterspout.bridge.upload.MultipartForm} is the form that consists of such parts.
 */
@NullMarked
package org.waterspout.bridge.upload;

import org.jspecify.annotations.NullMarked;
