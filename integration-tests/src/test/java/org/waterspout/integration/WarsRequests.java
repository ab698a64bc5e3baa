// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.waterspout.integration.Step.form;
import static org.waterspout.integration.Step.get;
import static org.waterspout.integration.Step.of;

/** What applications of others' frameworks are asked in every container. */
final class WarsRequests {
  private static final String UPLOAD =
      "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"
          + "Content-Type: text/plain\r\n\r\n12345\r\n--XX--\r\n";

  private WarsRequests() {}

  static Suite all() {
    var suite = new Suite();
    same(suite, "/spring");
    same(suite, "/jersey/api");
    spring(suite);
    jersey(suite);
    console(suite);
    jolokia(suite);
    return suite;
  }

  /** What both of the examples do. */
  private static void same(Suite suite, String base) {
    suite
        .each(
            get(base + "/hello/you"),
            get(base + "/hello/you?q=1"),
            get(base + "/hello/a%20b"),
            get(base + "/hello/%C3%BC"),
            get(base + "/hello/a%2Bb+c"),
            get(base + "/hello/a;x=y"),
            get(base + "/hello/a%2Fb"),
            get(base + "/hello/"),
            get(base + "/hello"),
            get(base + "/hello/you/more"),
            get(base + "/./hello/../hello/you"),
            get(base + "//hello/you"),
            get(base + "/hello/you", "Accept: application/json"),
            get(base + "/hello/you", "Accept: nonsense"),
            get(base + "/hello/you", "If-None-Match: *"),
            of("HEAD", base + "/hello/you", ""),
            of("OPTIONS", base + "/hello/you", "").named("OPTIONS " + base),
            of("PUT", base + "/hello/you", "x"),
            of("BREW", base + "/hello/you", ""),
            get(base + "/later"),
            get(base + "/later", "Range: bytes=0-1"),
            of("HEAD", base + "/later", ""),
            get(base + "/old"),
            get(base + "/count"),
            get(base + "/none"),
            form(base + "/count", "by=x"),
            form(base + "/count", ""),
            of("POST", base + "/count", "{\"by\":2}", "Content-Type: application/json"))
        .script(
            form(base + "/count", "by=2"),
            form(base + "/count", "by=3"),
            form(base + "/count?by=5", "x=y"),
            of(
                "POST",
                base + "/count",
                "5\r\nby=%31\r\n0\r\n\r\n".replace("5\r\n", "6\r\n"),
                "Content-Type: application/x-www-form-urlencoded; charset=ISO-8859-1",
                "Transfer-Encoding: chunked"));
  }

  private static void spring(Suite suite) {
    suite.each(
        get("/spring"),
        get("/spring/"),
        get("/spring/events"),
        get("/spring/gone"),
        get("/spring/gone", "Accept: text/html"),
        get("/spring/about.html"),
        get("/spring/about.html", "Range: bytes=1-5"),
        get("/spring/WEB-INF/web.xml"),
        get("/spring/WEB-INF/lib/"),
        of("POST", "/spring/upload", UPLOAD, "Content-Type: multipart/form-data; boundary=XX"),
        of(
                "POST",
                "/spring/upload",
                UPLOAD.replace("\"file\"", "\"other\""),
                "Content-Type: multipart/form-data; boundary=XX")
            .named("upload without its part"),
        of(
                "POST",
                "/spring/upload",
                UPLOAD.replace("--XX--", ""),
                "Content-Type: multipart/form-data; boundary=XX")
            .named("upload without an end"),
        of("POST", "/spring/upload", "x=y", "Content-Type: text/plain"));
  }

  private static void jersey(Suite suite) {
    suite.each(
        get("/jersey"),
        get("/jersey/"),
        get("/jersey/api"),
        get("/jersey/api/stream"),
        get("/jersey/api/item/rope"),
        get("/jersey/api/item/anchor"),
        get("/jersey/about.html"),
        get("/jersey/nothing"));
  }

  private static void console(Suite suite) {
    suite.each(
        get("/console"),
        get("/console/"),
        get("/console/index.do"),
        get("/console/stylesheet.css"),
        get("/console/tree.js"),
        get("/console/ico_add.gif"),
        of("HEAD", "/console/stylesheet.css", ""),
        get("/console/stylesheet.css", "If-Modified-Since: Sun, 06 Nov 2044 08:49:37 GMT"),
        get("/console/none.gif"),
        get("/console/../console/"),
        get("/console/login.jsp"),
        get("/console/header.jsp?jsessionid=unknown"),
        form("/console/login.do?jsessionid=unknown", "driver=org.h2.Driver&url=jdbc:h2:mem:"));
  }

  private static void jolokia(Suite suite) {
    suite.each(
        get("/jolokia"),
        get("/jolokia/"),
        get("/jolokia/version").named("the version of Jolokia"),
        get("/jolokia/read/java.lang:type=Runtime/SpecVersion").named("read an attribute"),
        get("/jolokia/read/java.lang:type=Runtime/None"),
        get("/jolokia/search/java.lang:type=Mem*"),
        get("/jolokia/exec/java.lang:type=Memory/gc").named("call an operation"),
        get("/jolokia/nonsense"),
        get("/jolokia/read/java.lang:type=Runtime/SpecVersion?callback=f").named("with a callback"),
        get("/jolokia/read/java.lang:type=Runtime!/x/SpecVersion").named("an escaped slash"),
        of(
                "POST",
                "/jolokia/",
                "{\"type\":\"read\",\"mbean\":\"java.lang:type=Runtime\",\"attribute\":\"SpecVersion\"}",
                "Content-Type: application/json")
            .named("read by JSON"),
        of("POST", "/jolokia/", "{nonsense", "Content-Type: application/json"),
        of("POST", "/jolokia/", ""),
        of(
            "OPTIONS",
            "/jolokia/",
            "",
            "Origin: http://a.example",
            "Access-Control-Request-Method: POST"),
        get("/jolokia/version", "Origin: http://a.example").named("from another origin"),
        of("PUT", "/jolokia/", "x"),
        of("DELETE", "/jolokia/version", ""));
  }
}
