// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** The programs of the guide. */
module org.waterspout.examples {
  requires static transitive org.jspecify;
  requires transitive org.eclipse.jetty.server;
  requires org.eclipse.jetty.ee11.webapp;
  requires org.waterspout.examples.demo;
  requires org.waterspout.ioloop;
  requires org.waterspout.web;

  exports org.waterspout.examples;
}
