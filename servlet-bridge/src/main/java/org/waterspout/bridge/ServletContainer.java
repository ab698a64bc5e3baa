// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.SessionTrackingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.assembly.AppHome;
import org.waterspout.bridge.assembly.WarOptions;
import org.waterspout.bridge.deployment.Component;
import org.waterspout.bridge.deployment.DeploymentDraft;
import org.waterspout.bridge.deployment.ErrorPage;
import org.waterspout.bridge.deployment.Initializer;
import org.waterspout.bridge.deployment.MountOptions;
import org.waterspout.bridge.loading.Visibility;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.routing.Mount;
import org.waterspout.web.RequestHandler;

/**
 * Servlets, filters and listeners under a path of an Application. Tornado: {@code WSGIContainer}.
 *
 * <p>The mount prefix is the context path. A servlet never runs on the loop: each request gets a
 * virtual thread, of which so many run at a time, so many wait, and more are answered 503. Bodies
 * and answers pass through bounded buffers both ways, so that neither a slow client nor a slow
 * servlet costs memory.
 *
 * <pre>{@code
 * mount("/h2", ServletContainer.builder()
 *     .servlet("console", new JakartaWebServlet(), "/*")
 *     .build())
 * }</pre>
 *
 * <p>A WAR is mounted by {@code ServletContainer.war(file)}, or by {@link Builder#war} with all
 * that can be said of it. Its pages need {@code org.apache.tomcat:tomcat-jasper} on the class path;
 * one that is written for {@code javax.servlet} needs {@code
 * org.apache.tomcat:jakartaee-migration}.
 *
 * <p>Servlet 6.1 without security constraints: those are refused as the specification says, never
 * ignored.
 */
public final class ServletContainer implements Mount {
  final Hosting hosting;

  private ServletContainer(Hosting hosting) {
    this.hosting = hosting;
  }

  /** Declares a web application in code, or says how a WAR is mounted. */
  public static Builder builder() {
    return new Builder();
  }

  /** Mounts a WAR as it is, packed or exploded: {@code builder().war(file).build()}. */
  public static ServletContainer war(Path file) {
    return builder().war(file).build();
  }

  /**
   * Starts the application: initializers, context listeners, filters, servlets that load on
   * start-up. If it fails, {@link OnStartFailure} says what becomes of it.
   *
   * @throws IllegalStateException if it has been started before
   * @throws Exception what one of them threw, if so chosen; the application is stopped again
   */
  @Override
  public void start(String prefix) throws Exception {
    hosting.start(prefix);
  }

  /** Waits for running requests, then destroys servlets, filters, sessions and context. */
  @Override
  public void stop() {
    hosting.stop();
  }

  @Override
  public HTTPMessageDelegate startRequest(Object serverConnection, HTTPConnection connection) {
    return hosting.served().startRequest(serverConnection, connection);
  }

  /** Spells a path as the request's {@code servletPath} and {@code pathInfo} tell it. */
  @Override
  public String canonicalPath(String path) {
    return hosting.served().canonicalPath(path);
  }

  /**
   * Runs a task in the session that a handler's client has with this mount, which is begun if there
   * is none: so servlets and the handlers that take over from them share what is in it.
   *
   * <pre>{@code
   * Cart cart = await(container.inSession(this, session -> (Cart) session.getAttribute("cart")));
   * }</pre>
   *
   * <p>The task runs off the loop, with the class loader of the application, as one of its
   * requests: listeners are told, and changes are saved in the session's store. The client is told
   * of a new session by the mount's cookie, which it sends to paths below the context path only.
   * Called on the handler's loop, before the headers are sent; by one handler not twice at a time.
   *
   * <p>The future fails with what the task throws, and with an HTTPError of status 503 while the
   * mount is full or stopping, or its session store fails.
   *
   * @throws IllegalStateException if sessions are not tracked by cookie
   * @throws org.waterspout.web.HTTPError 503, if the application did not start
   */
  public <T> CompletableFuture<T> inSession(RequestHandler handler, SessionTask<T> task) {
    return hosting.app().handlerSessions().run(handler, task);
  }

