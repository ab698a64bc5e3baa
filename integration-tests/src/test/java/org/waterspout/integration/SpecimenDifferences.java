// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.waterspout.integration.Differential.Explained.of;

import java.util.List;
import org.waterspout.integration.Differential.Explained;

/** Where the specimen sees what it sees neither in Jetty nor in Tomcat, and why. */
final class SpecimenDifferences {
  private SpecimenDifferences() {}

  static final List<Explained> EXPLAINED =
      List.of(
          // The mount's prefix
          of(
              "^GET /x(/look/\\.\\./\\.\\./x/look/c|;a=b.*)$|^GET /%78/look/a$",
              "status",
              "a mount is found by the path as it was sent, whose prefix is the context path"),
          // HTTP
          of(
              "^GET /x/look/(a\\|b|\\{a\\}|a\\^b)$",
              "status",
              "what browsers leave unencoded is not ambiguous"),
          of(
              "^GET http://other.example/",
              "status",
              "RFC 9112 section 3.2.2: the target's host goes before that of Host"),
          of("^two spaces$", "status", "RFC 9112 section 3: a request line has single spaces"),
          of(
              "^TRACE ",
              "status",
              "HttpServlet answers TRACE, and leaves out what is secret; others forbid it"),
          of(
              "^(PUT|DELETE|OPTIONS|PATCH|BREW) /x/nothing$",
              "status",
              "where nothing is, 404 is the answer to all methods"),
          // The request
          of(
              "Cookie: ",
              "fact cookies",
              "RFC 6265 section 5.4: what is no cookie is left out, a value is all up to the next"
                  + " semicolon, quotes included"),
          of(
              "=x&&y&z=",
              "fact map",
              "nothing between two ampersands is no parameter; Tomcat answers 400"),
          of(
              "late-charset",
              "fact encoding",
              "Javadoc of setCharacterEncoding: without effect once parameters were read"),
          of(
              "charset=no-such-charset x$",
              "status",
              "400: it is the client who names a charset that there is not"),
          of(
              "^POST /x/body/parameters (Content-Type: .* )?a=%FC$|^a bad chunk$",
              "fact ERROR .*|content-(type|length)|cache-control",
              "who breaks the protocol is answered by the server, without an exception's page"),
          // The answer
          of(
              "/answer/header-split$",
              "fact (name|split)|x-split",
              "a header that is none is an IllegalArgumentException, not another header"),
          of(
              "/answer/redirect-|^(GET|HEAD) /x/(static|from-library)",
              "location",
              "section 5.5: a location is made absolute unless the mount wants it as it is given;"
                  + " what may not stand in one is encoded"),
          of(
              "^HTTP/1.0 redirect$",
              "location",
              "a client that names no host is sent to the address that it has reached"),
          of(
              "/answer/error-2",
              "body|content-type",
              "the page of the server for a status that is no error"),
          of(
              "/answer/cookie-values$",
              "set-cookie|fact latin",
              "RFC 6265 section 4.1.1: neither commas nor characters above ASCII"),
          // Sessions
          of(
              "sessions?/|/answer/encode$|/sessions/|create to"
                  + " invalidate|events/session|include-session",
              "set-cookie",
              "the session cookie is HttpOnly and SameSite=Lax unless the WAR says otherwise"),
          of(
              "/context/cookie$",
              "fact (attributes|http only)",
              "the session cookie is HttpOnly and SameSite=Lax unless the WAR says otherwise"),
          // Dispatches
          of("forward\\?to=/exact%23f", "status", "a path has no fragment"),
          of(
              "include\\?to=/none$",
              "fact ERROR attribute jakarta.servlet.error.(exception|message)",
              "the text of a FileNotFoundException of the server"),
          of(
              "/go/dispatchers$",
              "fact context empty",
              "the empty path is the context root, as in a pattern of section 12.2"),
          // Errors
          of(
              "/errors/wrapped$",
              "fact ERROR attribute jakarta.servlet.error.message",
              "the message is that of the exception that the page was found by"),
          of(
              "/errors/after-commit$",
              "cut",
              "an answer that has failed on its way is cut, and not ended as if whole"),
          // Asynchronous processing
          of(
              "/async/after-dispatch$",
              "fact context",
              "Javadoc of getAsyncContext: it throws if startAsync has not been called"),
          of(
              "/async/throws-in-dispatch$",
              "fact ERROR attribute .*",
              "the page for an exception is shown after an asynchronous dispatch, too"),
          of(
              "/async/error-then-dispatch$",
              "fact ERROR attribute jakarta.servlet.async..*",
              "an error page is a dispatch of the request that came, not of an earlier dispatch"),
          // Uploads
          of(
              "^upload |^no boundary$",
              "fact (parts|parameters)",
              "a form that is broken is an IllegalStateException with status 400, as bad parameters"
                  + " are; none of it is dropped"),
          // The context
          of(
              "/context/resources$",
              "fact paths relative",
              "Javadoc of getResourcePaths: no resources, null"),
          of("/context/types$", "fact type of a.md", "one more type, RFC 7763"),
          of(
              "/context/too-late$",
              "fact (init parameter|mapping)",
              "Javadoc of ServletRegistration: IllegalStateException once the context is"
                  + " initialized"),
          // Static files
          of(
              "^(GET|HEAD) /x/(static|from-library)/",
              "fact REQUEST request(URI|URL)|status",
              "a welcome servlet is told its own path, so that the URI is the context path, the"
                  + " servlet path and the path info, section 3.5"),
          of("^HEAD /x/from-library$", "status", "302, as for GET"),
          of(
              "numbers.txt Range: bytes=5-2$",
              "status",
              "RFC 9110 section 14.2: what is no range is ignored"),
          of(
              "numbers.txt Range: bytes=0-9,20-29$",
              "body|content-(range|type)",
              "RFC 9110 section 15.3.7.2: ranges so near to each other are sent as one"),
          of(
              "^GET /x/static/page.html If-",
              "last-modified|accept-ranges",
              "a refusal carries the fields that the file would have carried"),
          of(
              "^(POST|PUT|DELETE|TRACE) /x/(static/page.html.*)?$",
              "allow",
              "a file is read with GET, HEAD and OPTIONS, and nothing else is said"),
          of("^BREW /x/static/page.html$", "status", "405, as for all methods but those three"));
}
