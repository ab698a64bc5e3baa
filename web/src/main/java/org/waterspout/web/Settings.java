// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.FormLimits;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPServerRequest;

/**
 * What an application is told once, when it is made: the framework's settings, and under names of
 * their own the user's. Immutable.
 *
 * <pre>{@code
 * settings().debug(true).set("database", pool).build()
 * }</pre>
 */
public final class Settings {
  private final boolean debug;
  private final boolean serveTraceback;
  private final OnMissingCapability onMissingCapability;
  private final @Nullable Consumer<RequestHandler> logFunction;
  private final @Nullable String defaultHost;
  private final HandlerTarget defaultHandler;
  private final FormLimits formLimits;
  private final boolean cancelOnDisconnect;
  private final Duration requestDeadline;
  private final @Nullable String requestIdHeader;
  private final Duration websocketPingInterval;
  private final @Nullable Duration websocketPingTimeout;
  private final int websocketMaxMessageSize;
  private final long websocketMaxQueueSize;
  private final List<Function<HTTPServerRequest, ? extends OutputTransform>> transforms;
  private final @Nullable StaticFiles staticFiles;
  private final String staticUrlPrefix;
  private final @Nullable Supplier<? extends StaticFileHandler> staticHandler;
  private final boolean staticHashCache;
  private final @Nullable SignedValues signedValues; // null: there is no secret
  private final @Nullable String loginUrl;
  private final boolean xsrfCookies;
  private final XSRFCookie xsrfCookie;
  private final Map<String, Object> values;

  private Settings(Builder builder) {
    debug = builder.debug;
    serveTraceback = builder.serveTraceback == null ? debug : builder.serveTraceback;
    onMissingCapability = builder.onMissingCapability;
    logFunction = builder.logFunction;
    defaultHost = builder.defaultHost;
    defaultHandler = builder.defaultHandler;
    formLimits = builder.formLimits;
    cancelOnDisconnect = builder.cancelOnDisconnect;
    requestDeadline = builder.requestDeadline;
    requestIdHeader = builder.requestIdHeader;
    websocketPingInterval = builder.websocketPingInterval;
    websocketPingTimeout = builder.websocketPingTimeout;
    websocketMaxMessageSize = builder.websocketMaxMessageSize;
    websocketMaxQueueSize = builder.websocketMaxQueueSize;
    transforms = builder.transforms();
    staticFiles = builder.staticFiles;
    staticUrlPrefix = builder.staticUrlPrefix;
    staticHandler = builder.staticHandler;
    staticHashCache = builder.staticHashCache == null ? !debug : builder.staticHashCache;
    signedValues = builder.signedValues();
    loginUrl = builder.loginUrl();
    xsrfCookies = builder.xsrfCookies();
    xsrfCookie = builder.xsrfCookie();
    values = Map.copyOf(builder.values);
  }

  /** Whether this is a developer's machine. */
  public boolean debug() {
    return debug;
  }

  /** Whether error pages show the stack to the client. */
  public boolean serveTraceback() {
    return serveTraceback;
  }

  /** What happens to handlers that need something that a deployment cannot offer. */
  public OnMissingCapability onMissingCapability() {
    return onMissingCapability;
  }

  /** Writes the access log; null: the framework does. */
  public @Nullable Consumer<RequestHandler> logFunction() {
    return logFunction;
  }

  /** The host whose routes serve requests that no other route wants; null: there is none. */
  public @Nullable String defaultHost() {
    return defaultHost;
  }

  /** Answers what no route wants. */
  HandlerTarget defaultHandler() {
    return defaultHandler;
  }

  /** What the arguments of a request may cost. */
  public FormLimits formLimits() {
    return formLimits;
  }

  /** Whether what handlers await is given up when their client has gone. */
  public boolean cancelOnDisconnect() {
    return cancelOnDisconnect;
  }

  /** How long handlers have for their answers; zero: for ever. */
  public Duration requestDeadline() {
    return requestDeadline;
  }

  /** The header by which requests are named in logs; null: they are not. */
  public @Nullable String requestIdHeader() {
    return requestIdHeader;
  }

  /** How often a WebSocket's client is pinged; zero: never. */
  public Duration websocketPingInterval() {
    return websocketPingInterval;
  }

  /** How long a WebSocket's client has for its pong; zero: for ever. */
  public Duration websocketPingTimeout() {
    return websocketPingTimeout == null ? websocketPingInterval : websocketPingTimeout;
  }

  /** How many bytes a message of a WebSocket's client may have. */
  public int websocketMaxMessageSize() {
    return websocketMaxMessageSize;
  }

  /** How many bytes may wait for a WebSocket's client to take them. */
  public long websocketMaxQueueSize() {
    return websocketMaxQueueSize;
  }

  /** What makes the transforms of each answer, in order. */
  public List<Function<HTTPServerRequest, ? extends OutputTransform>> transforms() {
    return transforms;
  }

  /** What is served below {@link #staticUrlPrefix}; null: nothing is. */
  public @Nullable StaticFiles staticFiles() {
    return staticFiles;
  }

