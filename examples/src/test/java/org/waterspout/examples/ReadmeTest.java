// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Compiles every Java snippet of the README. */
final class ReadmeTest {
  private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  /** What snippets may take for granted: the imports, and the names that are the reader's own. */
  private static final String PRELUDE =
      """
      import static org.junit.jupiter.api.Assertions.*;
      import static org.waterspout.gen.Gen.*;
      import static org.waterspout.web.Application.*;
      import java.util.Map;
      import jakarta.servlet.http.HttpServlet;
      import org.junit.jupiter.api.Test;
      import org.junit.jupiter.api.extension.RegisterExtension;
      import org.waterspout.adapter.jetty.JettyAdapter;
      import org.waterspout.bridge.ServletContainer;
      import org.waterspout.ioloop.IOLoop;
      import org.waterspout.web.*;
      import org.waterspout.web.testing.*;

      class Prelude extends RequestHandler {
        interface Posts { Object find(String slug); }
        static class NewHandler extends RequestHandler {}
        static class OldServlet extends HttpServlet {}
        Posts posts;
        Object post;
        String slug;
        int likes(Object post) { return 0; }
      }

      class GreetingHandler extends RequestHandler {}
      """;

  @TempDir Path classes;

  @TestFactory
  List<DynamicTest> everySnippetCompiles() throws Exception {
    var readme = Files.readString(Path.of("../README.md"));
    var snippets = SNIPPET.matcher(readme).results().map(found -> found.group(1)).toList();
    assertThat(snippets).hasSizeGreaterThan(2);
    return snippets.stream()
        .map(snippet -> DynamicTest.dynamicTest(firstLine(snippet), () -> compile(snippet)))
        .toList();
  }

  private static String firstLine(String snippet) {
    return snippet.lines().findFirst().orElse("");
  }

  private void compile(String snippet) {
    var messages = new StringWriter();
    var options =
        List.of(
            "-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
    var compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(messages, null, null, options, null, List.of(source(PRELUDE + whole(snippet))))
            .call();
    assertThat(compiled).as(messages.toString()).isTrue();
  }

  /** The snippet as a class: it is one, or the body of one, or an expression. */
  private static String whole(String snippet) {
    if (snippet.contains("class ")) {
      return snippet;
    }
    var body = snippet.startsWith("@") ? snippet : "Object it = " + snippet + ";";
    return "class Snippet extends Prelude {" + body + "}";
  }

  private static JavaFileObject source(String code) {
    return new SimpleJavaFileObject(
        URI.create("string:///Prelude.java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return code;
      }
    };
  }
}
