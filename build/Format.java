// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds every Java file of the project to google-java-format and to the licence header. The build
 * runs it as a single-file program: {@code --check} names the offenders, {@code --replace} rewrites
 * them.
 */
final class Format {
  private static final String HEADER =
      """
      // SPDX-License-Identifier: Apache-2.0
      // Copyright the Waterspout authors

      """;

  /** What one file came to. */
  private enum Outcome {
    FINE,
    UNPARSABLE,
    NOT_FORMATTED,
    FORMATTED
  }

  public static void main(String[] args) throws IOException {
    boolean replace = args[0].equals("--replace");
    Path root = Path.of(args[1]);
    List<Outcome> outcomes =
        javaFiles(root).parallelStream().map(file -> look(root, file, replace)).toList();
    long unformatted = count(outcomes, Outcome.NOT_FORMATTED);
    if (unformatted > 0) {
      System.err.println(
          unformatted + " file(s) to format. Do it with: mvn -N -Pformat process-sources");
    }
    System.exit(unformatted + count(outcomes, Outcome.UNPARSABLE) > 0 ? 1 : 0);
  }

  private static long count(List<Outcome> outcomes, Outcome wanted) {
    return outcomes.stream().filter(wanted::equals).count();
  }

  /** From any thread. */
  private static Outcome look(Path root, Path file, boolean replace) {
    try {
      String source = Files.readString(file);
      String wanted = format(source);
      if (wanted.equals(source)) {
        return Outcome.FINE;
      }
      if (replace) {
        Files.writeString(file, wanted);
      }
      System.err.println((replace ? "Formatted " : "Not formatted: ") + root.relativize(file));
      return replace ? Outcome.FORMATTED : Outcome.NOT_FORMATTED;
    } catch (FormatterException e) {
      System.err.println("Cannot parse " + root.relativize(file) + ": " + e.getMessage());
      return Outcome.UNPARSABLE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String format(String source) throws FormatterException {
    String body = source.startsWith(HEADER.strip()) ? source : HEADER + source;
    return new Formatter().formatSourceAndFixImports(body);
  }

  private static List<Path> javaFiles(Path root) throws IOException {
    var files = new ArrayList<Path>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean ours = folder.equals(root) || !name.startsWith(".") && !name.equals("target");
            return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
