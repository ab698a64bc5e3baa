// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.CanonicalPath;
import org.waterspout.bridge.mapping.SuspiciousPathException;

/**
 * The resources of an application: those of its class path under {@code META-INF/resources},
 * Servlet 6.1 section 4.6.
 */
final class ContextResources {
  private static final String RESOURCES = "META-INF/resources";

  private final ClassLoader loader;

  ContextResources(ClassLoader loader) {
    this.loader = loader;
  }

  /**
   * Where a resource is; null if it is not there.
   *
   * @throws MalformedURLException if the path does not begin with a slash
   */
  @Nullable URL url(@Nullable String path) throws MalformedURLException {
    if (path == null || !path.startsWith("/")) {
      throw new MalformedURLException("a resource begins with a slash");
    }
    try {
      String canonical = CanonicalPath.ofApplication(CanonicalPath.encode(path)).path();
      return loader.getResource(RESOURCES + canonical);
    } catch (SuspiciousPathException e) {
      return null;
    }
  }

  /** A resource, to be closed by the caller; null if it is not there. */
  @Nullable InputStream open(@Nullable String path) {
    try {
      URL resource = url(path);
      return resource == null ? null : resource.openStream();
    } catch (IOException e) {
      return null;
    }
  }

  /** Null: a class path cannot be listed. */
  @Nullable Set<String> paths(String directory) {
    return null;
  }

  /** Null: nothing is a file. */
  @Nullable String file(String path) {
    return null;
  }
}
