// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
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

  public static void main(String[] args) throws IOException {
    boolean replace = args[0].equals("--replace");
    Path root = Path.of(args[1]);
    int refused = 0;
    int changed = 0;
    for (Path file : javaFiles(root)) {
      String source = Files.readString(file);
      String wanted;
      try {
        wanted = format(source);
      } catch (FormatterException e) {
        System.err.println("Cannot parse " + root.relativize(file) + ": " + e.getMessage());
        refused++;
        continue;
      }
      if (wanted.equals(source)) {
        continue;
      }
      if (replace) {
        Files.writeString(file, wanted);
      }
      System.err.println((replace ? "Formatted " : "Not formatted: ") + root.relativize(file));
      changed++;
    }
    if (changed > 0 && !replace) {
      System.err.println(
          changed + " file(s) to format. Do it with: mvn -N -Pformat process-sources");
    }
    System.exit(refused > 0 || changed > 0 && !replace ? 1 : 0);
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
