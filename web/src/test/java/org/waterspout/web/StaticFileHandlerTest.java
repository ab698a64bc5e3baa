// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.url;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.Capability;

/** Files as answers. */
class StaticFileHandlerTest extends StaticTest {
  private static final String THEN_TEXT = "Mon, 03 Feb 2020 04:05:06 GMT";

  private FakeConnection head(String path) throws Exception {
    return request("HEAD", "/s/" + path, "", rule());
  }

  @Test
  void sendsAFile() throws Exception {
    var answer = get("letters.txt");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(LETTERS);
    assertThat(answer.header("Content-Type")).isEqualTo("text/plain; charset=UTF-8");
    assertThat(answer.header("Content-Length")).isEqualTo("26");
    assertThat(answer.header("Last-Modified")).isEqualTo(THEN_TEXT);
    assertThat(answer.header("Accept-Ranges")).isEqualTo("bytes");
    assertThat(answer.header("ETag")).matches("\"[A-Za-z0-9_-]{22}\"");
    assertThat(answer.headers().names()).doesNotContain("Cache-Control", "Expires", "Vary");
  }

  @Test
  void headSaysTheSameWithoutTheFile() throws Exception {
    var get = get("letters.txt");
    var head = head("letters.txt");
    head.headers().set("Date", get.header("Date"));
    assertThat(head.headers().getAll()).isEqualTo(get.headers().getAll());
    assertThat(head.body()).isEmpty();
  }

  @Test
  void otherMethodsAreNotAllowed() throws Exception {
    var answer = request("POST", "/s/letters.txt", "", rule());
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
  }

  @Test
  void aNamedGroupIsThePathToo() throws Exception {
    var rule = url("/(?<a>.)/(?<path>.*)", () -> new StaticFileHandler(root));
    assertThat(get("/x/letters.txt", rule).body()).isEqualTo(LETTERS);
  }

  @Test
  void sendsALargeFileInPieces() throws Exception {
    file("large.bin", LETTERS.repeat(10_000));
    var answer = get("large.bin");
    assertThat(answer.header("Content-Length")).isEqualTo("260000");
    assertThat(answer.body()).isEqualTo(LETTERS.repeat(10_000));
    assertThat(answer.calls.stream().filter(call -> call.startsWith("write ")))
        .hasSizeGreaterThan(2)
        .allMatch(call -> call.length() <= 64 * 1024 + 6);
  }

  @Test
  void copesWhereNothingIsSentBeforeTheEnd() throws Exception {
    file("large.bin", LETTERS.repeat(10_000));
    lacking(Capability.STREAMING_RESPONSE);
    assertThat(get("large.bin").body()).isEqualTo(LETTERS.repeat(10_000));
  }

  @Test
  void sendsAnEmptyFile() throws Exception {
    file("empty", "");
    var answer = get("empty");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Length")).isEqualTo("0");
    assertThat(answer.header("Content-Type")).isEqualTo("application/octet-stream");
  }