  /** As {@link #inSession}, but empty, and without the task being run, if there is no session. */
  public <T> CompletableFuture<Optional<T>> inSessionIfAny(
      RequestHandler handler, SessionTask<T> task) {
    return hosting.app().handlerSessions().runIfAny(handler, task);
  }

  /**
   * Gives the session of a handler's client a new id, as is to be done when a user logs in. Else as
   * {@link #inSession}; the future fails with IllegalStateException if there is no session.
   */
  public CompletableFuture<String> changeSessionId(RequestHandler handler) {
    return hosting.app().handlerSessions().changeId(handler);
  }

  /** Declares a web application; used once, by one thread. */
  public static final class Builder {
    private final DeploymentDraft draft = new DeploymentDraft();
    private final Declarations declarations = new Declarations(draft);
    private final MountOptions.Builder options = new MountOptions.Builder();
    private final List<Initializer> initializers = new ArrayList<>();
    private OnStartFailure onStartFailure = OnStartFailure.UNAVAILABLE;

    private final List<String> shared = new ArrayList<>();

    /** What the mount says itself, and says again when the WAR has spoken. */
    private final List<Consumer<DeploymentDraft>> settings = new ArrayList<>();

    /** Null if all is declared in code. */
    private @Nullable Path war;

    /** Null for the directory of the user. */
    private @Nullable Path workDirectory;

    private Builder() {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      draft.classLoader(loader != null ? loader : ServletContainer.class.getClassLoader());
    }

    /**
     * Mounts a WAR, packed or exploded: a file, which is unpacked, or a directory, which is used
     * where it is. What else is declared here is added to it, filters before its own; settings made
     * here hold in the place of its own. It is opened when the container starts.
     */
    public Builder war(Path file) {
      war = Objects.requireNonNull(file, "file");
      return this;
    }

    /**
     * Lets a WAR see classes of the server's class path, which it otherwise does not, but for the
     * servlet API and the page compiler.
     *
     * @param packages with their dots: {@code com.acme.}, which means all packages below it too
     */
    public Builder share(String... packages) {
      shared.addAll(new Visibility(List.of(packages)).shared());
      return this;
    }

    /**
     * Serves without the access control that a WAR, or what is declared from now on, asks for.
     * Without this it is refused, since what constraints are to protect would stand open.
     */
    public Builder ignoreSecurity() {
      draft.ignoreSecurity();
      return this;
    }

    private Builder set(Consumer<DeploymentDraft> setting) {
      setting.accept(draft);
      settings.add(setting);
      return this;
    }

    /**
     * Declares a servlet.
     *
     * @throws IllegalArgumentException if the name or a pattern is taken, or a pattern is none
     */
    public Builder servlet(String name, Servlet servlet, String... urlPatterns) {
      return servlet(name, servlet, Declarations.mapped(urlPatterns));
    }

    /** Declares a servlet with all that can be said of it: init parameters, load on start-up. */
    public Builder servlet(
        String name, Servlet servlet, Consumer<ServletRegistration.Dynamic> registration) {
      declarations.servlet(name, Component.of(servlet), registration);
      return this;
    }

    /** Declares a servlet of which the container makes one, called as its class is. */
    public Builder servlet(Class<? extends Servlet> type, String... urlPatterns) {
      return servlet(type.getName(), type, Declarations.mapped(urlPatterns));
    }

    /** Declares a servlet of which the container makes one, with all that can be said of it. */
    public Builder servlet(
        String name,
        Class<? extends Servlet> type,
        Consumer<ServletRegistration.Dynamic> registration) {
      declarations.servlet(name, Component.of(type), registration);
      return this;
    }

    /** Declares a filter for requests from clients; filters apply in the order of declaration. */
    public Builder filter(String name, Filter filter, String... urlPatterns) {
      return filter(name, filter, Declarations.ofRequests(urlPatterns));
    }

    /** Declares a filter with dispatcher types, servlet names, init parameters. */
    public Builder filter(
        String name, Filter filter, Consumer<FilterRegistration.Dynamic> registration) {
      declarations.filter(name, Component.of(filter), registration);
      return this;
    }

