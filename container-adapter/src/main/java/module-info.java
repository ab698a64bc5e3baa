// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** Runs an {@code Application} inside a servlet container: the container's API is provided. */
module org.waterspout.adapter {
  requires static transitive org.jspecify;
  requires transitive jakarta.servlet;
  requires static jakarta.websocket; // WebSockets, where the container has it
  requires transitive org.waterspout.web;
  requires java.xml;

  exports org.waterspout.adapter;

  provides jakarta.servlet.ServletContainerInitializer with
      org.waterspout.adapter.WaterspoutInitializer;
}
