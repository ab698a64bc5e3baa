// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.waterspout.httpclient.HTTPResponse;
import org.waterspout.web.Application;
import org.waterspout.web.testing.ApplicationExtension;

/** The API over a database of each test's own. */
@Timeout(60)
final class TodoApiTest {
  private final JdbcConnectionPool database = TodoApi.database("mem:"); // without a name: its own

  @RegisterExtension final ApplicationExtension app = ApplicationExtension.of(this::application);

  private Application application() {
    try {
      database.setMaxConnections(1); // each would have a database
      return TodoApi.application(new Todos(database));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void closeDatabase() {
    database.dispose();
  }

  private HTTPResponse send(String method, String path, String json) {
    return app.fetch(
        path,
        request -> request.method(method).header("Content-Type", "application/json").body(json));
  }

  @Test
  void addsAndLists() {
    assertThat(app.fetch("/todos").text()).isEqualTo("[]");
    var added = send("POST", "/todos", "{\"title\":\" Buy <rope> \"}");
    assertThat(added.code()).isEqualTo(201);
    assertThat(added.headers().get("Location")).isEqualTo("/todos/1");
    assertThat(added.text()).isEqualTo("{\"id\":1,\"title\":\"Buy <rope>\",\"done\":false}");
    assertThat(app.fetch("/todos/1").text()).isEqualTo(added.text());
    assertThat(app.fetch("/todos").text()).isEqualTo("[" + added.text() + "]");
  }

  @Test
  void changesWhatIsGiven() {
    var _ = send("POST", "/todos", "{\"title\":\"a\"}");
    assertThat(send("PATCH", "/todos/1", "{\"done\":true}").text())
        .isEqualTo("{\"id\":1,\"title\":\"a\",\"done\":true}");
    assertThat(send("PATCH", "/todos/1", "{\"title\":\"b\"}").text())
        .isEqualTo("{\"id\":1,\"title\":\"b\",\"done\":true}");
    assertThat(app.fetch("/todos/1").text()).contains("\"b\"");
  }

  @Test
  void removes() {
    var _ = send("POST", "/todos", "{\"title\":\"a\"}");
    assertThat(app.fetch("/todos/1", request -> request.method("DELETE")).code()).isEqualTo(204);
    assertThat(app.fetch("/todos/1", request -> request.method("DELETE")).code()).isEqualTo(404);
    assertThat(app.fetch("/todos").text()).isEqualTo("[]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST|/todos|{}|400|Bad Request",
        "POST|/todos|{\"title\":\"  \"}|400|Bad Request",
        "POST|/todos|{\"title\":7}|400|Bad Request",
        "POST|/todos|[|400|Bad Request",
        "PATCH|/todos/1|{\"done\":\"yes\"}|400|Bad Request",
        "PATCH|/todos/1|{\"done\":true}|404|Not Found",
        "PATCH|/todos/999999999999999999|{}|404|Not Found",
        "PUT|/todos|{}|405|Method Not Allowed",
      })
  void errorsAreJSON(String method, String path, String json, int status, String error) {
    var answer = send(method, path, json);
    assertThat(answer.code()).isEqualTo(status);
    assertThat(answer.text())
        .contains("\"status\":" + status, "\"error\":\"" + error + "\"")
        .startsWith("{");
  }

  @Test
  void refusesATitleThatIsTooLong() {
    assertThat(send("POST", "/todos", "{\"title\":\"" + "x".repeat(201) + "\"}").code())
        .isEqualTo(400);
    assertThat(send("POST", "/todos", "{\"title\":\"" + "x".repeat(200) + "\"}").code())
        .isEqualTo(201);
  }

  @Test
  void takesNoForms() {
    var form =
        app.fetch(
            "/todos",
            request ->
                request
                    .method("POST")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .body("title=a"));
    assertThat(form.code()).isEqualTo(415);
  }

  @Test
  void showsItsPage() {
    assertThat(app.fetch("/").text()).contains("<title>Things to do</title>");
  }
}
