// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import jakarta.servlet.SessionTrackingMode;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.UrlPattern;

/**
 * A web application that is being declared.
 *
 * <p>Life: declared by the builder and by descriptors and annotations; {@link #begin}, from when on
 * what comes is added by code; {@link #makeListeners}; {@link #freeze}, which the engine calls when
 * the context listeners have run; from then on every change throws IllegalStateException. Confined
 * to the thread that builds or starts.
 */
public final class DeploymentDraft {
  private final Map<String, ServletDraft> servlets = new LinkedHashMap<>();
  private final Map<UrlPattern, ServletDraft> owners = new HashMap<>();
  private final Map<String, FilterDraft> filters = new LinkedHashMap<>();
  private final List<FilterMapping> firstFilterMappings = new ArrayList<>();
  private final List<FilterMapping> declaredFilterMappings = new ArrayList<>();
  private final List<FilterMapping> lastFilterMappings = new ArrayList<>();
  private final List<ListenerDraft> listeners = new ArrayList<>();
  private final List<ErrorPage> errorPages = new ArrayList<>();
  private final Map<String, String> contextParameters = new LinkedHashMap<>();
  private final Map<String, String> localeEncodings = new LinkedHashMap<>();
  private final Map<String, String> mimeTypes = new LinkedHashMap<>();
  private final SessionCookieDraft sessionCookie = new SessionCookieDraft(this);
  private Set<SessionTrackingMode> trackingModes = SessionConfig.DEFAULT_TRACKING;
  private Duration sessionTimeout = Duration.ofMinutes(30);
  private @Nullable String displayName;
  private @Nullable String requestEncoding;
  private @Nullable String responseEncoding;
  private ClassLoader classLoader = DeploymentDraft.class.getClassLoader();
  private MountOptions options = MountOptions.DEFAULT;
  private boolean ignoresSecurity;
  private boolean begun;
  private boolean listenersMade;

  /** Null if no other contexts can be reached. */
  private @Nullable Neighbours neighbours;

  private boolean open = true;

  /** Throws if the application has started. */
  public void checkOpen() {
    if (!open) {
      throw new IllegalStateException("the web application has started: its declaration is final");
    }
  }

  /** From now on access control that is asked for is not enforced, and not refused. */
  public void ignoreSecurity() {
    ignoresSecurity = true;
  }

  public boolean ignoresSecurity() {
    return ignoresSecurity;
  }

  /** All that is declared is there: what comes from now on is added by code. */
  public void begin() {
    begun = true;
  }

  /** Declares a servlet, or completes one; null if there is a complete one of that name. */
  public @Nullable ServletDraft addServlet(String name, Component<Servlet> component) {
    checkOpen();
    checkName(name);
    ServletDraft known = servlets.get(name);
    if (known != null) {
      if (!known.isPreliminary()) {
        return null;
      }
      known.complete(component);
      return known;
    }
    var draft = new ServletDraft(this, name, component);
    servlets.put(name, draft);
    return draft;
  }

  /** Declares a filter, or completes one; null if there is a complete one of that name. */
  public @Nullable FilterDraft addFilter(String name, Component<Filter> component) {
    checkOpen();
    checkName(name);
    FilterDraft known = filters.get(name);
    if (known != null) {
      if (!known.isPreliminary()) {
        return null;
      }
      known.complete(component);
      return known;
    }
    var draft = new FilterDraft(this, name, component);
    filters.put(name, draft);
    return draft;
  }

  /** Whether a servlet or filter is this very instance. */
  @SuppressWarnings("ReferenceEquality") // two that are equal are two
  public boolean declares(Component<?> component) {
    checkOpen();
    return component.instance() != null
        && Stream.concat(servlets.values().stream(), filters.values().stream())
            .anyMatch(draft -> draft.component().instance() == component.instance());
  }

  /** Declares a listener, behind those that are there. */
  public void addListener(Component<EventListener> listener) {
    checkOpen();
    listeners.add(new ListenerDraft(listener, !begun));
  }

  /**
   * Makes the listeners. From now on they are told what happens.
   *
   * @throws ReflectiveOperationException if one cannot be made; its message names the class
   */
  public void makeListeners() throws ReflectiveOperationException {
    for (ListenerDraft listener : listeners) {
      listener.make(classLoader);
    }
    listenersMade = true;
  }

  /** All listeners, in their order. */
  public List<ListenerDraft> listenerDrafts() {
    return List.copyOf(listeners);
  }

  /** Declares an error page. */
  public void addErrorPage(ErrorPage page) {
    checkOpen();
    errorPages.add(page);
  }

  /** Declares a context parameter; false if it is there already. */
  public boolean addContextParameter(String name, String value) {
    checkOpen();
    return contextParameters.putIfAbsent(name, value) == null;
  }

  /** Maps an extension, without its dot, to a MIME type. */
  public void addMimeType(String extension, String type) {
    checkOpen();
    mimeTypes.put(extension, type);
  }

