// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.waterspout.web.Application.url;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.routing.Rule;

/** A folder of static files below {@code /s/}, and secrets beside it. */
abstract class StaticTest extends HandlerTest {
  static final Instant THEN = Instant.parse("2020-02-03T04:05:06.789Z");
  static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

  @TempDir Path temp;
  Path root;
  StaticFiles files;

  @BeforeEach
  void makeFiles() throws IOException {
    root = Files.createDirectory(temp.resolve("root"));
    files = StaticFiles.folder(root);
    file("letters.txt", LETTERS);
    file("sub/index.html", "<p>index");
    Files.writeString(temp.resolve("secret.txt"), "secret");
    Files.createDirectory(temp.resolve("root-evil"));
    Files.writeString(temp.resolve("root-evil/secret.txt"), "secret");
  }

  /** Makes a file that was changed long ago. */
  final Path file(String name, String content) throws IOException {
    var file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.from(THEN));
    return file;
  }

  final Rule rule() {
    return url("/s/(.*)", () -> new StaticFileHandler(files));
  }

  final FakeConnection get(String path) throws Exception {
    return get("/s/" + path, rule());
  }

  @Override
  StaticTest with(String name, String value) {
    super.with(name, value);
    return this;
  }
}
