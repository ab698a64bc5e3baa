// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What is to be done, in a table. All of it blocks while the database works. */
final class Todos {
  private static final String SELECT = "SELECT ID, TITLE, DONE FROM TODO ";

  private final DataSource database;

  /** Makes the table if it is not there. */
  Todos(DataSource database) throws SQLException {
    this.database = database;
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS TODO (ID BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
              + " TITLE VARCHAR(200) NOT NULL, DONE BOOLEAN NOT NULL)");
    }
  }

  /** One thing to do. */
  record Todo(long id, String title, boolean done) {}

  List<Todo> all() throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(SELECT + "ORDER BY ID")) {
      return read(statement);
    }
  }

  /** Null if there is none with this id. */
  @Nullable Todo find(long id) throws SQLException {
    try (var connection = database.getConnection()) {
      return find(connection, id);
    }
  }

  Todo add(String title) throws SQLException {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "INSERT INTO TODO (TITLE, DONE) VALUES (?, FALSE)",
                Statement.RETURN_GENERATED_KEYS)) {
      statement.setString(1, title);
      statement.executeUpdate();
      try (var keys = statement.getGeneratedKeys()) {
        keys.next();
        return new Todo(keys.getLong(1), title, false);
      }
    }
  }

  /** Changes what is not null; null if there is none with this id. */
  @Nullable Todo change(long id, @Nullable String title, @Nullable Boolean done)
      throws SQLException {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "UPDATE TODO SET TITLE = COALESCE(?, TITLE), DONE = COALESCE(?, DONE)"
                    + " WHERE ID = ?")) {
      statement.setString(1, title);
      statement.setObject(2, done);
      statement.setLong(3, id);
      statement.executeUpdate();
      return find(connection, id);
    }
  }

  /** Whether there was one. */
  boolean remove(long id) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement("DELETE FROM TODO WHERE ID = ?")) {
      statement.setLong(1, id);
      return statement.executeUpdate() == 1;
    }
  }

  private static @Nullable Todo find(Connection connection, long id) throws SQLException {
    try (var statement = connection.prepareStatement(SELECT + "WHERE ID = ?")) {
      statement.setLong(1, id);
      var found = read(statement);
      return found.isEmpty() ? null : found.getFirst();
    }
  }

  private static List<Todo> read(PreparedStatement statement) throws SQLException {
    var todos = new ArrayList<Todo>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        todos.add(new Todo(rows.getLong("ID"), rows.getString("TITLE"), rows.getBoolean("DONE")));
      }
    }
    return todos;
  }
}