    /** Declares a filter of which the container makes one. */
    public Builder filter(
        String name,
        Class<? extends Filter> type,
        Consumer<FilterRegistration.Dynamic> registration) {
      declarations.filter(name, Component.of(type), registration);
      return this;
    }

    /** Declares a listener of any of the servlet API's kinds. */
    public Builder listener(EventListener listener) {
      draft.addListener(Component.of(Objects.requireNonNull(listener, "listener")));
      return this;
    }

    /**
     * Has a library declare what it needs, before the listeners are told of the start.
     *
     * @param classes those that it wants to know of
     */
    public Builder initializer(ServletContainerInitializer initializer, Class<?>... classes) {
      initializers.add(new Initializer(initializer, Set.of(classes)));
      return this;
    }

    /** Sets a parameter of the context. */
    public Builder initParameter(String name, String value) {
      if (!draft.addContextParameter(name, value)) {
        throw new IllegalArgumentException("two context parameters are called " + name);
      }
      return this;
    }

    /** Shows answers of a status by a path of the application. */
    public Builder errorPage(int status, String location) {
      draft.addErrorPage(new ErrorPage(status, null, location));
      return this;
    }

    /** Shows an exception and its subclasses by a path of the application. */
    public Builder errorPage(Class<? extends Throwable> exception, String location) {
      draft.addErrorPage(new ErrorPage(null, exception, location));
      return this;
    }

    /** Shows all errors that have no page of their own by a path of the application. */
    public Builder errorPage(String location) {
      draft.addErrorPage(new ErrorPage(null, null, location));
      return this;
    }

    /** The MIME type of files with an extension, which is given without its dot. */
    public Builder mimeType(String extension, String type) {
      return set(declared -> declared.addMimeType(extension, type));
    }

    /** The charset that a locale's language tag implies in answers. */
    public Builder localeEncoding(String tag, String charset) {
      return set(declared -> declared.addLocaleEncoding(tag, charset));
    }

    /** The charset of request bodies that name none. */
    public Builder requestCharacterEncoding(String charset) {
      return set(declared -> declared.requestEncoding(charset));
    }

    /** The charset of answers that set none. */
    public Builder responseCharacterEncoding(String charset) {
      return set(declared -> declared.responseEncoding(charset));
    }

    /** The name that {@code getServletContextName} returns. */
    public Builder displayName(String name) {
      return set(declared -> declared.displayName(name));
    }

    /** The application's class loader; the context class loader of the caller unless set. */
    public Builder classLoader(ClassLoader loader) {
      draft.classLoader(Objects.requireNonNull(loader, "loader"));
      return this;
    }

    /** How long an unused session lives: 30 minutes unless set; zero for ever. */
    public Builder sessionTimeout(Duration timeout) {
      return set(declared -> declared.sessionTimeout(timeout));
    }

    /** Where sessions are kept besides memory: nowhere unless set, and they end with the mount. */
    public Builder sessionStore(SessionStore store) {
      options.sessionStore(Objects.requireNonNull(store, "store"));
      return this;
    }

    /**
     * The session cookie: HttpOnly and SameSite=Lax unless changed, Secure on https. With a WAR the
     * task is called twice: when it is given, and when the WAR has spoken.
     */
    public Builder sessionCookie(Consumer<SessionCookieConfig> config) {
      return set(declared -> config.accept(declared.sessionCookie()));
    }

    /** How sessions are tracked: by cookie, and by URL where no cookie comes, unless set. */
    public Builder sessionTracking(Set<SessionTrackingMode> modes) {
      return set(declared -> declared.trackingModes(modes));
    }

    /**
     * Whether the locations of redirects are made absolute, with the scheme and host of the
     * request: they are unless set. Behind a proxy that ends TLS the server has to be told of the
     * scheme, by {@code xheaders}.
     */
    public Builder absoluteRedirects(boolean absolute) {
      options.absoluteRedirects(absolute);
      return this;
    }

