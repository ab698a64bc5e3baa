// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;

/** Works through H2's web console as a browser does: pages, links with a session id, forms. */
final class H2Console {
  private static final Pattern SESSION_ID = Pattern.compile("jsessionid=([0-9a-zA-Z]+)");

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .cookieHandler(new CookieManager())
          .connectTimeout(Duration.ofSeconds(20))
          .build();
  private final String base;
  private final String sessionId;

  /** Opens the start page, whose script leads to the login with a session id. */
  H2Console(String base) throws Exception {
    this.base = base;
    var start = send(request("").build());
    var found = SESSION_ID.matcher(start.body());
    if (!found.find()) {
      throw new IOException("no session id in the start page: " + start.body());
    }
    this.sessionId = found.group(1);
  }

  String loginPage() throws Exception {
    return send(request("login.jsp?jsessionid=" + sessionId).build()).body();
  }

  String login(String url, String user, String password) throws Exception {
    return post(
        "login.do",
        "language=en&setting=Generic+H2+(Embedded)&name=Generic+H2+(Embedded)"
            + ("&driver=" + encode("org.h2.Driver"))
            + ("&url=" + encode(url))
            + ("&user=" + encode(user))
            + ("&password=" + encode(password)));
  }

  String query(String sql) throws Exception {
    return post("query.do", "sql=" + encode(sql));
  }

  private String post(String action, String form) throws Exception {
    return send(request(action + "?jsessionid=" + sessionId)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build())
        .body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    var answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(request.uri() + " answered " + answer.statusCode() + answer.body());
    }
    return answer;
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
