// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.session;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Collection;
import java.util.EventListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells listeners, and values that want to know, what happens to sessions. */
public final class SessionEvents {
  private final List<HttpSessionListener> lives;
  private final List<HttpSessionAttributeListener> attributes;
  private final List<HttpSessionIdListener> ids;

  public SessionEvents(List<EventListener> listeners) {
    lives = ofType(listeners, HttpSessionListener.class);
    attributes = ofType(listeners, HttpSessionAttributeListener.class);
    ids = ofType(listeners, HttpSessionIdListener.class);
  }

  private static <T> List<T> ofType(List<EventListener> listeners, Class<T> type) {
    return listeners.stream().filter(type::isInstance).map(type::cast).toList();
  }

  void created(HttpSession session) {
    for (HttpSessionListener listener : lives) {
      listener.sessionCreated(new HttpSessionEvent(session));
    }
  }

  /** In reverse order, as the specification wants. */
  void destroyed(HttpSession session) {
    for (HttpSessionListener listener : lives.reversed()) {
      listener.sessionDestroyed(new HttpSessionEvent(session));
    }
  }

  void idChanged(HttpSession session, String oldId) {
    for (HttpSessionIdListener listener : ids) {
      listener.sessionIdChanged(new HttpSessionEvent(session), oldId);
    }
  }

  /** The session is about to be serialised. */
  void passivating(HttpSession session, Collection<Object> values) {
    for (Object value : values) {
      if (value instanceof HttpSessionActivationListener listener) {
        listener.sessionWillPassivate(new HttpSessionEvent(session));
      }
    }
  }

  /** The session can be used after it was serialised, here or elsewhere. */
  void activated(HttpSession session, Collection<Object> values) {
    for (Object value : values) {
      if (value instanceof HttpSessionActivationListener listener) {
        listener.sessionDidActivate(new HttpSessionEvent(session));
      }
    }
  }

  void binding(HttpSession session, String name, Object value) {
    if (value instanceof HttpSessionBindingListener bound) {
      bound.valueBound(new HttpSessionBindingEvent(session, name, value));
    }
  }

  /** An attribute was set; {@code old} is null if it was not there. */
  @SuppressWarnings("ReferenceEquality") // the same object again stays bound
  void set(HttpSession session, String name, Object value, @Nullable Object old) {
    if (old != null && old != value && old instanceof HttpSessionBindingListener unbound) {
      unbound.valueUnbound(new HttpSessionBindingEvent(session, name, old));
    }
    for (HttpSessionAttributeListener listener : attributes) {
      if (old == null) {
        listener.attributeAdded(new HttpSessionBindingEvent(session, name, value));
      } else {
        listener.attributeReplaced(new HttpSessionBindingEvent(session, name, old));
      }
    }
  }

  void removed(HttpSession session, String name, Object value) {
    var event = new HttpSessionBindingEvent(session, name, value);
    if (value instanceof HttpSessionBindingListener unbound) {
      unbound.valueUnbound(event);
    }
    for (HttpSessionAttributeListener listener : attributes) {
      listener.attributeRemoved(event);
    }
  }
}