  @ParameterizedTest
  @CsvSource({
    "letters.txt/, 403",
    "letters.txt/x, 404",
    "missing, 404",
    "sub, 403",
    "sub/, 403",
    "'', 403",
    "../secret.txt, 403",
    "%2e%2e/secret.txt, 403",
    "..%2fsecret.txt, 403",
    "%2e%2e%2fsecret.txt, 403",
    "sub/../letters.txt, 403",
    "sub/../../secret.txt, 403",
    "./letters.txt, 403",
    "sub//index.html, 403",
    "/letters.txt, 403",
    "%2fetc%2fpasswd, 403",
    "../root-evil/secret.txt, 403",
    "..%5csecret.txt, 404",
    "..\\secret.txt, 404",
    "sub%5c..%5c..%5csecret.txt, 404",
    "letters.txt%00, 404",
    "letters.txt%00.html, 404",
    "%00, 404",
    "letters.txt%0d%0aX:%201, 404",
    "%252e%252e%252fsecret.txt, 404",
    "%25%32%65%25%32%65/secret.txt, 404",
    "letters.txt., 404",
    "letters.txt%20, 404",
    ".../secret.txt, 404",
    "C:/secret.txt, 404",
    "letters.txt::$DATA, 404",
    "~root/x, 404",
    "%c0%ae%c0%ae/secret.txt, 400",
    "%c0%af, 400",
    "%e0%80%ae, 400",
    "%zz, 400",
    "%, 400",
  })
  void findsNothingElsewhere(String path, int status) throws Exception {
    var answer = get(path);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).doesNotContain("secret\n").doesNotContain(LETTERS);
    assertThat(answer.headers().names()).doesNotContain("ETag", "Last-Modified", "Accept-Ranges");
  }

  @Test
  void aNameThatIsTooLongIsNotFound() throws Exception {
    assertThat(get("a".repeat(5000)).status()).isEqualTo(404);
    assertThat(get("a/".repeat(3000) + "a").status()).isEqualTo(404);
  }

  @Test
  void hiddenFilesAreNotFoundUnlessWanted() throws Exception {
    file(".env", "PASSWORD=1");
    file(".git/config", "x");
    file("sub/.htpasswd", "x");
    file(".well-known/security.txt", "Contact");
    assertThat(get(".env").status()).isEqualTo(404);
    assertThat(get("%2eenv").status()).isEqualTo(404);
    assertThat(get(".git/config").status()).isEqualTo(404);
    assertThat(get("sub/.htpasswd").status()).isEqualTo(404);
    assertThat(get(".well-known/security.txt").status()).isEqualTo(200);
    files = files.withHiddenFiles();
    assertThat(get(".env").status()).isEqualTo(200);
    assertThat(get("..").status()).isEqualTo(403);
  }

  @Test
  void linksLeadOnlyToWhatIsInside() throws Exception {
    Files.createSymbolicLink(root.resolve("in.txt"), Path.of("letters.txt"));
    Files.createSymbolicLink(root.resolve("out.txt"), temp.resolve("secret.txt"));
    Files.createSymbolicLink(root.resolve("evil"), temp.resolve("root-evil"));
    Files.createSymbolicLink(root.resolve("circle"), Path.of("circle"));
    Files.createSymbolicLink(root.resolve("nowhere"), Path.of("missing"));
    assertThat(get("in.txt").body()).isEqualTo(LETTERS);
    assertThat(get("out.txt").status()).isEqualTo(403);
    assertThat(get("evil/secret.txt").status()).isEqualTo(403);
    assertThat(get("circle").status()).isEqualTo(404);
    assertThat(get("nowhere").status()).isEqualTo(404);
    files = files.withOutsideLinks();
    assertThat(get("out.txt").body()).isEqualTo("secret");
    assertThat(get("evil/secret.txt").body()).isEqualTo("secret");
    assertThat(get("circle").status()).isEqualTo(404);
  }

  @Test
  void theRootItselfMayBeALink() throws Exception {
    files = StaticFiles.folder(Files.createSymbolicLink(temp.resolve("link"), root));
    assertThat(get("letters.txt").body()).isEqualTo(LETTERS);
  }

  @Test
  void aRootThatIsNotThereHasNothing() throws Exception {
    files = StaticFiles.folder(temp.resolve("missing")).withDefaultFilename("index.html");
    assertThat(get("letters.txt").status()).isEqualTo(404);
    assertThat(get("").status()).isEqualTo(404);
  }

  @Test
  void aFolderMeansItsDefaultFile() throws Exception {
    file("index.html", "<p>root");
    files = files.withDefaultFilename("index.html");
    assertThat(get("").body()).isEqualTo("<p>root");
    var answer = get("sub/");
    assertThat(answer.body()).isEqualTo("<p>index");
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=UTF-8");
    Files.createDirectory(root.resolve("bare"));
    assertThat(get("bare/").status()).isEqualTo(404);
    assertThat(get("letters.txt/").status()).isEqualTo(404);
  }

  @Test
  void aFolderWithoutItsSlashIsARedirect() throws Exception {
    files = files.withDefaultFilename("index.html");
    var answer = get("sub?a=b");
    assertThat(answer.status()).isEqualTo(301);
    assertThat(answer.header("Location")).isEqualTo("/app/s/sub/?a=b");
    assertThat(head("sub").status()).isEqualTo(301);
  }

  @ParameterizedTest
  @ValueSource(strings = {"//evil.example/sub", "//sub"})
  void noRedirectLeadsToAnotherHost(String target) throws Exception {
    files = files.withDefaultFilename("index.html");
    var answer = get(target, url("/.*?/?(sub)", () -> new StaticFileHandler(files)));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.headers().contains("Location")).isFalse();
  }

  @Test
  void whatTheClientHasIsNotSentAgain() throws Exception {
    String tag = String.valueOf(get("letters.txt").header("ETag"));
    var answer = with("If-None-Match", tag).get("letters.txt?v=" + tag.substring(1, 23));
    assertThat(answer.status()).isEqualTo(304);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.header("ETag")).isEqualTo(tag);
    assertThat(answer.headers().names())
        .contains("Date", "Cache-Control", "Expires")
        .doesNotContain("Content-Type", "Content-Length");
    assertThat(head("letters.txt").status()).isEqualTo(304);
  }

  @Override
  StaticFileHandlerTest with(String name, String value) {
    super.with(name, value);
    return this;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "If-Modified-Since   | Mon, 03 Feb 2020 04:05:06 GMT | 304",
        "If-Modified-Since   | Mon, 03 Feb 2020 04:05:05 GMT | 200",
        "If-Modified-Since   | Thu, 01 Jan 1960 00:00:00 GMT | 200",
        "If-Modified-Since   | soon                          | 200",
        "If-Unmodified-Since | Mon, 03 Feb 2020 04:05:06 GMT | 200",
        "If-Unmodified-Since | Mon, 03 Feb 2020 04:05:05 GMT | 412",
        "If-Match            | *                             | 200",
        "If-Match            | '\"other\"'                   | 412",
        "If-None-Match       | '\"other\"'                   | 200",
      })
  void conditionsDecide(String name, String value, int status) throws Exception {
    var answer = with(name, value).get("letters.txt");
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(status == 200 ? LETTERS : "");
  }

  @Test
  void aTagCountsMoreThanADate() throws Exception {
    with("If-None-Match", "\"other\"").with("If-Modified-Since", THEN_TEXT);
    assertThat(get("letters.txt").status()).isEqualTo(200);
  }

  @Test
  void aFileFromBefore1970IsFine() throws Exception {
    Files.setLastModifiedTime(
        root.resolve("letters.txt"), FileTime.from(Instant.parse("1960-01-01T00:00:00Z")));
    var answer = get("letters.txt");
    assertThat(answer.header("Last-Modified")).isEqualTo("Fri, 01 Jan 1960 00:00:00 GMT");
    assertThat(with("If-Modified-Since", THEN_TEXT).get("letters.txt").status()).isEqualTo(304);
  }

  @Test
  void theTagIsThatOfTheContent() throws Exception {
    String tag = get("letters.txt").header("ETag");
    file("same.txt", LETTERS);
    assertThat(get("same.txt").header("ETag")).isEqualTo(tag);
    var later = FileTime.from(THEN.plusMillis(1));
    Files.setLastModifiedTime(file("letters.txt", LETTERS.toUpperCase(Locale.ROOT)), later);
    assertThat(get("letters.txt").header("ETag")).isNotEqualTo(tag);
    file("letters.txt", LETTERS);
    assertThat(get("letters.txt").header("ETag")).isEqualTo(tag);
  }

  @Test
  void theVersionInTheURLMayBeKept() throws Exception {
    String version = String.valueOf(get("letters.txt").header("ETag")).substring(1, 23);
    var answer = get("letters.txt?v=" + version);
    assertThat(answer.header("Cache-Control")).isEqualTo("max-age=315360000, immutable");
    assertThat(answer.header("Expires")).isNotNull();
    assertThat(get("letters.txt?v=other").headers().names())
        .doesNotContain("Cache-Control", "Expires");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-9   | abcdefghij | bytes 0-9/26",
        "bytes=10-12 | klm        | bytes 10-12/26",
        "bytes=23-   | xyz        | bytes 23-25/26",
        "bytes=-3    | xyz        | bytes 23-25/26",
        "bytes=24-99 | yz         | bytes 24-25/26",
        "bytes=0-    | " + LETTERS + " | bytes 0-25/26",
        "bytes=-99   | " + LETTERS + " | bytes 0-25/26",
        "bytes=0-4,5-9 | abcdefghij | bytes 0-9/26",
      })
  void sendsAPart(String range, String part, String contentRange) throws Exception {
    var answer = with("Range", range).get("letters.txt");
    assertThat(answer.status()).isEqualTo(206);
    assertThat(answer.body()).isEqualTo(part);
    assertThat(answer.header("Content-Range")).isEqualTo(contentRange);
    assertThat(answer.header("Content-Length")).isEqualTo(Integer.toString(part.length()));
    assertThat(answer.header("Content-Type")).isEqualTo("text/plain; charset=UTF-8");
    assertThat(answer.header("ETag")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=26-", "bytes=-0", "bytes=100-200"})
  void refusesPartsThatAreNotThere(String range) throws Exception {
    var answer = with("Range", range).get("letters.txt?v=1");
    assertThat(answer.status()).isEqualTo(416);
    assertThat(answer.header("Content-Range")).isEqualTo("bytes */26");
    assertThat(answer.header("Content-Length")).isEqualTo("0");
    assertThat(answer.headers().names()).doesNotContain("Cache-Control", "Content-Type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=5-2", "bytes=26", "lines=1-2", "bytes=x-"})
  void ignoresMalformedRanges(String range) throws Exception {
    var answer = with("Range", range).get("letters.txt");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(LETTERS);
  }

  @Test
  void rangesAreForGetAlone() throws Exception {
    var answer = with("Range", "bytes=0-1").head("letters.txt");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Length")).isEqualTo("26");
  }

  @Test
  void sendsSeveralParts() throws Exception {
    file("large.txt", LETTERS.repeat(10_000));
    file("medium.txt", LETTERS.repeat(100));
    with("Range", "bytes=1000-1002, 0-2,-1");
    for (String name : List.of("large.txt", "medium.txt")) {
      var answer = get(name);
      assertThat(answer.status()).isEqualTo(206);
      String type = String.valueOf(answer.header("Content-Type"));
      assertThat(type).startsWith("multipart/byteranges; boundary=");
      String boundary = type.substring(type.indexOf('=') + 1);
      int size = name.equals("large.txt") ? 260_000 : 2600;
      String part = "\r\n--%s\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Range: bytes ";
      String expected =
          (part + "1000-1002/%d\r\n\r\nmno").formatted(boundary, size)
              + (part + "0-2/%d\r\n\r\nabc").formatted(boundary, size)
              + (part + "%d-%d/%d\r\n\r\nz").formatted(boundary, size - 1, size - 1, size)
              + "\r\n--%s--\r\n".formatted(boundary);
      assertThat(answer.body()).isEqualTo(expected);
      assertThat(answer.header("Content-Length")).isEqualTo(Integer.toString(expected.length()));
      assertThat(answer.headers().contains("Content-Range")).isFalse();
    }
  }

  @Test
  void aRangeOfAnotherVersionIsNotSent() throws Exception {
    String tag = String.valueOf(get("letters.txt").header("ETag"));
    with("Range", "bytes=0-1");
    assertThat(new Ranged(tag).status()).isEqualTo(206);
    assertThat(new Ranged("\"other\"").status()).isEqualTo(200);
    assertThat(new Ranged("W/" + tag).status()).isEqualTo(200);
    assertThat(new Ranged(THEN_TEXT).status()).isEqualTo(206);
    assertThat(new Ranged("Mon, 03 Feb 2020 04:05:07 GMT").status()).isEqualTo(200);
    assertThat(new Ranged("*").status()).isEqualTo(200);
  }

  /** A request of its own with If-Range. */
  private final class Ranged {
    private final FakeConnection answer;

    Ranged(String ifRange) throws Exception {
      var test = new StaticFileHandlerTest();
      try {
        test.files = files;
        test.with("Range", "bytes=0-1").with("If-Range", ifRange);
        answer = test.get("letters.txt");
      } finally {
        test.closeLoop();
      }
    }

    int status() {
      return answer.status();
    }
  }

  @Test
  void conditionsComeBeforeRanges() throws Exception {
    String tag = String.valueOf(get("letters.txt").header("ETag"));
    assertThat(with("Range", "bytes=0-1").with("If-None-Match", tag).get("letters.txt").status())
        .isEqualTo(304);
  }

  @Test
  void aCompressedNeighbourIsForThoseWhoTakeIt() throws Exception {
    file("a.js", "plain");
    file("a.js.gz", "by gzip");
    file("a.js.br", "by Brotli");
    var unasked = with("Accept-Encoding", "gzip").get("a.js");
    assertThat(unasked.body()).isEqualTo("plain");
    assertThat(unasked.headers().contains("Vary")).isFalse();
    files = files.withPrecompressed();
    var answer = get("a.js");
    assertThat(answer.body()).isEqualTo("by gzip");
    assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(answer.header("Content-Type")).isEqualTo("text/javascript; charset=UTF-8");
    assertThat(answer.header("ETag")).isNotEqualTo(unasked.header("ETag"));
    assertThat(with("Accept-Encoding", "br").get("a.js").body()).isEqualTo("by Brotli");
    String version = String.valueOf(unasked.header("ETag")).substring(1, 23);
    assertThat(get("a.js?v=" + version).header("Cache-Control")).contains("immutable");
    assertThat(with("Range", "bytes=3-").get("a.js").body()).isEqualTo("Brotli");
  }

  @Test
  void whoDoesNotTakeTheNeighbourIsToldThatOthersDo() throws Exception {
    file("a.js", "plain");
    file("a.js.gz", "by gzip");
    Files.createDirectory(root.resolve("a.js.br"));
    files = files.withPrecompressed();
    var answer = with("Accept-Encoding", "br, gzip;q=0").get("a.js");
    assertThat(answer.body()).isEqualTo("plain");
    assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(get("letters.txt").headers().contains("Vary")).isFalse();
  }

  @Test
  void aNeighbourThatIsOlderIsNotUsed() throws Exception {
    file("a.js", "plain");
    Files.setLastModifiedTime(
        file("a.js.gz", "by gzip"), FileTime.from(THEN.minus(Duration.ofSeconds(1))));
    files = files.withPrecompressed();
    assertThat(with("Accept-Encoding", "gzip").get("a.js").body()).isEqualTo("plain");
  }
}
