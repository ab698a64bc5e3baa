// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.waterspout.gen.Gen;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;
import org.waterspout.routing.Mount;
import org.waterspout.routing.PathArguments;
import org.waterspout.routing.PrefixMatches;
import org.waterspout.routing.Router;
import org.waterspout.routing.Rule;
import org.waterspout.routing.RuleRouter;
import org.waterspout.routing.RuleTarget;
import org.waterspout.routing.URLSpec;

/**
 * Routes to handlers, with settings. It serves on a loop of its own ({@link #listen}) or in a
 * servlet container, unchanged.
 *
 * <pre>{@code
 * static void main() {
 *   new Application(
 *           url("/", HomeHandler::new),
 *           url("/post/(?<slug>[^/]+)", () -> new PostHandler(posts)).name("post"),
 *           mount("/legacy", legacy))
 *       .listen(8888);
 *   IOLoop.current().start();
 * }
 * }</pre>
 *
 * <p>The first route that matches gets a request; what none wants is answered with 404. Requests
 * are served on the loop, everything else may be called from any thread.
 */
public final class Application implements Router {
  final Settings settings; // not private: settings() makes new ones
  private final RuleRouter router;
  private final Route notFound;
  private final List<Route> routes = new ArrayList<>();
  private final Map<String, Rule> named = new HashMap<>();
  private final Mounts mounts = new Mounts();

  /** An application with default settings. */
  public Application(Rule... rules) {
    this(settings().build(), rules);
  }

