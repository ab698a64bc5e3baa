// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * Servlets inside the async server: mount a {@link org.waterspout.bridge.ServletContainer} under a
 * path of an Application. Everything but that package is the engine behind it.
 */
@SuppressWarnings("requires-automatic") // the migration tool
module org.waterspout.bridge {
  requires static transitive org.jspecify;
  requires transitive jakarta.servlet;
  requires java.logging; // the migration tool's
  requires java.xml;
  requires java.sql; // drivers that a WAR leaves behind
  requires static jakartaee.migration;
  requires transitive org.waterspout.web;

  exports org.waterspout.bridge;
}
