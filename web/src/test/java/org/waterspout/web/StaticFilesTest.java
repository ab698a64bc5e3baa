// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.log.Log;

/** Static files: other content, routes and URLs, the class path. */
class StaticFilesTest extends StaticTest {

  /** Content out of a map, with headers and types of its own. */
  private static final class Custom extends StaticFileHandler {
    private static final Map<String, String> CONTENT = Map.of("a", "content of a");

    Custom(Path root) {
      super(root);
    }

    @Override
    protected String parseUrlPath(String path) {
      return path.replace("-", "");
    }

    @Override
    protected @Nullable StaticContent findContent(String path) {
      String content = CONTENT.get(path);
      return content == null
          ? null
          : StaticContent.of(content.getBytes(StandardCharsets.UTF_8), null);
    }

    @Override
    protected String getContentType(String filename) {
      return "text/" + filename;
    }

    @Override
    protected Duration getCacheTime(String path, @Nullable Instant modified, String type) {
      return Duration.ofMinutes(1);
    }

    @Override
    protected void setExtraHeaders(String path) {
      setHeader("Access-Control-Allow-Origin", "*");
      setHeader("Cache-Control", "public, " + "max-age=60");
    }
  }

  @Test
  void hooksDecide() throws Exception {
    var rule = url("/s/(.*)", () -> new Custom(root));
    var answer = get("/s/-a-", rule);
    assertThat(answer.body()).isEqualTo("content of a");
    assertThat(answer.header("Content-Type")).isEqualTo("text/a");
    assertThat(answer.header("Cache-Control")).isEqualTo("public, max-age=60");
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(answer.headers().contains("Last-Modified")).isFalse();
    assertThat(answer.header("ETag")).isNotNull();
    assertThat(get("/s/b", rule).status()).isEqualTo(404);
    assertThat(with("Range", "bytes=8-8").get("/s/a", rule).body()).isEqualTo("o");
  }

  // ---- routes and URLs

  private FakeConnection getFrom(Settings.Builder settings, String target) throws Exception {
    var application = new Application(settings.build(), url("/(.*)", () -> new Linking()));
    return request(application, "GET", target, "");
  }

  /** Tells the URL of a static file. */
  private static final class Linking extends RequestHandler {
    @Override
    protected void get() {
      write(staticUrl(getArgument("path", "letters.txt"), getArgument("host", "").equals("1")));
    }
  }

  @Test
  void settingsMakeRoutes() throws Exception {
    file("robots.txt", "User-agent: *");
    file("favicon.ico", "icon");
    var settings = settings().staticPath(root).staticUrlPrefix("/st.tic/");
    assertThat(getFrom(settings, "/st.tic/letters.txt").body()).isEqualTo(LETTERS);
    assertThat(getFrom(settings, "/staticc/letters.txt").body()).startsWith("/app/st.tic/");
    assertThat(getFrom(settings, "/robots.txt").body()).isEqualTo("User-agent: *");
    assertThat(getFrom(settings, "/favicon.ico").header("Content-Type")).isEqualTo("image/x-icon");
  }

  @Test
  void settingsNameAHandlerOfTheirOwn() throws Exception {
    var settings = settings().staticPath(root).staticHandler(() -> new Custom(root));
    assertThat(getFrom(settings, "/static/a").body()).isEqualTo("content of a");
  }

  @Test
  void urlsHaveTheVersion() throws Exception {
    var settings = settings().staticPath(root);
    String version = String.valueOf(get("letters.txt").header("ETag")).substring(1, 23);
    assertThat(getFrom(settings, "/").body()).isEqualTo("/app/static/letters.txt?v=" + version);
    assertThat(getFrom(settings, "/?host=1").body())
        .isEqualTo("http://example.org/app/static/letters.txt?v=" + version);
    file("a b%.txt", LETTERS);
    assertThat(getFrom(settings, "/?path=a+b%25.txt").body())
        .isEqualTo("/app/static/a%20b%25.txt?v=" + version);
  }

  @Test
  void aFileThatCannotBeReadHasAURLWithoutVersion() throws Exception {
    try (var log = new LogCapture(Log.GENERAL)) {
      assertThat(getFrom(settings().staticPath(root), "/?path=missing%0aname.js").body())
          .isEqualTo("/app/static/missing%0Aname.js");
      assertThat(log.lines()).anyMatch(line -> line.contains("missing\\u000aname.js"));
    }
  }

  @Test
  void versionsAreKeptUntilTheFileIsServedAgain() throws Exception {
    files = StaticFiles.folder(root);
    var settings = settings().staticFiles(files);
    String before = getFrom(settings, "/").body();
    file("letters.txt", "other");
    assertThat(getFrom(settings, "/").body()).isEqualTo(before);
    var _ = get("letters.txt");
    assertThat(getFrom(settings, "/").body()).isNotEqualTo(before);
  }

