// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A folder whose files are served by {@link StaticFileHandler}, and what may be served of it.
 * Immutable; make one and share it.
 *
 * <pre>{@code
 * var files = StaticFiles.folder(Path.of("static")).withDefaultFilename("index.html");
 * new Application(url("/static/(.*)", () -> new StaticFileHandler(files)));
 * }</pre>
 *
 * <p>Nothing outside of the folder is served, whatever the path says. Names that begin with a dot
 * are not found, except {@code .well-known} itself (RFC 8615), and neither are names that not all
 * systems can have: with a backslash, with control characters, with a dot or space at the end.
 */
public final class StaticFiles {
  private static final int MOST_VERSIONS = 10_000; // then it begins anew

  private final StaticRoot root;
  private final @Nullable String defaultFilename; // null: folders are not served
  private final boolean hidden;
  private final boolean precompressed;
  private final ConcurrentHashMap<String, String> versions = new ConcurrentHashMap<>(); // by path

  private StaticFiles(
      StaticRoot root, @Nullable String defaultFilename, boolean hidden, boolean precompressed) {
    this.root = root;
    this.defaultFilename = defaultFilename;
    this.hidden = hidden;
    this.precompressed = precompressed;
  }

  /** The files of a folder, and of those in it. It should be on a local disk. */
  public static StaticFiles folder(Path folder) {
    return of(new FolderRoot(Objects.requireNonNull(folder, "folder"), false));
  }

  /**
   * The files of a folder of the class path, also inside of a jar: then they are unpacked while
   * they are sent, and for a range from their beginning on. A module has to open the package that
   * the folder is, if its name is one.
   *
   * @param beside in whose module or jar they are
   * @param folder its full name, {@code com/example/static}
   */
  public static StaticFiles resources(Class<?> beside, String folder) {
    Objects.requireNonNull(beside, "beside");
    return resources(name -> beside.getResource("/" + name), folder);
  }

  /** As {@link #resources(Class, String)}, out of what a class loader finds. */
  public static StaticFiles resources(ClassLoader loader, String folder) {
    return resources(loader::getResource, folder);
  }

  private static StaticFiles resources(Function<String, @Nullable URL> find, String folder) {
    if (folder.isEmpty() || folder.startsWith("/") || folder.endsWith("/")) {
      throw new IllegalArgumentException(
          "not the name of a folder without slashes around it: \"" + folder + "\"");
    }
    return of(new ResourceRoot(find, folder));
  }

  private static StaticFiles of(StaticRoot root) {
    return new StaticFiles(root, null, false, false);
  }

  /** The same, where the path of a folder means this file in it: {@code index.html}. */
  public StaticFiles withDefaultFilename(String defaultFilename) {
    StaticPath.names(defaultFilename, true);
    return new StaticFiles(root, defaultFilename, hidden, precompressed);
  }

  /** The same, with names that begin with a dot. */
  public StaticFiles withHiddenFiles() {
    return new StaticFiles(root, defaultFilename, true, precompressed);
  }

  /** The same, with symbolic links followed wherever they lead, not only inside of the folder. */
  public StaticFiles withOutsideLinks() {
    var linked = root instanceof FolderRoot(var folder, _) ? new FolderRoot(folder, true) : root;
    return new StaticFiles(linked, defaultFilename, hidden, precompressed);
  }

  /**
   * The same, where beside {@code a.js} there may be {@code a.js.br} and {@code a.js.gz}: the same
   * content, compressed by Brotli or gzip, for clients that take it. One that is older than the
   * file itself is not used.
   */
  public StaticFiles withPrecompressed() {
    return new StaticFiles(root, defaultFilename, hidden, true);
  }

  // ---- for the handler; all of it blocks but what says otherwise

  /**
   * The content of a path.
   *
   * @return null if there is none
   * @throws HTTPError if the path is none, or may not be served
   */
  @Nullable StaticContent find(String path) throws IOException {
    boolean folder = path.isEmpty() || path.endsWith("/");
    if (folder && defaultFilename == null) {
      throw new HTTPError(403);
    }
    return root.find(StaticPath.names(filename(path), hidden));
  }

  /** Whether the path is that of a folder, but for its slash. */
  boolean lacksSlash(String path) throws IOException {
    return defaultFilename != null
        && !path.isEmpty()
        && !path.endsWith("/")
        && root.isFolder(StaticPath.names(path, hidden));
  }

  /** Whether compressed content may stand beside the other. Does not block. */
  boolean precompressed() {
    return precompressed;
  }

  /** The path of a file, where that of a folder means one in it. Does not block. */
  String filename(String path) {
    boolean folder = path.isEmpty() || path.endsWith("/");
    return folder && defaultFilename != null ? path + defaultFilename : path;
  }

  /** What has last been noted; null if nothing has. Does not block. */
  @Nullable String knownVersion(String path) {
    return versions.get(path);
  }

  /** Notes the version of a path that the program links to. Does not block. */
  void noteVersion(String path, @Nullable String version) {
    if (version == null) {
      versions.remove(path);
      return;
    }
    if (versions.size() >= MOST_VERSIONS) {
      versions.clear();
    }
    versions.put(path, version);
  }

  /** Replaces a version if one is noted: clients choose this path. Does not block. */
  void replaceVersion(String path, @Nullable String version) {
    versions.computeIfPresent(path, (_, _) -> version);
  }
}
