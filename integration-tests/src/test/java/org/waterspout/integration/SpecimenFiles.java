// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.waterspout.integration.Step.get;
import static org.waterspout.integration.Step.of;

/** What the specimen is asked about files: those that are sent to it, and those in it. */
final class SpecimenFiles {
  private static final String MULTIPART = "Content-Type: multipart/form-data; boundary=XX";

  private SpecimenFiles() {}

  static void uploads(Suite suite) {
    var field = "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nvalue\r\n";
    var file =
        "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a b.txt\"\r\n"
            + "Content-Type: text/plain\r\nX-Own: one\r\nX-Own: two\r\n\r\nline\r\n--X\r\n";
    var end = "--XX--\r\n";
    for (var path : new String[] {"/x/upload/parts", "/x/no-upload/parts"}) {
      suite.each(
          upload(path + "?a=0", "a field and a file", field + file + end),
          upload(path, "no end", field + file),
          upload(path, "nothing", end),
          upload(path, "empty", ""),
          upload(path, "preamble", "preamble\r\n" + field + end + "epilogue"),
          upload(path, "two of a name", field + field + end),
          upload(
              path,
              "an empty file",
              "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n\r\n"
                  + end),
          upload(
              path,
              "a path as a name",
              "--XX\r\n"
                  + "Content-Disposition: form-data; name=\"f\";"
                  + " filename=\"C:\\\\d\\\\e.txt\"\r\n\r\n"
                  + "x\r\n"
                  + end),
          upload(path, "no name", "--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n" + end),
          upload(path, "no disposition", "--XX\r\nContent-Type: text/plain\r\n\r\nx\r\n" + end),
          upload(
              path,
              "UTF-8",
              "--XX\r\n"
                  + "Content-Disposition: form-data; name=\"\u00c3\u00bc\";"
                  + " filename=\"\u00c3\u00a4.txt\"\r\n\r\n"
                  + "\u00c3\u00b6\r\n"
                  + end),
          upload(
              path,
              "a file too large",
              "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n"
                  + "x".repeat(6000)
                  + "\r\n"
                  + end));
    }
    suite.each(
        upload("/x/upload/parameters-first", "fields", field + file + end),
        upload("/x/upload/part", "part", field + file + end),
        upload("/x/upload/unread", "unread", field + file + end),
        upload("/x/upload/parts", "too large in all", (field + "x".repeat(4000)).repeat(6) + end),
        of("POST", "/x/upload/parts", "a=b", "Content-Type: application/x-www-form-urlencoded"),
        of("POST", "/x/upload/parts", field + end, "Content-Type: multipart/form-data")
            .named("no boundary"),
        of("POST", "/x/upload/parts", field + end, "Content-Type: multipart/mixed; boundary=XX")
            .named("multipart/mixed"),
        get("/x/upload/parts"),
        of(
                "POST",
                "/x/upload/parts",
                field.replace("XX", "a b") + "--a b--\r\n",
                "Content-Type: multipart/form-data; boundary=\"a b\"")
            .named("a quoted boundary"));
  }

  private static Step upload(String path, String name, String body) {
    return of("POST", path, body, MULTIPART).named("upload " + name + " to " + path);
  }

  static void statics(Suite suite) {
    for (var path :
        """
        /static/page.html
        /static/page.html?q=1
        /static/page.html;p=1
        /static/file.specimen
        /static/plain
        /static/style.css
        /static/numbers.txt
        /static/none.txt
        /static
        /static?q=1
        /static/
        /static/dir
        /static/dir/
        /static/dir/file.txt
        /static/welcome
        /static/welcome?q=1
        /static/welcome/
        /static/welcome/?q=1
        /static/page.dir/
        /static/page.html/
        /static/PAGE.HTML
        /static/odd/a%20b.txt
        /from-library/page.txt
        /from-library/
        /from-library
        /index.html
        /favicon.ico
        """
            .lines()
            .toList()) {
      suite.each(get("/x" + path), of("HEAD", "/x" + path, ""));
    }
    suite.each(
        get("/x/static/numbers.txt", "Range: bytes=0-9"),
        get("/x/static/numbers.txt", "Range: bytes=-5"),
        get("/x/static/numbers.txt", "Range: bytes=1400-"),
        get("/x/static/numbers.txt", "Range: bytes=99999-"),
        get("/x/static/numbers.txt", "Range: bytes=5-2"),
        get("/x/static/numbers.txt", "Range: lines=1-2"),
        get("/x/static/numbers.txt", "Range: bytes=0-9,20-29"),
        of("HEAD", "/x/static/numbers.txt", "", "Range: bytes=0-9"),
        get("/x/static/numbers.txt", "Range: bytes=0-9", "If-Range: \"no\""),
        get("/x/static/page.html", "If-Modified-Since: Sun, 06 Nov 2044 08:49:37 GMT"),
        get("/x/static/page.html", "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"),
        get("/x/static/page.html", "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT"),
        get("/x/static/page.html", "If-None-Match: *"),
        get("/x/static/page.html", "If-None-Match: \"no\""),
        get("/x/static/page.html", "If-Match: \"no\""),
        get("/x/static/page.html", "Accept-Encoding: gzip, br"),
        of("POST", "/x/static/page.html", ""),
        of("POST", "/x/static/page.html", "a=b", "Content-Type: application/x-www-form-urlencoded"),
        of("PUT", "/x/static/page.html", "new"),
        of("DELETE", "/x/static/page.html", ""),
        of("OPTIONS", "/x/static/page.html", ""),
        of("TRACE", "/x/static/page.html", ""),
        of("BREW", "/x/static/page.html", ""),
        of("POST", "/x/", ""),
        of("POST", "/x/static/none.txt", ""));
  }
}
