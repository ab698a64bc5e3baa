// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.mount;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.server.web.JakartaWebServlet;
import org.junit.jupiter.api.Test;

/** The console of the H2 database, a servlet that was not written for us. */
class H2ConsoleTest {
  private static final Pattern SESSION = Pattern.compile("jsessionid=([0-9a-f]+)");

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void logsInCreatesInsertsAndSelects() throws Exception {
    String database = "jdbc:h2:mem:console-" + System.nanoTime();
    var console =
        ServletContainer.builder()
            .servlet(
                "console",
                new JakartaWebServlet(),
                registration -> {
                  registration.addMapping("/*");
                  // No settings file in the home of whoever runs the test.
                  registration.setInitParameter("properties", "null");
                })
            .build();
    // The console opens only databases that exist.
    try (Connection keptOpen = DriverManager.getConnection(database, "sa", "");
        var server = new BridgeServer(mount("/h2", console))) {
      assertThat(keptOpen.isValid(0)).isTrue();
      assertThat(server.get("/h2").headers().firstValue("Location")).hasValue("/h2/");

      HttpResponse<String> index = server.get("/h2/");
      assertThat(index.statusCode()).isEqualTo(200);
      assertThat(index.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
      Matcher session = SESSION.matcher(index.body());
      assertThat(session.find()).as(index.body()).isTrue();
      String query = "?jsessionid=" + session.group(1);
      assertThat(server.get("/h2/login.jsp" + query).body()).contains("login.do");
      assertThat(server.get("/h2/stylesheet.css").headers().firstValue("Content-Type"))
          .hasValue("text/css");

      HttpResponse<String> login =
          server.post(
              "/h2/login.do" + query,
              "driver=org.h2.Driver&url=" + encode(database) + "&user=sa&password=&name=x");
      assertThat(login.body()).contains("<frameset").doesNotContain("login.do");

      assertThat(sql(server, query, "create table storms(id int, name varchar(50))"))
          .contains("Update count: 0");
      assertThat(sql(server, query, "insert into storms values(1, 'Elly'), (2, 'Käthe & <b>')"))
          .contains("Update count: 2");
      assertThat(sql(server, query, "select * from storms order by id"))
          .contains("Elly", "K&#228;the &amp; &lt;b&gt;");
      assertThat(server.get("/h2/tables.do" + query).body()).contains("STORMS");
      assertThat(server.get("/h2/none.gif").statusCode()).isEqualTo(404);
      assertThat(server.get("/h2/logout.do" + query).statusCode()).isEqualTo(200);
    }
  }

  private static String sql(BridgeServer server, String query, String statement) throws Exception {
    HttpResponse<String> answer = server.post("/h2/query.do" + query, "sql=" + encode(statement));
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }
}
