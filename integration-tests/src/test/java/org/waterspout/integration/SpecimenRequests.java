// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.waterspout.integration.Step.form;
import static org.waterspout.integration.Step.get;
import static org.waterspout.integration.Step.of;
import static org.waterspout.integration.Step.raw;

/** What the specimen is asked in every container, chapter by chapter. */
final class SpecimenRequests {
  private static final String HOST = "Host: 127.0.0.1";
  private static final String CLOSE = "Connection: close";

  private SpecimenRequests() {}

  static Suite all() {
    var suite = new Suite();
    paths(suite);
    requests(suite);
    methods(suite);
    bodies(suite);
    answers(suite);
    dispatches(suite);
    errors(suite);
    async(suite);
    sessions(suite);
    SpecimenFiles.uploads(suite);
    context(suite);
    SpecimenFiles.statics(suite);
    return suite;
  }

  private static void paths(Suite suite) {
    for (var path :
        """
        /exact
        /exact/
        /exact/file.look
        /look
        /look/
        /look/a/b?c=d&e
        /look/a.look
        /any/where/file.look?q
        /.look
        /file.look/more
        /traced/a
        /deep/file.traced
        /look/a%20b%2bc+d
        /look/%41%c3%bc
        /look/%7Ea~b
        /look/a;p=1/b;q=2?x;y
        /look;p=1/a
        /file.look;jsessionid=ABC
        /look/;jsessionid=ABC
        /look/./a
        /look/a/../b
        /look/a/..
        /look/../look/b
        /look/../../x/look/c
        /look/../../../etc
        /look//a
        //look/a
        /look/a//
        /look/a%2Fb
        /look/a%2fb
        /look/a%5Cb
        /look/%2e%2e/b
        /look/.%2e/b
        /look/%2e/b
        /look/..;/b
        /look/..;x=y/b
        /look/.;/b
        /look/;/b
        /look/a%00b
        /look/a%25b
        /look/a%2525b
        /look/a%3Bb
        /look/a%3Fb
        /look/%E4
        /look/%zz
        /look/%4
        /look/a%0ab
        /look/a%7fb
        /look/a\\b
        /look/a|b
        /look/"a"
        /look/{a}
        /look/a^b
        /look/...
        /look/..a
        /look/a?%zz
        /look/a?q=%E4
        /look/a?a=1&b=2&a=3&=4&&c
        /look/a?a=%20+%2B
        /look/a?q=%C3%BC
        /look/a?q=a|b
        /look/a?x=y?z=/w
        /look/a?
        /nothing/here
        /Look/a
        /WEB-INF/web.xml
        /WEB-INF/
        /WEB-INF
        /web-inf/web.xml
        /META-INF/hidden.txt
        /%57EB-INF/web.xml
        /WEB-INF%2Fweb.xml
        /./WEB-INF/web.xml
        /look/../WEB-INF/web.xml
        /;x/WEB-INF/web.xml
        /WEB-INF;x/web.xml
        /WEB-INF./web.xml
        /WEB-INF/x.look
        /static/..%2fWEB-INF/web.xml
        """
            .lines()
            .toList()) {
      suite.each(get("/x" + path));
    }
    suite.each(
        get("/x"),
        get("/x?a=b"),
        get("/x/"),
        get("/xx"),
        get("/x;a=b"),
        get("/x;a=b/look/a"),
        get("/%78/look/a"),
        get("http://127.0.0.1/x/look/a?b"),
        get("http://other.example/x/look/a"),
        get("/x/look/a#fragment"));
  }