  /** With what the paths of static files begin. */
  public String staticUrlPrefix() {
    return staticUrlPrefix;
  }

  /** What serves static files. */
  Supplier<? extends StaticFileHandler> staticHandler(StaticFiles files) {
    return staticHandler == null ? () -> new StaticFileHandler(files) : staticHandler;
  }

  /** Whether the versions in URLs of static files are kept. */
  public boolean staticHashCache() {
    return staticHashCache;
  }

  /**
   * Signs by {@code cookieSecret} or {@code cookieSecrets}. The secrets themselves stay in there.
   *
   * @throws IllegalStateException if neither was set
   */
  public SignedValues signedValues() {
    return require(signedValues, "cookieSecret", "signed cookies");
  }

  /** Where {@link Authenticated} sends clients without a user; null: nowhere. */
  public @Nullable String loginUrl() {
    return loginUrl;
  }

  String requireLoginUrl() {
    return require(loginUrl, "loginUrl", "@Authenticated");
  }

  /** Whether requests have to show that they are of this site's own pages. */
  public boolean xsrfCookies() {
    return xsrfCookies;
  }

  XSRFCookie xsrfCookie() {
    return xsrfCookie;
  }

  /** A setting of the user's; null if it was not set. */
  public @Nullable Object get(String name) {
    return values.get(name);
  }

  /**
   * A setting of the user's that has to be there.
   *
   * @throws IllegalStateException if it was not set, or is of another type
   */
  public <T> T require(String name, Class<T> type) {
    Object value = values.get(name);
    if (!type.isInstance(value)) {
      throw new IllegalStateException(
          "the setting \"" + name + "\" has to be a " + type.getName() + ", but is " + kind(value));
    }
    return type.cast(value);
  }

  /** A setting of the framework's without which a feature cannot be used. */
  private static <T> T require(@Nullable T value, String name, String feature) {
    if (value == null) {
      throw new IllegalStateException("the setting \"" + name + "\" is needed for " + feature);
    }
    return value;
  }

  /** The value itself may be a secret. */
  private static String kind(@Nullable Object value) {
    return value == null ? "not there" : "a " + value.getClass().getName();
  }

  /** Collects settings. */
  public static final class Builder extends UserSettings {
    private boolean debug;
    private @Nullable Boolean serveTraceback; // null: as debug
    private OnMissingCapability onMissingCapability = OnMissingCapability.FAIL;
    private @Nullable Consumer<RequestHandler> logFunction;
    private @Nullable String defaultHost;
    private HandlerTarget defaultHandler =
        new HandlerTarget(() -> new ErrorHandler(404), ErrorHandler.class);
    private FormLimits formLimits = FormLimits.DEFAULT;
    private boolean cancelOnDisconnect;
    private Duration requestDeadline = Duration.ZERO;
    private @Nullable String requestIdHeader;
    private Duration websocketPingInterval = Duration.ZERO;
    private @Nullable Duration websocketPingTimeout; // null: as the interval
    private int websocketMaxMessageSize = 10 * 1024 * 1024;
    private long websocketMaxQueueSize = 16 * 1024 * 1024;
    private final List<Function<HTTPServerRequest, ? extends OutputTransform>> transforms =
        new ArrayList<>();
    private boolean compressResponse;
    private @Nullable StaticFiles staticFiles;
    private String staticUrlPrefix = "/static/";
    private @Nullable Supplier<? extends StaticFileHandler> staticHandler;
    private @Nullable Boolean staticHashCache; // null: unless debug
    private final Map<String, Object> values = new HashMap<>();

    Builder() {}

    /** Whether this is a developer's machine; turns {@link #serveTraceback} on. Off. */
    public Builder debug(boolean debug) {
      this.debug = debug;
      return this;
    }

    /** Whether error pages show the stack to the client. As {@link #debug}. */
    public Builder serveTraceback(boolean serveTraceback) {
      this.serveTraceback = serveTraceback;
      return this;
    }

    /** What happens to handlers that need something that a deployment cannot offer. FAIL. */
    public Builder onMissingCapability(OnMissingCapability consequence) {
      this.onMissingCapability = Objects.requireNonNull(consequence, "consequence");
      return this;
    }

    /**
     * Replaces the access log, see {@link AccessLogs}. Called on the loop after each answer; what
     * it throws is logged.
     */
    public Builder logFunction(Consumer<RequestHandler> logFunction) {
      this.logFunction = Objects.requireNonNull(logFunction, "logFunction");
      return this;
    }

    /**
     * The host, without a port, whose routes ({@link Application#addHandlers}) also serve requests
     * that neither the routes of their own host nor those for every host want. None.
     */
    public Builder defaultHost(String host) {
      this.defaultHost = host.toLowerCase(Locale.ROOT);
      return this;
    }

    /**
     * Answers what no route wants. A 404, as by {@link ErrorHandler}.
     *
     * @param handler makes one for each request
     * @param type leave it out, as in {@link Application#url}
     */
    @SafeVarargs
    public final <H extends RequestHandler> Builder defaultHandler(Supplier<H> handler, H... type) {
      this.defaultHandler = new HandlerTarget(handler, type.getClass().getComponentType());
      return this;
    }

