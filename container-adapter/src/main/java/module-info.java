// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * Runs an {@code Application} inside a container: a servlet container, Jetty's core or Undertow.
 * The container's API is provided.
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Undertow's modules
module org.waterspout.adapter {
  requires static transitive org.jspecify;
  requires transitive jakarta.servlet;
  requires static jakarta.websocket; // WebSockets, where the container has it
  requires static transitive org.eclipse.jetty.server;
  requires static transitive undertow.core;
  requires static xnio.api;
  requires transitive org.waterspout.web;
  requires java.xml;

  exports org.waterspout.adapter;
  exports org.waterspout.adapter.jetty;
  exports org.waterspout.adapter.undertow;

  provides jakarta.servlet.ServletContainerInitializer with
      org.waterspout.adapter.WaterspoutInitializer;
}
