// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.waterspout.gen.Gen;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;
import org.waterspout.routing.HostMatches;
import org.waterspout.routing.Matcher;
import org.waterspout.routing.Mount;
import org.waterspout.routing.PathArguments;
import org.waterspout.routing.ReversibleRouter;
import org.waterspout.routing.Rule;
import org.waterspout.routing.RuleRouter;
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
public final class Application implements ReversibleRouter {
  /** What it was told when it was made. (A method of this name makes new ones.) */
  public final Settings settings;

  private final HostGroups hosts;
  private final Route notFound;
  private final Mounts mounts = new Mounts();
  private final Deployments deployments = new Deployments();

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
    var all = StaticURL.routes(settings, rules);
    this.hosts = new HostGroups(Routes.bind(this, all), settings.defaultHost());
    this.notFound = Route.of(this, "(no route)", settings.defaultHandler());
    var _ = Mounts.in(rules());
    noteWithin(rules());
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

  /**
   * Adds rules for the hosts that match, behind those of hosts that were added before and in front
   * of the constructor's, which are for every host. From any thread, also while requests are
   * served; requests whose headers have arrived go where they would have gone.
   *
   * @param hostPattern see {@link HostMatches}
   * @throws IllegalStateException if the application is being served, and there is a mount among
   *     the rules, or a handler needs what a deployment does not offer; nothing is added then
   */
  public void addHandlers(String hostPattern, Rule... rules) {
    var host = new HostMatches(hostPattern);
    var router = Routes.bind(this, List.of(rules));
    synchronized (hosts) {
      var all = new ArrayList<>(rules());
      all.addAll(router.rules());
      var _ = Mounts.in(all);
      var served = deployments.all().toList();
      if (!served.isEmpty() && !Mounts.in(router.rules()).isEmpty()) {
        throw new IllegalStateException("a mount has to be added before the application is served");
      }
      served.forEach(deployment -> check(Routes.in(router.rules()), deployment));
      hosts.add(host, router);
    }
    noteWithin(router.rules());
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
   * them at once, each request on one: what they share must be safe for that. Or each loop has an
   * application of its own: {@code server.start(0, () -> new Application(...))}. Those are started
   * likewise, and are for the caller to stop, too.
   *
   * @throws IllegalStateException as {@link #start}, or if the options have no certificate
   */
  public HTTPServer server(HTTPServerOptions options) {
    var server = new ApplicationServer(this, options);
    offLoop(server.loop(), this::startNative);
    return server;
  }

  /** Starting and stopping a mount may block. */
  static void offLoop(IOLoop loop, Runnable task) {
    if (loop.onLoop()) {
      var _ = Gen.await(Gen.blocking(Executors.callable(task)));
    } else {
      task.run();
    }
  }

  void startNative() {
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
    var begun = new Deployments.Deployment(deployment, Set.copyOf(offered));
    List<Mounts.Mounted> mounted;
    synchronized (hosts) {
      check(allRoutes(), begun);
      deployments.begin(begun);
      mounted = Mounts.in(rules());
    }
    if (settings.cancelOnDisconnect() && !offered.contains(Capability.CLOSE_DETECTION)) {
      Log.GENERAL.log(
          Level.WARNING,
          () -> "cancelOnDisconnect has no effect in " + deployment + ": clients go unseen");
    }
    boolean started = false;
    try {
      mounts.start(mounted);
      started = true;
    } finally {
      if (!started) {
        deployments.end();
      }
    }
  }

  /** Refuses or tells, as the settings say, what a deployment cannot offer these routes. */
  private void check(List<Route> routes, Deployments.Deployment deployment) {
    var report = CapabilityReport.of(routes, deployment.offered());
    if (settings.onMissingCapability() == OnMissingCapability.FAIL
        && !report.refusals().isEmpty()) {
      throw new IllegalStateException(report.describe(deployment.name()));
    }
    for (RouteLosses route : report.routes()) {
      Log.GENERAL.log(
          route.isRefused() ? Level.WARNING : Level.INFO,
          () -> "In " + deployment.name() + ", " + route);
    }
  }

  /** Whether there are mounts that have been started. */
  boolean hasMounts() {
    return mounts.any();
  }

  /** Ends what {@link #start} began. Never on the loop; may block. */
  public void stop() {
    mounts.stop();
    deployments.end();
  }

  /** What this application loses where only these capabilities are offered. */
  public CapabilityReport capabilityReport(Set<Capability> offered) {
    return CapabilityReport.of(allRoutes(), offered);
  }

  private List<Route> allRoutes() {
    var routes = new ArrayList<>(Routes.in(rules()));
    routes.add(notFound);
    Routes.applicationsIn(rules()).forEach(application -> routes.add(application.notFound));
    return routes;
  }

  private void noteWithin(List<Rule> rules) {
    for (Rule rule : rules) {
      if (rule.delegate() instanceof Application within) {
        within.deployments.addOuter(deployments);
      } else if (rule.delegate() instanceof RuleRouter within) {
        noteWithin(within.rules());
      }
    }
  }

  // ---- requests

  @Override
  public HTTPMessageDelegate findHandler(HTTPServerRequest request, HTTPConnection connection) {
    var found = hosts.findHandler(request, connection);
    if (found == null) {
      found = notFound.findHandler(request, connection, PathArguments.NONE);
    }
    if (found instanceof Execution execution) {
      execution.setEntrance(this);
    } else {
      MountGuard.check(this, request);
    }
    return found;
  }

  /** The rule that gets a request, also one that stands within others; null if none does. */
  @Nullable Rule ruleFor(HTTPServerRequest request) {
    return Routes.ruleFor(hosts.rulesFor(request), request);
  }

  /**
   * Whether one of its rules is for this request, so that it would not be answered with the default
   * 404: for those who offer a request to this application first and to others then. Nothing is
   * begun. A router of your own, a mount or another application behind a rule is taken to want all
   * that the rule matches. From any thread; matchers of your own are called on it.
   */
  public boolean hasRoute(HTTPServerRequest request) {
    return hosts.matches(request);
  }

  /**
   * The receiver of a request for which a router of your own has chosen a handler. What the handler
   * needs of the deployment is checked when it is made.
   *
   * @param handler makes one, for this request
   * @param arguments the path's, still percent-encoded
   */
  public HTTPMessageDelegate getHandlerDelegate(
      HTTPServerRequest request,
      Supplier<? extends RequestHandler> handler,
      PathArguments arguments) {
    var target = new HandlerTarget(handler, RequestHandler.class);
    return new Route(this, "(chosen by a router)", target)
        .findHandler(request, request.connection(), arguments);
  }

  @Override
  public void onClose(Object serverConnection) {
    hosts.onClose(serverConnection);
  }

  @Override
  public @Nullable Matcher named(String name) {
    return hosts.named(name);
  }

  /** All rules, without those that stand within others. */
  List<Rule> rules() {
    return hosts.rules();
  }

  /** Writes the access log, or lets the settings' function do it. */
  void logRequest(RequestHandler handler) {
    var logFunction = settings.logFunction();
    if (logFunction != null) {
      logFunction.accept(handler);
    } else {
      AccessLogs.log(handler);
    }
  }
}