    /** What the arguments of a request may cost. {@link FormLimits#DEFAULT}. */
    public Builder formLimits(FormLimits limits) {
      this.formLimits = Objects.requireNonNull(limits, "limits");
      return this;
    }

    /**
     * Whether what handlers await is given up when their client has gone, see {@link
     * RequestHandler#cancelOnDisconnect}. Off, as in Tornado.
     */
    public Builder cancelOnDisconnect(boolean cancelOnDisconnect) {
      this.cancelOnDisconnect = cancelOnDisconnect;
      return this;
    }

    /**
     * How long handlers have for their answers, see {@link RequestHandler#setDeadline}. Zero, which
     * is for ever.
     */
    public Builder requestDeadline(Duration deadline) {
      this.requestDeadline = checked(deadline);
      return this;
    }

    /**
     * Gives each request a name, which stands in all that is logged about it and is sent back in
     * this header, {@code X-Request-ID} say. It is what the client or a proxy in front has put in
     * that header, if these are at most 64 letters, digits, dots, dashes and underscores; else it
     * is made up.
     */
    public Builder requestIdHeader(String name) {
      new HTTPHeaders().set(name, ""); // throws if that is no header's name
      this.requestIdHeader = name;
      return this;
    }

    /** How often a WebSocket's client is pinged. Zero, which is never. */
    public Builder websocketPingInterval(Duration interval) {
      this.websocketPingInterval = checked(interval);
      return this;
    }

    /**
     * How long a WebSocket's client has for its pong before the connection is closed, at most as
     * long as the interval; zero: for ever. As long as the interval.
     */
    public Builder websocketPingTimeout(Duration timeout) {
      this.websocketPingTimeout = checked(timeout);
      return this;
    }

    /** How many bytes a message of a WebSocket's client may have, after inflating. 10 MiB. */
    public Builder websocketMaxMessageSize(int bytes) {
      if (bytes < 0) {
        throw new IllegalArgumentException("messages of " + bytes + " bytes");
      }
      this.websocketMaxMessageSize = bytes;
      return this;
    }

    /**
     * How many bytes may wait for a WebSocket's client to take them: if more do when yet another
     * message is written, the connection is cut. 16 MiB.
     */
    public Builder websocketMaxQueueSize(long bytes) {
      if (bytes < 1) {
        throw new IllegalArgumentException("a queue of " + bytes + " bytes");
      }
      this.websocketMaxQueueSize = bytes;
      return this;
    }

    /**
     * Has all answers pass through one more transform, behind those that were added before.
     *
     * @param transform makes one for each answer, on the loop
     */
    public Builder addTransform(Function<HTTPServerRequest, ? extends OutputTransform> transform) {
      transforms.add(Objects.requireNonNull(transform, "transform"));
      return this;
    }

    /** Whether answers are compressed, see {@link GZipContentEncoding}; the last transform. Off. */
    public Builder compressResponse(boolean compressResponse) {
      this.compressResponse = compressResponse;
      return this;
    }

    private List<Function<HTTPServerRequest, ? extends OutputTransform>> transforms() {
      List<Function<HTTPServerRequest, ? extends OutputTransform>> all =
          new ArrayList<>(transforms);
      if (compressResponse) {
        all.add(GZipContentEncoding::new);
      }
      return List.copyOf(all);
    }

    /** {@link #staticFiles} with a folder. */
    public Builder staticPath(Path folder) {
      return staticFiles(StaticFiles.folder(folder));
    }

    /**
     * Has files served below {@link #staticUrlPrefix}, and two of them, {@code favicon.ico} and
     * {@code robots.txt}, where browsers and robots look for them. These routes come before all
     * others. None.
     */
    public Builder staticFiles(StaticFiles files) {
      this.staticFiles = Objects.requireNonNull(files, "files");
      return this;
    }

    /** With what the paths of static files begin, and end with a slash. {@code /static/}. */
    public Builder staticUrlPrefix(String prefix) {
      if (!prefix.startsWith("/") || !prefix.endsWith("/") || prefix.startsWith("//")) {
        throw new IllegalArgumentException("not a path between slashes: " + prefix);
      }
      this.staticUrlPrefix = prefix;
      return this;
    }

    /** Serves static files in place of a {@link StaticFileHandler}; makes one for each request. */
    public Builder staticHandler(Supplier<? extends StaticFileHandler> handler) {
      this.staticHandler = Objects.requireNonNull(handler, "handler");
      return this;
    }

    /**
     * Whether {@link RequestHandler#staticUrl} looks at each file once, and again when it is served
     * and has changed, or each time. True unless {@link #debug}.
     */
    public Builder staticHashCache(boolean staticHashCache) {
      this.staticHashCache = staticHashCache;
      return this;
    }

    /** A setting of the user's own. */
    public Builder set(String name, Object value) {
      values.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
      return this;
    }

    private static Duration checked(Duration time) {
      if (time.isNegative()) {
        throw new IllegalArgumentException("a time of " + time);
      }
      return time;
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException if they contradict each other
     */
    public Settings build() {
      return new Settings(this);
    }
  }
}