  /**
   * An application.
   *
   * @throws IllegalStateException if the class of a handler contradicts itself
   */
  public Application(Settings settings, Rule... rules) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.router = bind(List.of(rules));
    var error = new HandlerTarget(() -> new ErrorHandler(new HTTPError(404)), ErrorHandler.class);
    this.notFound = new Route(this, "(no route)", error);
  }

  /** Settings to begin with. */
  public static Settings.Builder settings() {
    return new Settings.Builder();
  }

  /**
   * Gives the paths that match to a handler.
   *
   * @param pattern a regular expression for the whole undecoded path, see {@link
   *     org.waterspout.routing.PathMatches}
   * @param handler makes one for each request
   * @param type leave it out: the empty array tells us the class without making a handler
   */
  @SafeVarargs
  public static <H extends RequestHandler> URLSpec url(
      String pattern, Supplier<H> handler, H... type) {
    Objects.requireNonNull(handler, "handler");
    return new URLSpec(pattern, new HandlerTarget(handler, type.getClass().getComponentType()));
  }

  /**
   * Gives everything under a path to something with a life of its own, such as servlets.
   *
   * @param prefix empty, or a path that begins with a slash and does not end with one
   */
  public static Rule mount(String prefix, Mount mount) {
    return Rule.mount(prefix, mount);
  }

  // ---- life

  /**
   * Serves on a port of all addresses of this machine, by the caller's loop; port 0 is any that is
   * free. Who has not started that loop does so afterwards.
   *
   * @throws IllegalStateException as {@link #start}
   * @throws UncheckedIOException if the port is taken; the message is for the user
   */
  public HTTPServer listen(int port) {
    return listen(port, "");
  }

  /** Serves on a port of one address, as {@link #listen(int)}. */
  public HTTPServer listen(int port, String host) {
    return listen(port, host, HTTPServerOptions.defaults());
  }

  /** Serves within limits of one's own, as {@link #listen(int)}. */
  public HTTPServer listen(int port, String host, HTTPServerOptions options) {
    var server = server(options);
    try {
      server.listen(port, host);
      return server;
    } catch (IOException e) {
      offLoop(server.loop(), this::stop);
      throw new UncheckedIOException(e.getMessage(), e);
    } catch (RuntimeException e) {
      offLoop(server.loop(), this::stop);
      throw e;
    }
  }

  /**
   * A server of the caller's loop for this application, for what {@link #listen} does not do:
   * several loops, several ports, Unix domain sockets. Wherever it listens it says so in the log.
   *
   * <pre>{@code
   * var server = application.server(HTTPServerOptions.defaults());
   * server.bind(8888);
   * server.start(0);                         // a loop for each processor
   * server.listen(Path.of("/run/app.sock")); // and behind a proxy on this machine
   * IOLoop.current().start();
   * }</pre>
   *
   * <p>The application is started as by {@link #start} when this returns, and is for the caller to
   * {@link #stop}, also if the server then cannot listen. On several loops, handlers run on all of
   * them at once, each request on one: what they share must be safe for that.
   *
   * @throws IllegalStateException as {@link #start}, or if the options have no certificate
   */
  public HTTPServer server(HTTPServerOptions options) {
    var server = new ApplicationServer(this, options);
    offLoop(server.loop(), this::startNative);
    return server;
  }

  /** Starting and stopping a mount may block. */
  private static void offLoop(IOLoop loop, Runnable task) {
    if (loop.onLoop()) {
      var _ = Gen.await(Gen.blocking(Executors.callable(task)));
    } else {
      task.run();
    }
  }

  private void startNative() {
    start("native", EnumSet.allOf(Capability.class));
  }

  /**
   * Makes ready to serve: checks that the deployment offers what the handlers need, and starts the
   * mounts. For those who give the application to a server themselves, each with a {@link #stop} of
   * its own; never on the loop. May be called once for each of several deployments.
   *
   * @param deployment its name, for messages
   * @param offered what it offers
   * @throws IllegalStateException if something is missing, naming all of it, unless the settings
   *     leave that to the routes; or if a mount does not start
   */
  public void start(String deployment, Set<Capability> offered) {
    var report = capabilityReport(offered);
    if (!report.refusals().isEmpty()) {
      if (settings.onMissingCapability() == OnMissingCapability.FAIL) {
        throw new IllegalStateException(report.describe(deployment));
      }
      report
          .refusals()
          .forEach(
              use ->
                  Log.GENERAL.log(
                      System.Logger.Level.WARNING,
                      () -> "Answered with 501 in " + deployment + ": " + use));
    }
    mounts.start();
  }

  /** Ends what {@link #start} began. Never on the loop; may block. */
  public void stop() {
    mounts.stop();
  }

  /** What this application loses where only these capabilities are offered. */
  public CapabilityReport capabilityReport(Set<Capability> offered) {
    return CapabilityReport.of(routes, offered);
  }

  // ---- requests

  @Override
  public HTTPMessageDelegate findHandler(HTTPServerRequest request, HTTPConnection connection) {
    var found = router.findHandler(request, connection);
    return found != null ? found : notFound.findHandler(request, connection, PathArguments.NONE);
  }

  @Override
  public void onClose(Object serverConnection) {
    router.onClose(serverConnection);
  }

  /**
   * The path of a route with a name.
   *
   * @param arguments one for each group of its pattern, in order
   * @throws IllegalArgumentException if there is no such route, or its pattern would not match
   */
  public String reverseUrl(String name, Object... arguments) {
    var rule = named.get(name);
    if (rule == null) {
      throw new IllegalArgumentException("no route is named " + name);
    }
    return rule.matcher().reverse(arguments);
  }

  /** Writes the access log, or lets the settings' function do it. */
  void logRequest(RequestHandler handler) {
    var logFunction = settings.logFunction();
    if (logFunction != null) {
      logFunction.accept(handler);
      return;
    }
    int status = handler.getStatus();
    var level =
        status < 400
            ? System.Logger.Level.INFO
            : status < 500 ? System.Logger.Level.WARNING : System.Logger.Level.ERROR;
    Log.ACCESS.log(level, () -> accessLine(status, handler.request()));
  }

  private static String accessLine(int status, HTTPServerRequest request) {
    long hundredths = request.requestTime().toNanos() / 10_000;
    String fraction = hundredths % 100 < 10 ? ".0" : ".";
    String time = hundredths / 100 + fraction + hundredths % 100 + "ms";
    return status + " " + LogText.summary(request) + " " + time;
  }

  // ---- rules

  private RuleRouter bind(List<Rule> rules) {
    return new RuleRouter(rules.stream().map(this::bind).toArray(Rule[]::new));
  }

  /** The rule as this application's own; notes what else has to be known of it. */
  private Rule bind(Rule rule) {
    var bound = rule;
    if (rule.target() instanceof HandlerTarget handler) {
      bound = rule.withTarget(route(rule, handler));
    } else if (rule.delegate() instanceof RuleRouter nested) {
      bound = rule.withTarget(RuleTarget.of(bind(nested.rules())));
    } else if (rule.delegate() instanceof Application nested) {
      routes.addAll(nested.routes);
      mounts.addAll(nested.mounts);
      nested.named.forEach(this::name);
    } else if (rule.delegate() instanceof Mount mount) {
      mounts.add(rule.matcher() instanceof PrefixMatches(String prefix) ? prefix : "", mount);
    }
    if (rule.name() != null) {
      name(rule.name(), bound);
    }
    return bound;
  }

  private Route route(Rule rule, HandlerTarget handler) {
    var route = new Route(this, rule.matcher().pattern(), handler);
    var _ = route.declaredClass(); // refuses a class that contradicts itself
    routes.add(route);
    return route;
  }

  private void name(String name, Rule rule) {
    if (named.put(name, rule) != null) {
      Log.GENERAL.log(System.Logger.Level.WARNING, () -> "Two routes are named " + name);
    }
  }
}
