// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.blocking;
import static org.waterspout.web.Application.url;

import java.sql.SQLException;
import java.util.Map;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;
import org.waterspout.examples.Todos.Todo;
import org.waterspout.http.HTTPStatus;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;
import org.waterspout.web.HTTPError;
import org.waterspout.web.RequestHandler;

/**
 * A list of things to do: an API that speaks JSON, over an H2 database that is asked off the loop,
 * with a page at {@code /} that uses it. With a certificate and its key, by HTTPS.
 *
 * <pre>
 *   GET    /todos        all of them
 *   POST   /todos        {"title":"Buy rope"}: one more
 *   GET    /todos/ID     one
 *   PATCH  /todos/ID     {"title":"Buy more rope","done":true}: changes what is there
 *   DELETE /todos/ID     removes it
 * </pre>
 *
 * <p>Errors are JSON too: {@code {"status":404,"error":"Not Found"}}.
 */
final class TodoApi {
  private static final int MAX_TITLE = 200;

  private TodoApi() {}

  /** What a client sends for one more. */
  record NewTodo(String title) {
    NewTodo {
      title = checked(title);
    }
  }

  /** What a client sends to change one; null stays as it is. */
  record Change(@Nullable String title, @Nullable Boolean done) {
    Change {
      title = title == null ? null : checked(title);
    }
  }

  /** What a record refuses is answered with 400, like everything that does not fit it. */
  private static String checked(@Nullable String title) {
    var stripped = title == null ? "" : title.strip();
    if (stripped.isEmpty() || stripped.length() > MAX_TITLE) {
      throw new IllegalArgumentException("a title has 1 to " + MAX_TITLE + " characters");
    }
    return stripped;
  }

  /** What all handlers of the API have in common. */
  abstract static class ApiHandler extends RequestHandler {
    final Todos todos;

    ApiHandler(Todos todos) {
      this.todos = todos;
    }

    @Override
    protected void writeError(int status, @Nullable Throwable cause) {
      writeJSON(Map.of("status", status, "error", HTTPStatus.reason(status)));
    }
  }

  static final class TodosHandler extends ApiHandler {
    TodosHandler(Todos todos) {
      super(todos);
    }

    @Override
    protected void get() {
      writeJSON(await(blocking(todos::all)));
    }

    @Override
    protected void post() {
      var wanted = getJSONBody(NewTodo.class);
      var added = await(blocking(() -> todos.add(wanted.title())));
      setStatus(201);
      setHeader("Location", reverseUrl("todo", added.id()));
      writeJSON(added);
    }
  }

  static final class TodoHandler extends ApiHandler {
    TodoHandler(Todos todos) {
      super(todos);
    }

    private long id() {
      return Long.parseLong(pathArgument("id")); // digits, and few enough, by the route
    }

    private void writeFound(@Nullable Todo todo) {
      if (todo == null) {
        throw new HTTPError(404);
      }
      writeJSON(todo);
    }

    @Override
    protected void get() {
      long id = id(); // not within blocking: what is the handler's belongs on the loop
      writeFound(await(blocking(() -> todos.find(id))));
    }

    @Override
    protected void patch() {
      long id = id();
      var change = getJSONBody(Change.class);
      writeFound(await(blocking(() -> todos.change(id, change.title(), change.done()))));
    }

    @Override
    protected void delete() {
      long id = id();
      if (!await(blocking(() -> todos.remove(id)))) {
        throw new HTTPError(404);
      }
      setStatus(204);
    }
  }

  static Application application(Todos todos) {
    return new Application(
        url("/", () -> new Page("todo.html")),
        url("/todos", () -> new TodosHandler(todos)),
        url("/todos/(?<id>[0-9]{1,18})", () -> new TodoHandler(todos)).name("todo"));
  }

  /** A database in memory, or in a file; the pool keeps its connections. */
  static JdbcConnectionPool database(String name) {
    return JdbcConnectionPool.create("jdbc:h2:" + name, "sa", "");
  }

  static void main(String[] args) throws SQLException {
    var options =
        Options.of("A list of things to do: a JSON API over a database, with a page.")
            .serving(8888)
            .option("database", "mem:todo", "H2's name of the database; file:./todo keeps it")
            .parse(args);
    var todos = new Todos(database(options.text("database")));
    var _ = options.listen(application(todos));
    IOLoop.current().start();
  }
}
