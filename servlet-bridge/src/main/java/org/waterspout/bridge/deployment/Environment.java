// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import jakarta.servlet.descriptor.JspConfigDescriptor;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.resource.Resources;

/**
 * What an application finds when it starts, beside what it declares itself.
 *
 * @param resources its files; null if it has none but those of its class path
 * @param temporary its directory for temporary files, which is its alone
 * @param initializers in the order in which they run
 * @param welcomeFiles what stands for a directory: paths without slashes at their ends
 * @param orderedLibraries the names of its libraries, if it orders them; else null
 * @param version of the specification that it was written for
 * @param jsp what its descriptors say about pages; null if nothing
 */
public record Environment(
    @Nullable Resources resources,
    Path temporary,
    List<Initializer> initializers,
    List<String> welcomeFiles,
    @Nullable List<String> orderedLibraries,
    Version version,
    @Nullable JspConfigDescriptor jsp) {
  /** A version of the servlet specification. */
  public record Version(int major, int minor) {
    /** The one that the engine is built for. */
    public static final Version CURRENT = new Version(6, 1);
  }

  public Environment {
    initializers = List.copyOf(initializers);
    welcomeFiles = List.copyOf(welcomeFiles);
    orderedLibraries = orderedLibraries == null ? null : List.copyOf(orderedLibraries);
  }
}
