// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.web.Application;

/**
 * The options of an example's command line: {@code --name=value} or {@code --name value}, each with
 * a default and a meaning that {@code --help} prints.
 *
 * <pre>{@code
 * var options = Options.of("Sends files.").serving(8888).parse(args);
 * options.listen(application);
 * }</pre>
 */
final class Options {
  private record Option(String defaultValue, String meaning) {}

  private final String summary;
  private final Map<String, Option> known = new LinkedHashMap<>();
  private final Map<String, String> values = new LinkedHashMap<>();

  private Options(String summary) {
    this.summary = summary;
  }

  /** No options yet; the summary says in a line what the example is. */
  static Options of(String summary) {
    return new Options(summary);
  }

  /** One more option. */
  Options option(String name, String defaultValue, String meaning) {
    known.put(name, new Option(defaultValue, meaning));
    values.put(name, defaultValue);
    return this;
  }

  /** One more option that is a port. */
  Options port(String name, int defaultValue, String meaning) {
    return option(name, Integer.toString(defaultValue), meaning + "; 0: any that is free");
  }

  /** The options of a server, see {@link #listen}. */
  Options serving(int defaultPort) {
    return port("port", defaultPort, "the port to listen on")
        .option("tls-cert", "", "a PEM file with a certificate and its chain, to serve HTTPS")
        .option("tls-key", "", "a PEM file with the key to that; empty: it is in the same file")
        .option(
            "xheaders", "false", "true: believe the headers of a proxy that nobody can pass by");
  }

  /**
   * Reads the command line. Prints the options and ends the program for {@code --help}; says what
   * is wrong and ends it with status 1 for anything it does not know.
   */
  Options parse(String[] args) {
    if (List.of(args).contains("--help")) {
      System.out.print(help());
      System.exit(0);
    }
    for (int i = 0; i < args.length; i++) {
      boolean two = known.containsKey(name(args[i])) && !args[i].contains("=");
      read(two && i + 1 < args.length ? args[i] + "=" + args[++i] : args[i]);
    }
    return this;
  }

  /** What the example is, and what each option means. */
  String help() {
    var help = new StringBuilder(summary).append("\n\nOptions and their defaults:\n");
    known.forEach(
        (name, option) ->
            help.append("  --%s=%s\n".formatted(name, option.defaultValue()))
                .append("      %s\n".formatted(option.meaning())));
    return help.append("  --help\n      prints this\n").toString();
  }

  private void read(String arg) {
    var name = name(arg);
    if (!known.containsKey(name)) {
      fail("unknown argument " + arg + "; --help lists the options");
    }
    if (!arg.contains("=")) {
      fail("--" + name + " needs a value");
    }
    values.put(name, arg.substring(arg.indexOf('=') + 1));
  }

  /** What comes before the value; empty if it is no option. */
  private static String name(String arg) {
    int equals = arg.indexOf('=');
    return arg.startsWith("--") ? arg.substring(2, equals < 0 ? arg.length() : equals) : "";
  }

  int port(String name) {
    var value = text(name);
    if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > 65_535) {
      fail("--" + name + "=" + value + " is not a port: 0 to 65535");
    }
    return Integer.parseInt(value);
  }

  /** A number from 1 to 99999. */
  int count(String name) {
    var value = text(name);
    if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) == 0) {
      fail("--" + name + "=" + value + " is not a number from 1 to 99999");
    }
    return Integer.parseInt(value);
  }

  String text(String name) {
    return String.valueOf(values.get(name));
  }

  Path path(String name) {
    return Path.of(text(name));
  }

  /**
   * Serves on {@code --port}, by HTTPS if there is {@code --tls-cert} and it names a certificate.
   * If it cannot, says why in one line and ends the program with status 1.
   */
  HTTPServer listen(Application application) {
    int port = port("port");
    try {
      return application.listen(port, "", serverOptions());
    } catch (UncheckedIOException | IllegalArgumentException e) {
      fail(String.valueOf(e.getMessage()));
      throw e; // not reached
    }
  }

  private HTTPServerOptions serverOptions() {
    var certificate = values.getOrDefault("tls-cert", "");
    var key = values.getOrDefault("tls-key", "");
    var options = HTTPServerOptions.builder().xheaders(flag("xheaders"));
    if (certificate.isEmpty()) {
      if (!key.isEmpty()) {
        throw new IllegalArgumentException("--tls-key needs --tls-cert");
      }
      return options.build();
    }
    var chain = Path.of(certificate);
    var ssl = SSLOptions.builder().certificate(chain, key.isEmpty() ? chain : Path.of(key));
    return options.ssl(ssl.build()).build();
  }

  private boolean flag(String name) {
    return switch (values.getOrDefault(name, "false")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("--" + name + " is true or false");
    };
  }

  /** One line and status 1. */
  static void fail(String message) {
    System.err.println(message);
    System.exit(1);
  }
}
