// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.CanonicalPath;
import org.waterspout.bridge.mapping.SuspiciousPathException;
import org.waterspout.bridge.resource.Resource;
import org.waterspout.bridge.resource.Resources;
import org.waterspout.log.Log;

/**
 * The resources that an application asks its context for, Servlet 6.1 section 4.6: those of its WAR
 * or, if it has none, those of its class path under {@code META-INF/resources}.
 */
final class ContextResources {
  private static final String RESOURCES = "META-INF/resources";

  /** Null if it has no WAR. */
  private final @Nullable Resources files;

  private final ClassLoader loader;

  ContextResources(@Nullable Resources files, ClassLoader loader) {
    this.files = files;
    this.loader = loader;
  }

  /** What lies at a path of the WAR; null if nothing does, or if there is no WAR. */
  @Nullable Resource find(String path) {
    return files == null ? null : files.find(path);
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
    if (files != null) {
      Resource resource = files.find(path);
      return resource == null ? null : resource.url();
    }
    try {
      String canonical = CanonicalPath.ofApplication(CanonicalPath.encode(path)).path();
      return loader.getResource(RESOURCES + canonical);
    } catch (SuspiciousPathException e) {
      return null;
    }
  }

  /** A resource, to be closed by the caller; null if it is not there, or a directory. */
  @Nullable InputStream open(@Nullable String path) {
    try {
      if (files != null) {
        Resource resource = path != null && path.startsWith("/") ? files.find(path) : null;
        return resource == null || resource.isDirectory() ? null : resource.open();
      }
      URL resource = url(path);
      return resource == null ? null : resource.openStream();
    } catch (IOException e) {
      Log.GENERAL.log(Level.DEBUG, "a resource cannot be opened", e);
      return null;
    }
  }

  /** The paths in a directory; null if there are none, or if a class path cannot be listed. */
  @Nullable Set<String> paths(@Nullable String directory) {
    return files == null || directory == null ? null : files.paths(directory);
  }

  /** Where a file is or would be; null if it cannot be one. */
  @Nullable String file(@Nullable String path) {
    return files == null || path == null ? null : files.realPath(path);
  }
}
