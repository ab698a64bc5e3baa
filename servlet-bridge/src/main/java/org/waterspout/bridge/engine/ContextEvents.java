// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextAttributeEvent;
import jakarta.servlet.ServletContextAttributeListener;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestAttributeEvent;
import jakarta.servlet.ServletRequestAttributeListener;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import java.lang.System.Logger.Level;
import java.util.EventListener;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/** Tells listeners what happens to the context and to requests. */
final class ContextEvents {
  private final ServletContext context;
  private final List<ServletContextAttributeListener> contextAttributes;
  private final List<ServletRequestListener> requests;
  private final List<ServletRequestAttributeListener> requestAttributes;

  ContextEvents(ServletContext context, List<EventListener> listeners) {
    this.context = context;
    contextAttributes = ofType(listeners, ServletContextAttributeListener.class);
    requests = ofType(listeners, ServletRequestListener.class);
    requestAttributes = ofType(listeners, ServletRequestAttributeListener.class);
  }

  static <T> List<T> ofType(List<EventListener> listeners, Class<T> type) {
    return listeners.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** In reverse order; what a listener throws is logged. */
  static void contextDestroyed(ServletContext context, List<ServletContextListener> listeners) {
    for (ServletContextListener listener : listeners.reversed()) {
      try {
        listener.contextDestroyed(new ServletContextEvent(context));
      } catch (RuntimeException | Error e) {
        Log.APPLICATION.log(Level.ERROR, "a context listener failed in contextDestroyed", e);
      }
    }
  }

  void contextAttributeSet(String name, Object value, @Nullable Object old) {
    for (ServletContextAttributeListener listener : contextAttributes) {
      if (old == null) {
        listener.attributeAdded(new ServletContextAttributeEvent(context, name, value));
      } else {
        listener.attributeReplaced(new ServletContextAttributeEvent(context, name, old));
      }
    }
  }

  void contextAttributeRemoved(String name, Object value) {
    for (ServletContextAttributeListener listener : contextAttributes) {
      listener.attributeRemoved(new ServletContextAttributeEvent(context, name, value));
    }
  }

  /** Whether anybody wants to know when requests come and go. */
  boolean areToldOfRequests() {
    return !requests.isEmpty();
  }

  void requestInitialized(ServletRequest request) {
    for (ServletRequestListener listener : requests) {
      listener.requestInitialized(new ServletRequestEvent(context, request));
    }
  }

  /** In reverse order; what a listener throws is logged. */
  void requestDestroyed(ServletRequest request) {
    for (ServletRequestListener listener : requests.reversed()) {
      try {
        listener.requestDestroyed(new ServletRequestEvent(context, request));
      } catch (RuntimeException | Error e) {
        Log.APPLICATION.log(
            Level.ERROR, "a request listener failed in requestDestroyed", Log.cleaned(e));
      }
    }
  }

  void attributeSet(ServletRequest request, String name, Object value, @Nullable Object old) {
    for (ServletRequestAttributeListener listener : requestAttributes) {
      if (old == null) {
        listener.attributeAdded(new ServletRequestAttributeEvent(context, request, name, value));
      } else {
        listener.attributeReplaced(new ServletRequestAttributeEvent(context, request, name, old));
      }
    }
  }

  void attributeRemoved(ServletRequest request, String name, Object value) {
    for (ServletRequestAttributeListener listener : requestAttributes) {
      listener.attributeRemoved(new ServletRequestAttributeEvent(context, request, name, value));
    }
  }
}