  private static void requests(Suite suite) {
    suite.each(
        get("/x/look/c?client"),
        get("/x/look/c?client", "Accept-Language: de-AT, en;q=0.5, *;q=0.1, fr;q=0.9"),
        get("/x/look/c?client", "Accept-Language: x_y, , en_US;q=2"),
        get("/x/look/c?client", "X-Int: 12", "X-Date: Sun, 06 Nov 1994 08:49:37 GMT"),
        get("/x/look/c?client", "X-Int: twelve", "X-Date: yesterday"),
        get("/x/look/c?client", "X-Int: +5", "X-Date: Sunday, 06-Nov-94 08:49:37 GMT"),
        get("/x/look/c?client", "X-Many: one", "x-many: two", "X-Empty:", "X-Space:   a  b  "),
        get("/x/look/c?client", "Cookie: a=b; c=\"d e\"; $Version=1; e; =f; g=h=i"),
        get("/x/look/c?client", "Cookie: a=b, c=d; a=2"),
        get("/x/look/c?client", "Cookie: JSESSIONID=unknown"),
        get("/x/look/c?client", "Host: example.org:81"),
        get("/x/look/c?client", "Host: [::1]:81").named("an IPv6 host"),
        get("/x/look/c?client", "Content-Type: text/plain; charset=\"ISO-8859-2\""),
        get("/x/look/c?client", "X-Latin: gr\u00fc\u00df"),
        get("/x/look/c?client", "X-Forwarded-Proto: https", "X-Forwarded-For: 1.2.3.4"),
        raw("GET /x/look/c?client HTTP/1.0").named("HTTP/1.0 without Host"),
        raw("GET /x/look/c?client HTTP/1.1", CLOSE).named("HTTP/1.1 without Host"),
        raw("GET /x/look/c HTTP/1.1", HOST, HOST, CLOSE).named("two Hosts"),
        raw("GET /x/look/c HTTP/1.1", HOST, "X : y", CLOSE).named("a space before a colon"),
        raw("GET /x/look/c HTTP/1.1", HOST, "X: y", " z", CLOSE).named("a folded field"),
        raw("GET /x/look/c HTTP/2.5", HOST, CLOSE).named("HTTP/2.5"),
        raw("GET  /x/look/c HTTP/1.1", HOST, CLOSE).named("two spaces"),
        raw("get /x/look/c HTTP/1.1", HOST, CLOSE).named("get in small letters"),
        raw("OPTIONS * HTTP/1.1", HOST, CLOSE).named("OPTIONS *"));
  }

  private static void methods(Suite suite) {
    for (var method : "GET HEAD POST PUT DELETE OPTIONS TRACE PATCH BREW".split(" ")) {
      suite.each(
          of(method, "/x/methods", ""), of(method, "/x/look/m", ""), of(method, "/x/nothing", ""));
    }
    suite.each(
        of("PUT", "/x/methods", "a body"),
        of("TRACE", "/x/methods", "", "X-Own: x", "Cookie: a=b", "Authorization: Basic x")
            .named("TRACE with secrets"),
        get("/x/methods", "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"),
        get("/x/methods", "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT"),
        get("/x/methods", "If-Modified-Since: nonsense"),
        of("HEAD", "/x/methods", "", "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"),
        of("HEAD", "/x/buffer/large", ""),
        of("HEAD", "/x/answer/writer", ""),
        of("HEAD", "/x/errors/code?status=409", ""),
        of("HEAD", "/x/answer/redirect-absolute", ""),
        raw("GET /x/methods HTTP/1.0", HOST).named("HTTP/1.0 GET"));
  }

  private static void bodies(Suite suite) {
    suite.each(
        form("/x/body/parameters?a=0&q=1", "a=1&b=2&a=3"),
        form("/x/body/parameters", "a=%C3%BC&b=a+b"),
        form("/x/body/parameters", "a=%FC"),
        form("/x/body/parameters", "a=%zz"),
        form("/x/body/parameters", "=x&&y&z="),
        form("/x/body/parameters", ""),
        form("/x/body/latin", "a=%FC"),
        form("/x/body/late-charset", "a=%C3%BC"),
        form("/x/body/unknown-charset", "a=b"),
        form("/x/body/stream?q=1", "a=1"),
        form("/x/body/reader?q=1", "a=1"),
        of(
            "POST",
            "/x/body/parameters",
            "a=%FC",
            "Content-Type: application/x-www-form-urlencoded;charset=ISO-8859-1"),
        of("POST", "/x/body/parameters", "a=1", "Content-Type: text/plain"),
        of("POST", "/x/body/parameters", "a=1").named("POST without a type"),
        of("PUT", "/x/body/parameters", "a=1", "Content-Type: application/x-www-form-urlencoded"),
        of("PATCH", "/x/body/parameters", "a=1", "Content-Type: application/x-www-form-urlencoded"),
        of("GET", "/x/body/parameters", "a=1", "Content-Type: application/x-www-form-urlencoded"),
        of(
            "POST",
            "/x/body/parameters",
            "3\r\na=1\r\n0\r\n\r\n",
            "Content-Type: APPLICATION/x-www-form-URLENCODED",
            "Transfer-Encoding: chunked"),
        of(
            "POST",
            "/x/body/stream",
            "3\r\nabc\r\n2;e=f\r\nde\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked"),
        of(
            "POST",
            "/x/body/trailers",
            "3\r\nabc\r\n0\r\nX-Trailer: t\r\nx-other: u\r\n\r\n",
            "Transfer-Encoding: chunked",
            "Trailer: X-Trailer"),
        of("POST", "/x/body/reader", "one\r\ntwo\rthree", "Content-Type: text/plain;charset=UTF-8"),
        of("POST", "/x/body/reader", "gr\u00c3\u00bc\nx", "Content-Type: text/plain;charset=UTF-8"),
        of("POST", "/x/body/reader", "gr\u00fc\nx", "Content-Type: text/plain"),
        of("POST", "/x/body/reader", "x", "Content-Type: text/plain;charset=no-such-charset"),
        of("POST", "/x/body/unread", "not read by anyone"),
        of("POST", "/x/body/stream", "abc", "Expect: 100-continue"),
        of("POST", "/x/body/stream", "abc", "Expect: something"),
        of("POST", "/x/body/stream", "abc", "Content-Encoding: gzip"),
        raw("POST /x/body/stream HTTP/1.1", HOST, CLOSE, "Content-Length: x").named("a bad length"),
        of("POST", "/x/body/stream", "0\r\n\r\n", "Content-Length: 5", "Transfer-Encoding: chunked")
            .named("two framings"),
        of("POST", "/x/body/stream", "zz\r\n", "Transfer-Encoding: chunked").named("a bad chunk"));
  }

