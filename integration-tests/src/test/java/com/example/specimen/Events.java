// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextAttributeEvent;
import jakarta.servlet.ServletContextAttributeListener;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRequestAttributeEvent;
import jakarta.servlet.ServletRequestAttributeListener;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Chapter 11: keeps what it is told, until somebody asks. */
public final class Events
    implements ServletContextListener,
        ServletContextAttributeListener,
        ServletRequestListener,
        ServletRequestAttributeListener,
        HttpSessionListener,
        HttpSessionAttributeListener,
        HttpSessionIdListener {
  private static final String OWN = "specimen.events";

  private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();

  /** What was told since the last question. */
  static List<String> taken(ServletContext context) {
    var told = ((Events) context.getAttribute(OWN)).told;
    var taken = new ArrayList<String>();
    for (var next = told.poll(); next != null; next = told.poll()) {
      taken.add(next);
    }
    return taken;
  }

  private void note(String what) {
    told.add(what);
  }

  private void note(String what, String name, Object value) {
    if (name.startsWith("specimen.") && !name.equals(OWN)) {
      note(what + " " + name + "=" + value);
    }
  }

  @Override
  public void contextInitialized(ServletContextEvent event) {
    event.getServletContext().setAttribute(OWN, this);
    note("context");
  }

  @Override
  public void attributeAdded(ServletContextAttributeEvent event) {
    note("context+", event.getName(), event.getValue());
  }

  @Override
  public void attributeRemoved(ServletContextAttributeEvent event) {
    note("context-", event.getName(), event.getValue());
  }

  @Override
  public void attributeReplaced(ServletContextAttributeEvent event) {
    note("context=", event.getName(), event.getValue());
  }

  @Override
  public void requestInitialized(ServletRequestEvent event) {
    note("request " + ((HttpServletRequest) event.getServletRequest()).getRequestURI());
  }

  @Override
  public void requestDestroyed(ServletRequestEvent event) {
    note("request done " + ((HttpServletRequest) event.getServletRequest()).getRequestURI());
  }

  @Override
  public void attributeAdded(ServletRequestAttributeEvent event) {
    note("request+", event.getName(), event.getValue());
  }

  @Override
  public void attributeRemoved(ServletRequestAttributeEvent event) {
    note("request-", event.getName(), event.getValue());
  }

  @Override
  public void attributeReplaced(ServletRequestAttributeEvent event) {
    note("request=", event.getName(), event.getValue());
  }

  @Override
  public void sessionCreated(HttpSessionEvent event) {
    note("session");
  }

  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    note("session done " + event.getSession().getAttribute("specimen.s"));
  }

  @Override
  public void sessionIdChanged(HttpSessionEvent event, String oldSessionId) {
    note("session id " + !oldSessionId.equals(event.getSession().getId()));
  }

  @Override
  public void attributeAdded(HttpSessionBindingEvent event) {
    note("session+", event.getName(), event.getValue());
  }

  @Override
  public void attributeRemoved(HttpSessionBindingEvent event) {
    note("session-", event.getName(), event.getValue());
  }

  @Override
  public void attributeReplaced(HttpSessionBindingEvent event) {
    note("session=", event.getName(), event.getValue());
  }
}
