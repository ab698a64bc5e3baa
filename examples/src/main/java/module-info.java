// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** The programs of the guide. */
@SuppressWarnings("requires-automatic") // H2 is no module yet
module org.waterspout.examples {
  requires static transitive org.jspecify;
  requires transitive org.eclipse.jetty.server;
  requires com.h2database;
  requires java.naming; // H2's pool is a DataSource and a Referenceable
  requires java.sql;
  requires org.eclipse.jetty.ee11.webapp;
  requires org.waterspout.examples.demo;
  requires org.waterspout.ioloop;
  requires org.waterspout.web;

  exports org.waterspout.examples;

  opens org.waterspout.examples; // for JSON into records
}
