// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.Deployment;
import org.waterspout.http.Capability;
import org.waterspout.web.Application;
import org.waterspout.web.CapabilityReport;
import org.waterspout.web.CapabilityUse;
import org.waterspout.web.OnMissingCapability;
import org.waterspout.web.RouteLosses;

/**
 * Tells what the applications in a WAR lose in a container, before any deployment: what {@link
 * ServletAdapter} would say when it starts there. {@code java ... org.waterspout.adapter.Check
 * app.war --for tomcat-11}; {@code --help} names the containers.
 *
 * <p>What an await waits for, or which paths clients send, no scan of classes can see: of what is
 * missing for those it says so, once for each container.
 *
 * <p>The application is made, by its class's constructor and {@code get}, but not started. The
 * status is 0 if it would run whole, 1 if something would be refused, 2 if that cannot be said.
 */
public final class Check {
  /** What handlers need without naming it: nothing of the API is for it. */
  private static final List<Capability> UNSEEN =
      List.of(Capability.LONG_POLLING, Capability.RAW_REQUEST_TARGET);

  private final PrintStream out;
  private final List<CheckTarget> targets = new ArrayList<>();
  private @Nullable Path war; // null until it was named
  private @Nullable String className; // null: web.xml names it

  private Check(PrintStream out) {
    this.out = out;
  }

  /** The program; ends the JVM. */
  public static void main(String[] args) {
    System.exit(run(System.out, System.err, args));
  }

  /** The exit status. */
  static int run(PrintStream out, PrintStream err, String... args) {
    if (List.of(args).contains("--help")) {
      out.print(help());
      return 0;
    }
    try {
      var check = new Check(out);
      check.read(args);
      return check.check() ? 0 : 1;
    } catch (IOException | ServletException | RuntimeException | LinkageError e) {
      err.println(e.getMessage() == null ? e.toString() : e.getMessage());
      return 2;
    }
  }

  private static String help() {
    return """
    Tells what the applications in a WAR lose in a container, before they are deployed there.

    java ... org.waterspout.adapter.Check app.war --for tomcat-11 [--for ...]

    app.war                the WAR, or the folder of one
    --for CONTAINER        one of: %s
    --application CLASS    the class that supplies the application; otherwise what
                           web.xml names in the init-params of Waterspout's adapters
    --help                 prints this

    The status is 0 if nothing is refused, 1 if something is, 2 if that cannot be said.
    """
        .formatted(CheckTarget.names());
  }

  private void read(String... args) {
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--for" -> targets.add(CheckTarget.of(value(args, ++i)));
        case "--application" -> className = value(args, ++i);
        default -> {
          if (args[i].startsWith("-") || war != null) {
            throw new IllegalArgumentException(
                "unknown argument " + args[i] + "; --help lists them");
          }
          war = Path.of(args[i]);
        }
      }
    }
    if (war == null || targets.isEmpty()) {
      throw new IllegalArgumentException("a WAR and --for CONTAINER are needed; --help says how");
    }
  }

  private static String value(String[] args, int i) {
    if (i == args.length) {
      throw new IllegalArgumentException(args[i - 1] + " needs a value; --help says which");
    }
    return args[i];
  }

  private boolean check() throws IOException, ServletException {
    boolean whole = true;
    try (var file = WarFile.open(Objects.requireNonNull(war))) {
      for (var named : file.applications(className)) {
        var application = file.load(named);
        for (CheckTarget target : targets) {
          whole &= tell(named, application, target.deployment());
        }
      }
    }
    return whole;
  }

  /** Whether nothing is refused. */
  private boolean tell(WarFile.Named named, Application application, Deployment deployment) {
    var report = application.capabilityReport(deployment.capabilities());
    out.println(named.className() + " in " + deployment.name());
    report.routes().forEach(route -> out.println("  " + line(route)));
    report
        .unknown()
        .forEach(
            route ->
                out.println("  route " + route + " is checked when its first handler is made"));
    out.println("  " + summary(application, report));
    UNSEEN.stream()
        .filter(report.missing()::contains)
        .forEach(
            capability ->
                out.println(
                    "  nor is there "
                        + capability
                        + ", whose use cannot be seen before: "
                        + capability.inContainers()));
    return report.refusals().isEmpty();
  }

  private static String line(RouteLosses route) {
    var line = new StringBuilder("route ").append(route.route());
    String separator = route.isRefused() ? " is refused: no " : " does without ";
    for (CapabilityUse use : route.decisive()) {
      line.append(separator).append(use.capability());
      line.append(" (").append(use.handler()).append(": ").append(use.where()).append(')');
      separator = ", ";
    }
    return line.toString();
  }

  private static String summary(Application application, CapabilityReport report) {
    if (report.refusals().isEmpty()) {
      return report.losses().isEmpty() ? "nothing is lost" : "it runs, and copes with its losses";
    }
    return application.settings.onMissingCapability() == OnMissingCapability.FAIL
        ? "it does not start there; with onMissingCapability(ROUTE) what is refused answers 501"
        : "it starts there, and what is refused answers 501";
  }
}
