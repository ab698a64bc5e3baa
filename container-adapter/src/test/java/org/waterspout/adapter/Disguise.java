// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Makes a servlet believe that it is in another container. */
final class Disguise implements Servlet {
  private final Servlet servlet;
  private final String serverInfo;

  Disguise(Servlet servlet, String serverInfo) {
    this.servlet = servlet;
    this.serverInfo = serverInfo;
  }

  @Override
  public void init(ServletConfig config) throws ServletException {
    var context =
        proxy(
            ServletContext.class,
            config.getServletContext(),
            (_, method, _) -> method.getName().equals("getServerInfo") ? serverInfo : null);
    servlet.init(
        proxy(
            ServletConfig.class,
            config,
            (_, method, _) -> method.getName().equals("getServletContext") ? context : null));
  }

  /** What the override does not answer goes to the original. */
  private static <T> T proxy(Class<T> type, T original, InvocationHandler override) {
    InvocationHandler handler =
        (self, method, args) -> {
          var answer = override.invoke(self, method, args);
          try {
            return answer != null ? answer : method.invoke(original, args);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return type.cast(
        Proxy.newProxyInstance(Disguise.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Override
  public ServletConfig getServletConfig() {
    return servlet.getServletConfig();
  }

  @Override
  public void service(ServletRequest request, ServletResponse response)
      throws ServletException, IOException {
    servlet.service(request, response);
  }

  @Override
  public String getServletInfo() {
    return servlet.getServletInfo();
  }

  @Override
  public void destroy() {
    servlet.destroy();
  }
}
