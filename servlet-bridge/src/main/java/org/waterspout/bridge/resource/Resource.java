// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.resource;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file or directory of an application, wherever it lies. */
public sealed interface Resource permits FileResource, JarResource {
  boolean isDirectory();

  /** In bytes; 0 of a directory. */
  long length();

  /** Milliseconds since 1970. */
  long lastModified();

  /** Another one for another content, in characters of an entity tag. */
  String version();

  /** The content, to be closed by the caller. */
  InputStream open() throws IOException;

  URL url();

  /** Where it lies as a file; null if it is in a jar. */
  @Nullable Path file();
}