  /** Maps a language tag to the charset that {@code setLocale} chooses. */
  public void addLocaleEncoding(String tag, String charset) {
    checkOpen();
    localeEncodings.put(tag, charset);
  }

  /** Fixes the declaration. */
  public Deployment freeze() {
    checkOpen();
    open = false;
    var session =
        new SessionConfig(
            sessionTimeout,
            trackingModes,
            sessionCookie.nameOrDefault(),
            sessionCookie.getPath(),
            sessionCookie.getDomain(),
            sessionCookie.isHttpOnly(),
            sessionCookie.isSecure(),
            sessionCookie.getMaxAge(),
            sessionCookie.furtherAttributes());
    return new Deployment(
        displayName,
        servlets.values().stream().map(ServletDraft::freeze).toList(),
        filters.values().stream().map(FilterDraft::freeze).toList(),
        filterMappings(),
        listeners(),
        errorPages,
        session,
        requestEncoding,
        responseEncoding,
        localeEncodings,
        mimeTypes,
        classLoader,
        options);
  }

  /** Those of code stand before or behind all that are declared. */
  void addFilterMappings(boolean last, List<FilterMapping> added) {
    List<FilterMapping> place =
        !last ? firstFilterMappings : begun ? lastFilterMappings : declaredFilterMappings;
    place.addAll(added);
  }

  List<FilterMapping> filterMappings() {
    List<FilterMapping> all = new ArrayList<>(firstFilterMappings);
    all.addAll(declaredFilterMappings);
    all.addAll(lastFilterMappings);
    return all;
  }

  @Nullable ServletDraft ownerOf(UrlPattern pattern) {
    return owners.get(pattern);
  }

  void giveTo(ServletDraft servlet, UrlPattern pattern) {
    owners.put(pattern, servlet);
  }

  private static void checkName(String name) {
    if (name == null || name.isEmpty()) {
      throw new IllegalArgumentException("a servlet or filter needs a name");
    }
  }

  public @Nullable ServletDraft servlet(String name) {
    return servlets.get(name);
  }

  public @Nullable FilterDraft filter(String name) {
    return filters.get(name);
  }

  /** A copy. */
  public Map<String, ServletDraft> servlets() {
    return Map.copyOf(servlets);
  }

  /** A copy. */
  public Map<String, FilterDraft> filters() {
    return Map.copyOf(filters);
  }

  /** Those that are to be told what happens: none before they are made. */
  public List<EventListener> listeners() {
    return listenersMade
        ? listeners.stream().map(ListenerDraft::made).filter(Objects::nonNull).toList()
        : List.of();
  }

  public Map<String, String> contextParameters() {
    return contextParameters;
  }

  public SessionCookieDraft sessionCookie() {
    return sessionCookie;
  }

  public Set<SessionTrackingMode> trackingModes() {
    return Set.copyOf(trackingModes);
  }

  /** How sessions are tracked; SSL sessions are not supported. */
  public void trackingModes(Set<SessionTrackingMode> modes) {
    checkOpen();
    if (modes.contains(SessionTrackingMode.SSL)) {
      throw new IllegalArgumentException("sessions are not tracked by TLS");
    }
    trackingModes = Set.copyOf(modes);
  }

  public Duration sessionTimeout() {
    return sessionTimeout;
  }

  /** The life of an unused session; zero or less for ever. */
  public void sessionTimeout(Duration timeout) {
    checkOpen();
    sessionTimeout = timeout;
  }

  public @Nullable String displayName() {
    return displayName;
  }

  public void displayName(String name) {
    checkOpen();
    displayName = name;
  }

  public @Nullable String requestEncoding() {
    return requestEncoding;
  }

  public void requestEncoding(@Nullable String encoding) {
    checkOpen();
    checkCharset(encoding);
    requestEncoding = encoding;
  }

  public @Nullable String responseEncoding() {
    return responseEncoding;
  }

  public void responseEncoding(@Nullable String encoding) {
    checkOpen();
    checkCharset(encoding);
    responseEncoding = encoding;
  }

  /**
   * Refuses a charset that this Java does not know.
   *
   * @throws IllegalArgumentException naming it
   */
  private static void checkCharset(@Nullable String name) {
    if (name != null) {
      var _ = Charset.forName(name);
    }
  }

  public ClassLoader classLoader() {
    return classLoader;
  }

  public void classLoader(ClassLoader loader) {
    checkOpen();
    classLoader = loader;
  }

  /** The contexts that can be reached, this one included; null if no others can. */
  public @Nullable Neighbours neighbours() {
    return neighbours;
  }

  /** Lets others be reached; once. */
  public void neighbours(Neighbours neighbours) {
    checkOpen();
    if (this.neighbours != null) {
      throw new IllegalStateException("a mount is in one group of mounts only");
    }
    this.neighbours = neighbours;
  }

  public void options(MountOptions options) {
    checkOpen();
    this.options = options;
  }

  public Map<String, String> mimeTypes() {
    return Map.copyOf(mimeTypes);
  }
}