  @Test
  void whatClientsAskForIsNotRemembered() throws Exception {
    files = StaticFiles.folder(root);
    assertThat(get("letters.txt").status()).isEqualTo(200);
    assertThat(files.knownVersion("letters.txt")).isNull();
    files.noteVersion("letters.txt", "old");
    String tag = get("letters.txt").header("ETag");
    assertThat('"' + files.knownVersion("letters.txt") + '"').isEqualTo(tag);
  }

  @Test
  void theDefaultFileHasCompressedNeighboursToo() throws Exception {
    file("index.html", "<p>root");
    file("index.html.gz", "root by gzip");
    file("sub/index.html.br", "sub by Brotli");
    files = files.withDefaultFilename("index.html").withPrecompressed();
    var answer = with("Accept-Encoding", "br, gzip").get("");
    assertThat(answer.body()).isEqualTo("root by gzip");
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=UTF-8");
    answer = get("sub/");
    assertThat(answer.body()).isEqualTo("sub by Brotli");
    assertThat(answer.header("Content-Encoding")).isEqualTo("br");
  }

  @Test
  void aDeveloperSeesTheVersionOfNow() throws Exception {
    files = StaticFiles.folder(root);
    var settings = settings().staticFiles(files).debug(true);
    String before = getFrom(settings, "/").body();
    file("letters.txt", "other");
    assertThat(getFrom(settings, "/").body()).isNotEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "false, false"})
  void aSettingSaysWhetherVersionsAreKept(boolean kept, boolean debug) throws Exception {
    files = StaticFiles.folder(root);
    var settings = settings().staticFiles(files).debug(debug).staticHashCache(kept);
    String before = getFrom(settings, "/").body();
    file("letters.txt", "other");
    assertThat(getFrom(settings, "/").body().equals(before)).isEqualTo(kept);
  }

  // ---- the class path

  private Path jar() throws IOException {
    var jar = temp.resolve("site.jar");
    try (var system =
        FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of("create", "true"))) {
      var site = Files.createDirectories(system.getPath("/com/site/sub"));
      Files.writeString(site.resolveSibling("a.css"), "a {}");
      Files.writeString(site.resolve("index.html"), "<p>in a jar");
      Files.writeString(system.getPath("/com/secret"), "secret");
    }
    return jar;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void servesResources(boolean inJar) throws Exception {
    var place = inJar ? jar() : temp.resolve("classes");
    if (!inJar) {
      Files.createDirectories(place.resolve("com/site/sub"));
      Files.writeString(place.resolve("com/site/a.css"), "a {}");
      Files.writeString(place.resolve("com/site/sub/index.html"), "<p>in a jar");
      Files.writeString(place.resolve("com/secret"), "secret");
    }
    try (var loader = new URLClassLoader(new URL[] {place.toUri().toURL()}, null)) {
      files = StaticFiles.resources(loader, "com/site");
      var answer = get("a.css");
      assertThat(answer.body()).isEqualTo("a {}");
      assertThat(answer.header("Content-Type")).isEqualTo("text/css; charset=UTF-8");
      assertThat(answer.header("Last-Modified")).isNotNull();
      assertThat(answer.header("ETag")).isNotNull();
      assertThat(with("Range", "bytes=2-").get("a.css").body()).isEqualTo("{}");
      assertThat(get("sub").status()).isEqualTo(403);
      assertThat(get("missing").status()).isEqualTo(404);
      assertThat(get("../secret").status()).isEqualTo(403);
      assertThat(get("..%2fsecret").status()).isEqualTo(403);
      assertThat(get("%2fcom/secret").status()).isEqualTo(403);
      files = files.withDefaultFilename("index.html");
      assertThat(get("sub").status()).isEqualTo(301);
      assertThat(get("sub/").status()).isEqualTo(206);
    }
  }

  @Test
  void servesResourcesBesideAClass() throws Exception {
    files = StaticFiles.resources(Application.class, "org/waterspout/web");
    assertThat(get("version.txt").status()).isEqualTo(200);
    files = StaticFiles.resources(Test.class, "org/junit/jupiter");
    assertThat(get("api/Test.class").header("Content-Type")).isEqualTo("application/octet-stream");
  }

  @Test
  void transformsSeeFilesToo() throws Exception {
    file("long.txt", LETTERS.repeat(10_000));
    var application = new Application(settings().compressResponse(true).build(), rule());
    with("Accept-Encoding", "gzip");
    var answer = request(application, "GET", "/s/long.txt", "");
    assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(answer.headers().names()).doesNotContain("Content-Length", "Accept-Ranges");
    assertThat(answer.header("ETag")).startsWith("W/");
    var head = request(application, "HEAD", "/s/long.txt", "");
    assertThat(head.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(head.headers().contains("Content-Length")).isFalse();
    with("If-None-Match", String.valueOf(answer.header("ETag")));
    var known = request(application, "GET", "/s/long.txt", "");
    assertThat(known.status()).isEqualTo(304);
    assertThat(known.header("ETag")).isEqualTo(answer.header("ETag"));
    assertThat(known.header("Vary")).isEqualTo("Accept-Encoding");
  }
}
