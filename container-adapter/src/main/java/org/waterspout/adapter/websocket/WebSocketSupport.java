// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.websocket;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.WebSocketUpgrade;
import org.waterspout.http.Capability;
import org.waterspout.log.Log;

/**
 * What a container that has jakarta.websocket does for WebSockets. Known by its interface here,
 * since what implements it cannot be loaded where that API is missing. Callable from any thread.
 */
public interface WebSocketSupport {
  /** The request attribute under which an upgrade waits for the container's dispatch. */
  String UPGRADE = WebSocketUpgrade.class.getName();

  /**
   * What an exchange can do with it. Not compression, which would be by the container's options and
   * before our limits; nor see pings, which the API does not tell.
   */
  Set<Capability> CAPABILITIES =
      Collections.unmodifiableSet(
          EnumSet.of(Capability.WEBSOCKET, Capability.WEBSOCKET_PING_CONTROL));

  /** That of a web application; null if it has none. */
  static @Nullable WebSocketSupport of(ServletContext context) {
    // by its name: the constant would need the class
    var container = context.getAttribute("jakarta.websocket.server.ServerContainer");
    if (container == null) {
      return null;
    }
    try {
      return ServerContainerSupport.of(container);
    } catch (LinkageError e) {
      Log.GENERAL.log(
          Level.WARNING,
          "{0} has WebSockets, but jakarta.websocket cannot be used: {1}",
          context,
          e);
      return null;
    }
  }

  /**
   * What a web application without it needs, for a person.
   *
   * @param container name and version, "Jetty 12.1.12"
   */
  static String missing(ServletContext context, String container) {
    String what = "WebSockets need jakarta.websocket, which this web application does not have: ";
    if (context.getAttribute("jakarta.websocket.server.ServerContainer") != null) {
      return what + "it brings a copy of that API of its own, which must be left to the container";
    }
    boolean newer = context.getMajorVersion() > 6 || context.getMinorVersion() >= 1;
    String ee = newer ? "ee11" : "ee10";
    return what
        + switch (container.split(" ", 2)[0]) {
          case "Jetty" ->
              "add org.eclipse.jetty.%1$s.websocket:jetty-%1$s-websocket-jakarta-server, and in code"
                      .formatted(ee)
                  + " JakartaWebSocketServletContainerInitializer.configure(context, null);"
                  + " stand-alone, the module %s-websocket-jakarta".formatted(ee);
          case "Tomcat" ->
              "add org.apache.tomcat.embed:tomcat-embed-websocket, and in code"
                  + " context.addServletContainerInitializer(new WsSci(), null);"
                  + " stand-alone, lib/tomcat-websocket.jar";
          case "Undertow" ->
              "add io.undertow:undertow-websockets-jsr, and in code deployment"
                  + ".addServletContextAttribute(WebSocketDeploymentInfo.ATTRIBUTE_NAME,"
                  + " new WebSocketDeploymentInfo())";
          default -> "add the container's implementation of it";
        };
  }

  /**
   * Upgrades a request, on the container's thread and within its call of the servlet, be it an
   * async dispatch. The upgrade is told what came of it.
   */
  void upgrade(HttpServletRequest request, HttpServletResponse response, WebSocketUpgrade upgrade)
      throws IOException;
}
