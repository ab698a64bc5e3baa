// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.message.Parameters;

/**
 * A request as the target of a dispatch sees it: with attributes of the dispatch's own, and with
 * the parameters of the dispatch's query before all others.
 */
abstract class DispatchedRequest extends HttpServletRequestWrapper {
  private final WebApp app;
  private final DispatcherType type;
  private final @Nullable String query;

  /** The dispatch's own attributes; a null value hides one of the request's. */
  private final Map<String, @Nullable Object> own = new LinkedHashMap<>();

  /** Null within one context. */
  private final @Nullable Crossing crossing;

  /** Null until asked for. */
  private @Nullable Map<String, String[]> merged;

  DispatchedRequest(
      HttpServletRequest request, WebApp app, DispatcherType type, @Nullable String query) {
    super(request);
    this.app = app;
    this.type = type;
    this.query = query;
    this.crossing = Crossing.of(request, app);
  }

  final WebApp app() {
    return app;
  }

  /** What is crossed to the target's context; null if the request has been there. */
  final @Nullable Crossing crossing() {
    return crossing;
  }

  /** The path of the target's context. */
  final String targetContextPath() {
    return crossing == null ? dispatched().getContextPath() : crossing.contextPath();
  }

  final HttpServletRequest dispatched() {
    return (HttpServletRequest) getRequest();
  }

  /** Sets an attribute of the dispatch's own. */
  final void put(String name, @Nullable Object value) {
    own.put(name, value);
  }

  /** The path in the context that relative paths of dispatchers start from. */
  abstract String currentPath();

  @Override
  public final ServletContext getServletContext() {
    return crossing == null ? super.getServletContext() : crossing.context();
  }

  @Override
  public final @Nullable HttpSession getSession(boolean create) {
    return crossing == null ? super.getSession(create) : crossing.tracking().session(create);
  }

  @Override
  public final @Nullable HttpSession getSession() {
    return crossing == null ? super.getSession() : crossing.tracking().session(true);
  }

  @Override
  public final String changeSessionId() {
    return crossing == null ? super.changeSessionId() : crossing.tracking().changeId();
  }

  @Override
  public final @Nullable String getRequestedSessionId() {
    return crossing == null ? super.getRequestedSessionId() : crossing.tracking().requestedId();
  }

  @Override
  public final boolean isRequestedSessionIdValid() {
    return crossing == null
        ? super.isRequestedSessionIdValid()
        : crossing.tracking().requestedIdValid();
  }

  @Override
  public final boolean isRequestedSessionIdFromCookie() {
    return crossing == null
        ? super.isRequestedSessionIdFromCookie()
        : crossing.tracking().requestedByCookie();
  }

  @Override
  public final boolean isRequestedSessionIdFromURL() {
    return crossing == null
        ? super.isRequestedSessionIdFromURL()
        : crossing.tracking().requestedByURL();
  }

  @Override
  public final DispatcherType getDispatcherType() {
    return type;
  }

  @Override
  public final @Nullable RequestDispatcher getRequestDispatcher(@Nullable String path) {
    return app.routing().dispatcher(path, currentPath());
  }

  @Override
  public final @Nullable Object getAttribute(String name) {
    return own.containsKey(name) ? own.get(name) : super.getAttribute(name);
  }

  @Override
  public final Enumeration<String> getAttributeNames() {
    Set<String> names = new LinkedHashSet<>(Collections.list(super.getAttributeNames()));
    own.forEach(
        (name, value) -> {
          if (value == null) {
            names.remove(name);
          } else {
            names.add(name);
          }
        });
    return Collections.enumeration(names);
  }

  @Override
  public final void setAttribute(String name, @Nullable Object value) {
    if (own.containsKey(name)) {
      own.put(name, value);
    } else {
      super.setAttribute(name, value);
    }
  }

  @Override
  public final void removeAttribute(String name) {
    setAttribute(name, null);
  }

  @Override
  public final @Nullable String getParameter(String name) {
    if (query == null) {
      return super.getParameter(name);
    }
    String[] values = parameters().get(name);
    return values == null ? null : values[0];
  }

  @Override
  public final String @Nullable [] getParameterValues(String name) {
    if (query == null) {
      return super.getParameterValues(name);
    }
    String[] values = parameters().get(name);
    return values == null ? null : values.clone();
  }

  @Override
  public final Enumeration<String> getParameterNames() {
    return query == null
        ? super.getParameterNames()
        : Collections.enumeration(parameters().keySet());
  }

  @Override
  public final Map<String, String[]> getParameterMap() {
    return query == null ? super.getParameterMap() : Collections.unmodifiableMap(parameters());
  }

  private Map<String, String[]> parameters() {
    Map<String, String[]> known = merged;
    if (known == null) {
      known = merge();
      merged = known;
    }
    return known;
  }

  /** Servlet 6.1 section 9.1.1: the dispatch's values come before those of the request. */
  private Map<String, String[]> merge() {
    var added = new Parameters(app.options().limits().maxParameters());
    if (query != null) {
      added.parse(query.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
    Map<String, String[]> result = new LinkedHashMap<>(added.toMap());
    super.getParameterMap()
        .forEach(
            (name, values) -> {
              List<String> all = new ArrayList<>();
              if (result.get(name) != null) {
                all.addAll(List.of(result.get(name)));
              }
              all.addAll(List.of(values));
              result.put(name, all.toArray(String[]::new));
            });
    return result;
  }
}
