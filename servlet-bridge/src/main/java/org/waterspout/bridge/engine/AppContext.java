// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextAttributeListener;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.ServletRequestAttributeListener;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.SessionTrackingMode;
import jakarta.servlet.descriptor.JspConfigDescriptor;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.MalformedURLException;
import java.net.URL;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.EventListener;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.deployment.Component;
import org.waterspout.bridge.deployment.DeploymentDraft;
import org.waterspout.bridge.mapping.CanonicalPath;
import org.waterspout.bridge.mapping.SuspiciousPathException;
import org.waterspout.bridge.message.MimeTypes;
import org.waterspout.log.Log;

/**
 * The application as its components see it. What declares throws once the application has started.
 */
final class AppContext implements ServletContext {
  private static final String RESOURCES = "META-INF/resources";
  private static final List<Class<? extends EventListener>> LISTENERS =
      List.of(
          ServletContextAttributeListener.class,
          ServletRequestListener.class,
          ServletRequestAttributeListener.class,
          HttpSessionListener.class,
          HttpSessionAttributeListener.class,
          HttpSessionIdListener.class);

  private final WebApp app;
  private final DeploymentDraft draft;
  private final String contextPath;
  private final Map<String, Object> attributes = new ConcurrentHashMap<>();

  /** Null until the declaration is final; those declared so far are told until then. */
  private volatile @Nullable ContextEvents events;

  AppContext(WebApp app, DeploymentDraft draft, String contextPath) {
    this.app = app;
    this.draft = draft;
    this.contextPath = contextPath;
  }

  void setEvents(ContextEvents events) {
    this.events = events;
  }

  private ContextEvents events() {
    ContextEvents known = events;
    return known != null ? known : new ContextEvents(this, draft.listeners());
  }

  // ---- what it is

  @Override
  public String getContextPath() {
    return contextPath;
  }

  /** This context for its own paths; those of other mounts are out of reach. */
  @Override
  public @Nullable ServletContext getContext(@Nullable String uri) {
    boolean own = uri != null && (uri.equals(contextPath) || uri.startsWith(contextPath + "/"));
    return own && !contextPath.isEmpty() ? this : null;
  }

  @Override
  public int getMajorVersion() {
    return 6;
  }

  @Override
  public int getMinorVersion() {
    return 1;
  }

  @Override
  public int getEffectiveMajorVersion() {
    return 6;
  }

  @Override
  public int getEffectiveMinorVersion() {
    return 1;
  }

  @Override
  public String getServerInfo() {
    return "Waterspout";
  }

  @Override
  public String getServletContextName() {
    return draft.displayName();
  }

  @Override
  public String getVirtualServerName() {
    return "waterspout";
  }

  @Override
  public ClassLoader getClassLoader() {
    return draft.classLoader();
  }

  // ---- resources

  @Override
  public @Nullable String getMimeType(@Nullable String file) {
    return file == null ? null : MimeTypes.of(file, draft.mimeTypes());
  }

  /** A resource of the class path under {@code META-INF/resources}, Servlet 6.1 section 4.6. */
  @Override
  public @Nullable URL getResource(@Nullable String path) throws MalformedURLException {
    if (path == null || !path.startsWith("/")) {
      throw new MalformedURLException("a resource begins with a slash");
    }
    try {
      String canonical = CanonicalPath.ofApplication(CanonicalPath.encode(path)).path();
      return draft.classLoader().getResource(RESOURCES + canonical);
    } catch (SuspiciousPathException e) {
      return null;
    }
  }

  @Override
  public @Nullable InputStream getResourceAsStream(@Nullable String path) {
    try {
      URL resource = getResource(path);
      return resource == null ? null : resource.openStream();
    } catch (IOException e) {
      return null;
    }
  }

  /** Null: a class path cannot be listed. */
  @Override
  public @Nullable Set<String> getResourcePaths(String path) {
    return null;
  }

  /** Null: nothing is a file. */
  @Override
  public @Nullable String getRealPath(String path) {
    return null;
  }

  // ---- dispatchers and log

  @Override
  public @Nullable RequestDispatcher getRequestDispatcher(@Nullable String path) {
    boolean absolute = path != null && (path.isEmpty() || path.startsWith("/"));
    return absolute ? app.dispatcher(path, "/") : null;
  }

  @Override
  public @Nullable RequestDispatcher getNamedDispatcher(@Nullable String name) {
    return name == null ? null : app.namedDispatcher(name);
  }

  @Override
  public void log(String message) {
    Log.APPLICATION.log(Level.INFO, "{0}: {1}", contextPath, message);
  }

  @Override
  public void log(String message, Throwable failure) {
    Log.APPLICATION.log(Level.WARNING, contextPath + ": " + message, failure);
  }

  // ---- init parameters and attributes

  @Override
  public @Nullable String getInitParameter(String name) {
    if (name == null) {
      throw new NullPointerException("name");
    }
    return draft.contextParameters().get(name);
  }

  @Override
  public Enumeration<String> getInitParameterNames() {
    return Collections.enumeration(draft.contextParameters().keySet());
  }

  @Override
  public boolean setInitParameter(String name, String value) {
    if (name == null) {
      throw new NullPointerException("name");
    }
    return draft.addContextParameter(name, value);
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    return attributes.get(name);
  }

