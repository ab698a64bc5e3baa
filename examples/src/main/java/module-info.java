// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** The programs of the guide. */
@SuppressWarnings("requires-automatic") // H2 and Undertow are no modules yet
module org.waterspout.examples {
  requires static transitive org.jspecify;
  requires transitive org.eclipse.jetty.server;
  requires com.h2database;
  requires java.naming; // H2's pool is a DataSource and a Referenceable
  requires java.sql;
  requires org.eclipse.jetty.ee11.webapp;
  requires org.waterspout.adapter;
  requires org.waterspout.bridge;
  requires org.waterspout.examples.demo;
  requires org.waterspout.ioloop;
  requires org.waterspout.web;
  requires undertow.core;

  exports org.waterspout.examples;

  opens org.waterspout.examples; // for JSON into records
}
