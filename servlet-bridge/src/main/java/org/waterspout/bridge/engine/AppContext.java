// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.SessionTrackingMode;
import jakarta.servlet.descriptor.JspConfigDescriptor;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
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
import org.waterspout.bridge.deployment.Environment;
import org.waterspout.bridge.deployment.Neighbours;
import org.waterspout.bridge.deployment.SessionConfig;
import org.waterspout.bridge.message.MimeTypes;
import org.waterspout.log.Log;

/**
 * The application as its components see it. What declares throws once the application has started,
 * and before that for listeners that are limited.
 */
final class AppContext implements ServletContext {
  private final DeploymentDraft draft;
  private final String contextPath;
  private final Registrations registrations;
  private final ContextResources resources;

  /** Null if no other contexts can be reached. */
  private final @Nullable Neighbours neighbours;

  private final WelcomeFiles welcomeFiles;
  private final Environment environment;
  private final Map<String, Object> attributes = new ConcurrentHashMap<>();

  /** While a context listener is told that no descriptor, annotation or mount has named. */
  private volatile boolean limited;

  /** Null until the declaration is final. */
  private volatile @Nullable WebApp app;

  AppContext(DeploymentDraft draft, Environment environment, String contextPath) {
    this.draft = draft;
    this.environment = environment;
    this.contextPath = contextPath;
    this.registrations = new Registrations(draft);
    this.resources = new ContextResources(environment.resources(), draft.classLoader());
    this.welcomeFiles = new WelcomeFiles(resources, environment.welcomeFiles());
    this.neighbours = draft.neighbours();
    attributes.put(TEMPDIR, environment.temporary().toFile());
    if (environment.orderedLibraries() != null) {
      attributes.put(ORDERED_LIBS, environment.orderedLibraries());
    }
  }

  ContextResources resources() {
    return resources;
  }

  WelcomeFiles welcomeFiles() {
    return welcomeFiles;
  }

  /** The initializers have run: from now on no context listeners are taken. */
  void endInitializers() {
    registrations.endInitializers();
  }

  /** Servlet 6.1 section 4.4: such a listener may declare nothing that is newer than it. */
  void limit(boolean limited) {
    this.limited = limited;
  }

  private DeploymentDraft draft() {
    checkUnlimited();
    return draft;
  }

  private Registrations registrations() {
    checkUnlimited();
    return registrations;
  }

  private void checkUnlimited() {
    if (limited) {
      throw new UnsupportedOperationException(
          "not for a context listener that was added by code: section 4.4 of the specification");
    }
  }

  /** The declaration is final. */
  void runs(WebApp app) {
    this.app = app;
  }

  /** Where the application's temporary files are. */
  Path temporaryFiles() {
    return environment.temporary();
  }

  /** Those declared so far are told as long as the declaration is not final. */
  private ContextEvents events() {
    WebApp running = app;
    return running != null ? running.events() : new ContextEvents(this, draft.listeners());
  }

  // ---- what it is

  @Override
  public String getContextPath() {
    return contextPath;
  }

  /** This context for its own paths; those of other mounts only if they are neighbours. */
  @Override
  public @Nullable ServletContext getContext(@Nullable String uri) {
    if (uri == null || !uri.startsWith("/")) {
      return null;
    }
    ServletContext neighbour = neighbours == null ? null : neighbours.find(uri);
    if (neighbour != null) {
      return neighbour;
    }
    return (uri + "/").startsWith(contextPath + "/") ? this : null;
  }

  /** From now on, neighbours can reach it. */
  void enterNeighbours() {
    if (neighbours != null) {
      neighbours.enter(this);
    }
  }

  /** From now on, neighbours do not find it. */
  void leaveNeighbours() {
    if (neighbours != null) {
      neighbours.leave(this);
    }
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
    return environment.version().major();
  }

  @Override
  public int getEffectiveMinorVersion() {
    return environment.version().minor();
  }

  @Override
  public String getServerInfo() {
    return ServerInfo.TEXT;
  }