  @Override
  public Enumeration<String> getAttributeNames() {
    return Collections.enumeration(List.copyOf(attributes.keySet()));
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    if (value == null) {
      removeAttribute(name);
      return;
    }
    Object old = attributes.put(name, value);
    events().contextAttributeSet(name, value, old);
  }

  @Override
  public void removeAttribute(String name) {
    Object old = attributes.remove(name);
    if (old != null) {
      events().contextAttributeRemoved(name, old);
    }
  }

  // ---- servlets

  @Override
  public ServletRegistration.@Nullable Dynamic addServlet(String name, String className) {
    return draft.addServlet(name, Component.named(className));
  }

  @Override
  public ServletRegistration.@Nullable Dynamic addServlet(String name, Servlet servlet) {
    return draft.addServlet(name, Component.of(servlet));
  }

  @Override
  public ServletRegistration.@Nullable Dynamic addServlet(
      String name, Class<? extends Servlet> type) {
    return draft.addServlet(name, Component.of(type));
  }

  @Override
  public ServletRegistration.Dynamic addJspFile(String name, String file) {
    throw new UnsupportedOperationException("JSP is not supported");
  }

  @Override
  public @Nullable JspConfigDescriptor getJspConfigDescriptor() {
    return null;
  }

  @Override
  public <T extends Servlet> T createServlet(Class<T> type) throws ServletException {
    return create(type);
  }

  @Override
  public @Nullable ServletRegistration getServletRegistration(String name) {
    return draft.servlets().get(name);
  }

  @Override
  public Map<String, ? extends ServletRegistration> getServletRegistrations() {
    return draft.servlets();
  }

  // ---- filters

  @Override
  public FilterRegistration.@Nullable Dynamic addFilter(String name, String className) {
    return draft.addFilter(name, Component.named(className));
  }

  @Override
  public FilterRegistration.@Nullable Dynamic addFilter(String name, Filter filter) {
    return draft.addFilter(name, Component.of(filter));
  }

  @Override
  public FilterRegistration.@Nullable Dynamic addFilter(String name, Class<? extends Filter> type) {
    return draft.addFilter(name, Component.of(type));
  }

  @Override
  public <T extends Filter> T createFilter(Class<T> type) throws ServletException {
    return create(type);
  }

  @Override
  public @Nullable FilterRegistration getFilterRegistration(String name) {
    return draft.filters().get(name);
  }

  @Override
  public Map<String, ? extends FilterRegistration> getFilterRegistrations() {
    return draft.filters();
  }

  // ---- listeners

  @Override
  public void addListener(String className) {
    try {
      Class<?> type = Class.forName(className, true, draft.classLoader());
      addListener(type.asSubclass(EventListener.class));
    } catch (ClassNotFoundException | ClassCastException e) {
      throw new IllegalArgumentException("not a listener: " + className, e);
    }
  }

  @Override
  public void addListener(Class<? extends EventListener> type) {
    draft.checkOpen();
    try {
      addListener(create(type));
    } catch (ServletException e) {
      throw new IllegalArgumentException("not a listener: " + type.getName(), e);
    }
  }

  @Override
  public <T extends EventListener> void addListener(T listener) {
    draft.checkOpen();
    if (listener instanceof ServletContextListener) {
      throw new IllegalArgumentException("a context listener comes too late while others run");
    }
    if (LISTENERS.stream().noneMatch(type -> type.isInstance(listener))) {
      throw new IllegalArgumentException("not a listener: " + listener.getClass().getName());
    }
    draft.addListener(listener);
  }

  @Override
  public <T extends EventListener> T createListener(Class<T> type) throws ServletException {
    return create(type);
  }

  private <T> T create(Class<T> type) throws ServletException {
    try {
      return Component.<T>of(type).create(draft.classLoader(), type);
    } catch (ReflectiveOperationException e) {
      throw new ServletException(type.getName() + " cannot be made", e);
    }
  }

  // ---- sessions, encodings, roles

  @Override
  public SessionCookieConfig getSessionCookieConfig() {
    return draft.sessionCookie();
  }

  @Override
  public void setSessionTrackingModes(Set<SessionTrackingMode> modes) {
    draft.trackingModes(modes);
  }

  @Override
  public Set<SessionTrackingMode> getDefaultSessionTrackingModes() {
    return Set.of(SessionTrackingMode.COOKIE);
  }

  @Override
  public Set<SessionTrackingMode> getEffectiveSessionTrackingModes() {
    return draft.trackingModes();
  }

  @Override
  public int getSessionTimeout() {
    return (int) draft.sessionTimeout().toMinutes();
  }

  @Override
  public void setSessionTimeout(int minutes) {
    draft.sessionTimeout(Duration.ofMinutes(minutes));
  }

  @Override
  public @Nullable String getRequestCharacterEncoding() {
    return draft.requestEncoding();
  }

  @Override
  public void setRequestCharacterEncoding(@Nullable String encoding) {
    draft.requestEncoding(encoding);
  }

  @Override
  public @Nullable String getResponseCharacterEncoding() {
    return draft.responseEncoding();
  }

  @Override
  public void setResponseCharacterEncoding(@Nullable String encoding) {
    draft.responseEncoding(encoding);
  }

  /** Taken and without effect: nobody is in a role. */
  @Override
  public void declareRoles(String... roleNames) {
    draft.checkOpen();
  }
}
