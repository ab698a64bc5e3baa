// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** The demo's application, the same for the native server and the WAR. */
@SuppressWarnings("requires-automatic") // H2 is no module yet
module org.waterspout.examples.demo {
  requires static transitive org.jspecify;
  requires com.h2database;
  requires java.naming; // H2's DataSource is a Referenceable
  requires java.sql;
  requires org.waterspout.bridge;
  requires transitive org.waterspout.web;

  exports org.waterspout.examples.demo;
}
