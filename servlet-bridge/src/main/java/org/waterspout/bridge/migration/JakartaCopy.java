// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.migration;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.message.Printable;
import org.waterspout.bridge.war.WarException;
import org.waterspout.bridge.war.WorkDirectory;
import org.waterspout.log.Log;

/**
 * A WAR for {@code javax.servlet} as one for {@code jakarta.servlet}: a copy in the work directory,
 * under the hash of what it was made of and of the tool's version, with a report of what was
 * changed beside it. It is made once; a conversion that fails leaves nothing.
 */
public final class JakartaCopy {
  private static final String TOOL = "org.apache.tomcat.jakartaee.Migration";
  private static final String KIND = "converted";
  private static final String WAR = "war";
  private static final String REPORT = "report.txt";

  /** Who mounts the same WAR twice waits, instead of doing the same work beside it. */
  private static final ReentrantLock CONVERTING = new ReentrantLock();

  private JakartaCopy() {}

  /**
   * Where a WAR is seen to be written for javax, for messages; null if it is not.
   *
   * @param root its directory
   * @param libraries its jars
   */
  public static @Nullable String evidence(Path root, List<Path> libraries) throws IOException {
    String place = JavaxEvidence.find(root, libraries);
    return place == null ? null : Printable.of(place);
  }

  /**
   * The directory with the converted content of a WAR.
   *
   * @param source what the WAR is called in messages
   * @param root its directory, without links in it
   * @param evidence why it is converted, for messages
   * @throws WarException if the migration tool is not on the class path, or fails
   * @throws IOException if the WAR cannot be read, or the work directory not be written
   */
  public static Path of(Path source, Path root, String evidence, WorkDirectory work)
      throws IOException {
    if (!isToolPresent()) {
      throw new WarException(
          source
              + ": it is written for javax.servlet ("
              + evidence
              + "). To run it, add org.apache.tomcat:jakartaee-migration to the class path, or"
              + " convert it yourself");
    }
    CONVERTING.lock();
    try {
      return converted(source, root, evidence, work);
    } finally {
      CONVERTING.unlock();
    }
  }

  private static boolean isToolPresent() {
    try {
      Class.forName(TOOL, false, JakartaCopy.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static Path converted(Path source, Path root, String evidence, WorkDirectory work)
      throws IOException {
    TreeHash tree = TreeHash.of(root, "jakartaee-migration " + MigrationTool.version());
    Path place =
        work.keep(
            KIND,
            tree.hash(),
            kept -> isComplete(kept, tree),
            fresh -> convert(source, root, evidence, tree, fresh));
    return place.resolve(WAR);
  }

  /** Whether nobody has tidied up there. */
  private static boolean isComplete(Path place, TreeHash tree) throws IOException {
    if (!Files.isRegularFile(place.resolve(REPORT)) || !Files.isDirectory(place.resolve(WAR))) {
      return false;
    }
    try (Stream<Path> files = Files.walk(place.resolve(WAR))) {
      // The application may have added some.
      return files.filter(Files::isRegularFile).count() >= tree.files();
    }
  }

  private static void convert(
      Path source, Path root, String evidence, TreeHash tree, Path directory) throws IOException {
    Log.GENERAL.log(
        Level.INFO,
        "{0} is written for javax.servlet ({1}): {2} files with {3} KiB are converted",
        source,
        evidence,
        tree.files(),
        tree.bytes() / 1024);
    long start = System.nanoTime();
    Path war = directory.resolve(WAR);
    try {
      MigrationTool.convert(root, war);
    } catch (IOException | RuntimeException e) {
      throw new WarException(source + ": cannot be converted: " + e.getMessage(), e);
    }
    MigrationReport report = MigrationReport.compare(root, war, MigrationTool::renamed);
    write(source, evidence, report, directory.resolve(REPORT));
    Log.GENERAL.log(
        Level.INFO,
        "{0} is converted after {1} ms: {2}; {3} beside the copy says which",
        source,
        Duration.ofNanos(System.nanoTime() - start).toMillis(),
        report.changes(),
        REPORT);
  }

  private static void write(Path source, String evidence, MigrationReport report, Path file)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("Converted from javax to jakarta: " + source);
    lines.add("By: org.apache.tomcat:jakartaee-migration, " + MigrationTool.version());
    lines.add("Because of: " + evidence);
    lines.add("Files: " + report.files());
    lines.add("Changed: " + report.changes());
    lines.add("");
    lines.addAll(report.lines());
    Files.write(file, lines);
  }
}
