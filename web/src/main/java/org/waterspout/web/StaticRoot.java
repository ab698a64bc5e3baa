// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where static content is. Immutable; from any thread but a loop's, since it blocks. */
sealed interface StaticRoot permits FolderRoot, ResourceRoot {
  /**
   * What has these names.
   *
   * @return null if nothing has
   * @throws HTTPError with 403 if it is a folder, or must not be read
   */
  @Nullable StaticContent find(List<String> names) throws IOException;

  /** Whether a folder has these names. */
  boolean isFolder(List<String> names) throws IOException;
}
