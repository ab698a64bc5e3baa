// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every Java snippet of the guide stands, as it is, in a file of the examples. */
final class DocsTest {
  private static final Path DOCS = Path.of("../docs");
  private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

  @TestFactory
  List<DynamicTest> everySnippetIsCompiled() throws IOException {
    var sources = files(Path.of("src"), ".java").map(DocsTest::lines).toList();
    var tests =
        files(DOCS, ".md")
            .flatMap(
                page ->
                    SNIPPET
                        .matcher(text(page))
                        .results()
                        .map(found -> found.group(1).lines().toList())
                        .map(
                            snippet ->
                                DynamicTest.dynamicTest(
                                    DOCS.relativize(page) + ": " + snippet.getFirst(),
                                    () ->
                                        assertThat(sources)
                                            .as(String.join("\n", snippet))
                                            .anyMatch(source -> contains(source, snippet)))))
            .toList();
    assertThat(tests).hasSizeGreaterThan(5);
    return tests;
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    assertThat(files(DOCS, ".md"))
        .allSatisfy(
            page ->
                assertThat(LINK.matcher(text(page)).results().map(found -> found.group(1)))
                    .allSatisfy(target -> assertThat(page.resolveSibling(target)).exists()));
  }

  private static Stream<Path> files(Path folder, String ending) throws IOException {
    try (var all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith(ending)).sorted().toList().stream();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(file.toString(), e);
    }
  }

  private static List<String> lines(Path file) {
    return text(file).lines().toList();
  }

  /** Whether the lines follow each other somewhere, all as much further to the right. */
  private static boolean contains(List<String> source, List<String> snippet) {
    return IntStream.rangeClosed(0, source.size() - snippet.size())
        .anyMatch(at -> matches(source.subList(at, at + snippet.size()), snippet));
  }

  private static boolean matches(List<String> source, List<String> snippet) {
    var first = source.getFirst();
    if (!first.endsWith(snippet.getFirst())) {
      return false;
    }
    var indent = first.substring(0, first.length() - snippet.getFirst().length());
    return indent.isBlank()
        && IntStream.range(0, snippet.size())
            .allMatch(
                i -> {
                  var line = snippet.get(i);
                  return source.get(i).equals(line.isEmpty() ? "" : indent + line);
                });
  }
}