  @Override
  public @Nullable String getServletContextName() {
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

  @Override
  public @Nullable URL getResource(@Nullable String path) throws MalformedURLException {
    return resources.url(path);
  }

  @Override
  public @Nullable InputStream getResourceAsStream(@Nullable String path) {
    return resources.open(path);
  }

  @Override
  public @Nullable Set<String> getResourcePaths(@Nullable String path) {
    return resources.paths(path);
  }

  @Override
  public @Nullable String getRealPath(@Nullable String path) {
    return realPath(path);
  }

  /** The file of a path in the context; null if there is none, or no path. */
  @Nullable String realPath(@Nullable String path) {
    return path == null ? null : resources.file(path);
  }

  // ---- dispatchers and log

  /** Null until the declaration is final: where a path leads is not known before. */
  @Override
  public @Nullable RequestDispatcher getRequestDispatcher(@Nullable String path) {
    WebApp running = app;
    boolean absolute = path != null && (path.isEmpty() || path.startsWith("/"));
    return absolute && running != null ? running.routing().dispatcher(path, "/") : null;
  }

  /** Null until the declaration is final. */
  @Override
  public @Nullable RequestDispatcher getNamedDispatcher(@Nullable String name) {
    WebApp running = app;
    return name == null || running == null ? null : running.routing().namedDispatcher(name);
  }

  @Override
  public void log(String message) {
    Log.APPLICATION.log(Level.INFO, "{0}/: {1}", contextPath, message);
  }

  @Override
  public void log(String message, Throwable failure) {
    Log.APPLICATION.log(Level.WARNING, contextPath + "/: " + message, failure);
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
    return draft().addContextParameter(name, value);
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
    return registrations().addServlet(name, Component.named(className));
  }

  @Override
  public ServletRegistration.@Nullable Dynamic addServlet(String name, Servlet servlet) {
    return registrations().addServlet(name, Component.of(servlet));
  }

  @Override
  public ServletRegistration.@Nullable Dynamic addServlet(
      String name, Class<? extends Servlet> type) {
    return registrations().addServlet(name, Component.of(type));
  }

  @Override
  public ServletRegistration.@Nullable Dynamic addJspFile(String name, String file) {
    checkUnlimited();
    if (environment.resources() == null) {
      throw new UnsupportedOperationException("only a WAR has JSP files");
    }
    return registrations().addJspFile(name, file);
  }

  @Override
  public @Nullable JspConfigDescriptor getJspConfigDescriptor() {
    return environment.jsp();
  }

  @Override
  public <T extends Servlet> T createServlet(Class<T> type) throws ServletException {
    return registrations().create(type);
  }

  @Override
  public @Nullable ServletRegistration getServletRegistration(String name) {
    return registrations().servlet(name);
  }

  @Override
  public Map<String, ? extends ServletRegistration> getServletRegistrations() {
    return registrations().servlets();
  }

  // ---- filters

  @Override
  public FilterRegistration.@Nullable Dynamic addFilter(String name, String className) {
    return registrations().addFilter(name, Component.named(className));
  }

  @Override
  public FilterRegistration.@Nullable Dynamic addFilter(String name, Filter filter) {
    return registrations().addFilter(name, Component.of(filter));
  }

  @Override
  public FilterRegistration.@Nullable Dynamic addFilter(String name, Class<? extends Filter> type) {
    return registrations().addFilter(name, Component.of(type));
  }

  @Override
  public <T extends Filter> T createFilter(Class<T> type) throws ServletException {
    return registrations().create(type);
  }

  @Override
  public @Nullable FilterRegistration getFilterRegistration(String name) {
    return registrations().filter(name);
  }

  @Override
  public Map<String, ? extends FilterRegistration> getFilterRegistrations() {
    return registrations().filters();
  }

  // ---- listeners

  @Override
  public void addListener(String className) {
    registrations().addListener(className);
  }

  @Override
  public void addListener(Class<? extends EventListener> type) {
    registrations().addListener(type);
  }

  @Override
  public <T extends EventListener> void addListener(T listener) {
    registrations().addListener(listener);
  }

  @Override
  public <T extends EventListener> T createListener(Class<T> type) throws ServletException {
    return registrations().createListener(type);
  }

  // ---- sessions, encodings, roles

  @Override
  public SessionCookieConfig getSessionCookieConfig() {
    return draft().sessionCookie();
  }

  @Override
  public void setSessionTrackingModes(Set<SessionTrackingMode> modes) {
    draft().trackingModes(modes);
  }

  @Override
  public Set<SessionTrackingMode> getDefaultSessionTrackingModes() {
    return SessionConfig.DEFAULT_TRACKING;
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
    draft().sessionTimeout(Duration.ofMinutes(minutes));
  }

  @Override
  public @Nullable String getRequestCharacterEncoding() {
    return draft.requestEncoding();
  }

  @Override
  public void setRequestCharacterEncoding(@Nullable String encoding) {
    draft().requestEncoding(encoding);
  }

  @Override
  public @Nullable String getResponseCharacterEncoding() {
    return draft.responseEncoding();
  }

  @Override
  public void setResponseCharacterEncoding(@Nullable String encoding) {
    draft().responseEncoding(encoding);
  }

  /** Taken and without effect: nobody is in a role. */
  @Override
  public void declareRoles(String... roleNames) {
    draft().checkOpen();
    for (String role : roleNames) {
      if (role == null || role.isEmpty()) {
        throw new IllegalArgumentException("a role without a name");
      }
    }
  }
}