  private static void answers(Suite suite) {
    for (var name :
        """
        nothing writer stream typed typed-charset charset type-and-charset locale locale-mapped
        locale-unmapped locale-only locale-and-charset json quoted-charset type-states
        type-after-writer header-type headers header-split trailers late-trailers after-commit
        redirect-relative redirect-up redirect-absolute redirect-host redirect-url redirect-empty
        redirect-query redirect-spaces redirect-status redirect-permanent redirect-body
        redirect-null redirect-then-write encode cookies cookie-values cookie-reset
        status-201 status-204 status-205 status-304 status-400 status-404 status-418 status-500
        status-503 status-599 body-200 body-204 body-304 body-404 error-400 error-401 error-404
        error-500 error-503 error-200 error-299 error-message error-keeps error-then-write
        error-twice error-committed
        """
            .strip()
            .split("\\s+")) {
      suite.each(get("/x/answer/" + name));
    }
    for (var name :
        """
        states reset-chooses-again buffer-reset-keeps-choice exact-length too-long too-short
        length-zero length-long closed-writer closed-stream prints lines not-latin large flushed
        writer-flush-commits written-over-buffer
        """
            .strip()
            .split("\\s+")) {
      suite.each(get("/x/buffer/" + name));
    }
    suite.each(
        get("/x/answer/trailers", "TE: trailers"),
        raw("GET /x/buffer/large HTTP/1.0", HOST).named("HTTP/1.0 large"),
        raw("GET /x/answer/redirect-relative HTTP/1.0").named("HTTP/1.0 redirect"));
  }

  private static void dispatches(Suite suite) {
    for (var to :
        """
        forward?to=/look/a
        forward?to=/look/a&x=1&to=other
        forward?to=/look/a%3Fx=2%26y=3&x=1
        forward?to=/look/a%2520b
        forward?to=/look/a;p=q
        forward?to=/file.look
        forward?to=/traced/a
        forward?to=/none
        forward?to=/static/page.html
        forward?to=/look/../look/b
        forward?to=/../look/b
        forward?to=/go/forward?to=/look/c
        forward?to=/go/forward%3Fto=/look/c%26z=1
        forward?to=/exact%23f
        include?to=/look/a
        include?to=/look/a%3Fx=2%26y=3&x=1
        include?to=/traced/a
        include?to=/static/page.html
        include?to=/none
        include?to=/errors/page
        include?to=/go/include%3Fto=/look/c
        named?to=look
        named?to=traced
        named-include?to=look
        named-include?to=traced
        forward-wrapped?to=/look/a
        forward-after-write?to=/look/a
        forward-then-write?to=/look/a
        forward-after-commit
        include-twice?to=/look/a
        forward-in-include?to=/look/a
        include-in-forward?to=/look/a
        forward-relative?to=/look/a
        included-changes
        include-throws?throw=runtime
        include-throws?throw=servlet
        include-throws?throw=io
        include-throws?throw=mapped
        forward-throws?throw=runtime
        forward-throws?throw=servlet
        include-session
        dispatchers
        forward?to=/WEB-INF/hidden.txt
        include?to=/WEB-INF/hidden.txt
        forward?to=/answer/nothing
        forward?to=/answer/error-409
        forward?to=/errors/code%3Fstatus=410
        include?to=/errors/code%3Fstatus=410
        """
            .lines()
            .toList()) {
      suite.each(get("/x/go/" + to));
    }
    suite.each(
        form("/x/go/forward?to=/body/parameters%3Fa=0&a=1", "a=2&b=3"),
        form("/x/go/include?to=/look/a%3Fa=0&a=1", "a=2&b=3"),
        of("HEAD", "/x/go/forward?to=/look/a", ""),
        of("HEAD", "/x/go/include?to=/methods", ""));
  }

