// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.demo;

import jakarta.servlet.ServletRegistration;
import java.sql.SQLException;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.server.web.JakartaWebServlet;
import org.waterspout.bridge.ServletContainer;

/** An H2 database in memory, and H2's own web console: a servlet that knows nothing of us. */
final class Database {
  /** What the console's login form wants; the user is {@code sa}, without a password. */
  static final String URL = "jdbc:h2:mem:demo;DB_CLOSE_DELAY=-1";

  private final JdbcDataSource source = new JdbcDataSource();

  Database() {
    source.setURL(URL);
    source.setUser("sa");
    try {
      source.getConnection().close(); // the console opens databases, and creates none
    } catch (SQLException e) {
      throw new IllegalStateException("the database cannot be created", e);
    }
  }

  /** Blocks while the database works. */
  String version() throws SQLException {
    try (var connection = source.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT H2VERSION()")) {
      rows.next();
      return rows.getString(1);
    }
  }

  ServletContainer console() {
    return ServletContainer.builder()
        .displayName("H2 console")
        .servlet("console", new JakartaWebServlet(), Database::declare)
        .build();
  }

  private static void declare(ServletRegistration.Dynamic console) {
    console.addMapping("/*");
    console.setInitParameter("properties", "null"); // no settings file in the user's home
  }
}