    /**
     * How many requests run at a time: 200 unless set. Those that are asynchronous do not count
     * while they wait, and neither do the listeners of their streams.
     */
    public Builder maxConcurrent(int requests) {
      options.limits().maxConcurrent(requests);
      return this;
    }

    /**
     * How many more requests are taken, which wait for their turn or asynchronously, before others
     * are answered 503: 1000 unless set.
     */
    public Builder maxQueue(int requests) {
      options.limits().maxQueue(requests);
      return this;
    }

    /** What a 503 says in Retry-After: one second unless set. */
    public Builder retryAfter(Duration time) {
      options.limits().retryAfter(time);
      return this;
    }

    /**
     * How much of a body waits for its servlet before the sender is held back: 64 KiB unless set.
     */
    public Builder bodyBuffer(int bytes) {
      options.limits().bodyBuffer(bytes);
      return this;
    }

    /** Starts servlets when bodies are whole; they are kept in files if they exceed this. */
    public Builder spoolBodies(int threshold) {
      options.spoolThreshold(threshold);
      return this;
    }

    /** How much of an answer is gathered before it is sent: 16 KiB unless set. */
    public Builder outputBuffer(int bytes) {
      options.limits().outputBuffer(bytes);
      return this;
    }

    /** How many parameters a request may have: 1000 unless set; more answer 413. */
    public Builder maxParameters(int parameters) {
      options.limits().maxParameters(parameters);
      return this;
    }

    /**
     * How large a form may be that is read for its parameters: 2 MiB unless set; more answer 413.
     */
    public Builder maxFormSize(int bytes) {
      options.limits().maxFormSize(bytes);
      return this;
    }

    /** How many parts a multipart form may have: 100 unless set; more answer 413. */
    public Builder maxParts(int parts) {
      options.limits().maxParts(parts);
      return this;
    }

    /**
     * Whether a client that ends its output behind its request still waits for the answer. Unless
     * set it counts as gone: asynchronous processing fails at once. If it is set, that is only
     * noticed at a reset, before it has ended its output, or by a write that fails.
     */
    public Builder allowHalfClose(boolean allow) {
      options.allowHalfClose(allow);
      return this;
    }

    /**
     * Whether filters and servlet are interrupted that run when their client goes: not unless set.
     * What they throw then is not logged as an error.
     */
    public Builder interruptWhenClientGone(boolean interrupt) {
      options.interruptWhenClientGone(interrupt);
      return this;
    }

    /**
     * How long {@code stop} waits for running requests before it interrupts them: 30 s unless set.
     * The connections of those that go on a second later are cut.
     */
    public Builder stopTimeout(Duration timeout) {
      options.limits().stopTimeout(timeout);
      return this;
    }

    /**
     * What happens if the application does not start: it is UNAVAILABLE unless set, so that one
     * that is broken takes no other with it.
     */
    public Builder onStartFailure(OnStartFailure choice) {
      onStartFailure = Objects.requireNonNull(choice, "choice");
      return this;
    }

    /**
     * Where unpacked WARs and temporary files are: a directory of the user's own in that of the
     * system for temporary files, unless set. Several processes may share one; nobody else may be
     * able to write to it, since code is loaded from there.
     */
    public Builder workDirectory(Path directory) {
      workDirectory = Objects.requireNonNull(directory, "directory");
      return this;
    }

    /** The container, to be mounted once. */
    public ServletContainer build() {
      draft.options(options.build());
      List<Initializer> added = List.copyOf(initializers);
      Path work = workDirectory;
      Hosting.Opening opening =
          war == null ? () -> AppHome.ofCode(added, work) : opening(war, added, work);
      return new ServletContainer(new Hosting(draft, opening, onStartFailure));
    }

    private Hosting.Opening opening(Path file, List<Initializer> added, @Nullable Path work) {
      var warOptions = new WarOptions(file, shared);
      List<Consumer<DeploymentDraft>> again = List.copyOf(settings);
      return () -> {
        AppHome home = AppHome.ofWar(warOptions, draft, added, work);
        again.forEach(setting -> setting.accept(draft));
        return home;
      };
    }
  }
}