  private static void errors(Suite suite) {
    for (var name :
        """
        runtime mapped wrapped wrapped-twice servlet io subclass error
        after-write after-commit after-error page page-throws
        """
            .strip()
            .split("\\s+")) {
      suite.each(get("/x/errors/" + name));
    }
    for (int status : new int[] {404, 409, 410, 411, 412, 413, 417, 422, 599}) {
      suite.each(
          get("/x/errors/code?status=" + status), get("/x/errors/set-status?status=" + status));
    }
    suite.each(
        form("/x/errors/code?status=409", "a=b"),
        of("PUT", "/x/errors/code?status=417", ""),
        get("/x/traced/none/../x"));
  }

  private static void async(Suite suite) {
    for (var name :
        """
        complete complete-at-once start dispatch dispatch-in-thread dispatch-to?to=/look/d%3Fx=y
        dispatch-to?to=/traced/d dispatch-to?to=/none dispatch-to?to=/static/page.html
        dispatch-wrapped original after-complete after-dispatch start-again timeout
        timeout-complete timeout-dispatch timeout-error timeout-nothing timeout-throws throws
        throws-complete throws-in-dispatch error-later error-then-dispatch forwarded
        forwarded-complete included encoded listeners dispatch?a=b
        """
            .strip()
            .split("\\s+")) {
      suite.each(get("/x/async/" + name));
    }
    suite.each(
        get("/x/not-async/complete"),
        get("/x/not-async/sync?client"),
        get("/x/sync/a?client"),
        get("/x/go/forward?to=/async/dispatch"),
        get("/x/go/forward?to=/async/dispatch-to%3Fto=/look/e"),
        form("/x/async/dispatch", "a=b"));
  }

  private static void sessions(Suite suite) {
    suite
        .script(
            get("/x/sessions/none"),
            get("/x/sessions/create"),
            get("/x/sessions/look").named("look at the session"),
            get("/x/sessions/change-id"),
            get("/x/sessions/look").named("look after the change of id"),
            get("/x/sessions/invalidate"),
            get("/x/sessions/look").named("look after the end"))
        .script(
            get("/x/sessions/create").named("create to invalidate"),
            get("/x/sessions/invalidate-create"))
        .each(
            get("/x/sessions/change-none"),
            get("/x/sessions/attributes"),
            get("/x/sessions/after-commit"),
            get("/x/sessions/interval"),
            get("/x/sessions/look", "Cookie: JSESSIONID=guessed"),
            get("/x/sessions/create", "Cookie: JSESSIONID=injected"),
            get("/x/sessions/look;jsessionid=guessed"))
        .script(
            get("/x/events/forget"),
            get("/x/events/request"),
            get("/x/events/request").named("events of a request again"),
            get("/x/events/session"),
            get("/x/events/context"),
            get("/x/go/forward?to=/look/e").named("a forward between events"),
            get("/x/context/events").named("events of a forward"),
            get("/x/async/dispatch").named("an async dispatch between events"),
            get("/x/context/events").named("events of an async dispatch"),
            get("/x/errors/mapped").named("an error between events"),
            get("/x/context/events").named("events of an error"),
            get("/x/nothing").named("nothing between events"),
            get("/x/context/events").named("events of nothing"));
  }

  private static void context(Suite suite) {
    for (var name : "facts resources types registrations cookie init too-late".split(" ")) {
      suite.each(get("/x/context/" + name));
    }
  }
}
