// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.web.Application;

/** The options of an example's command line: {@code --name=value}, each with a default. */
final class Options {
  private final Map<String, String> values = new LinkedHashMap<>();

  private Options() {}

  /**
   * Reads the command line. Prints the options and ends the program for {@code --help}; says what
   * is wrong and ends it with status 1 for anything it does not know.
   *
   * @param defaults {@code name=value} for each option there is
   */
  static Options parse(String[] args, String... defaults) {
    var options = new Options();
    for (var option : defaults) {
      int equals = option.indexOf('=');
      options.values.put(option.substring(0, equals), option.substring(equals + 1));
    }
    for (var arg : args) {
      options.read(arg);
    }
    return options;
  }

  private void read(String arg) {
    if (arg.equals("--help")) {
      System.out.println("Options and their defaults:");
      values.forEach((name, value) -> System.out.println("  --" + name + "=" + value));
      System.exit(0);
    }
    int equals = arg.indexOf('=');
    var name = arg.startsWith("--") && equals > 0 ? arg.substring(2, equals) : "";
    if (!values.containsKey(name)) {
      fail("unknown argument " + arg + "; --help lists the options");
    }
    values.put(name, arg.substring(equals + 1));
  }

  int port(String name) {
    var value = text(name);
    if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > 65_535) {
      fail("--" + name + "=" + value + " is not a port: 0 to 65535");
    }
    return Integer.parseInt(value);
  }

  String text(String name) {
    return String.valueOf(values.get(name));
  }

  Path path(String name) {
    return Path.of(text(name));
  }

  /** Serves on a port; if it cannot, says why in one line and ends the program with status 1. */
  static void listen(Application application, int port) {
    try {
      application.listen(port);
    } catch (UncheckedIOException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Serves on {@code --port}, by HTTPS if {@code --tls-cert} names a certificate; its key may be in
   * the same file or in that of {@code --tls-key}. If it cannot, says why in one line and ends the
   * program with status 1.
   */
  HTTPServer listen(Application application) {
    int port = port("port");
    var server = HTTPServerOptions.builder();
    var certificate = text("tls-cert");
    var key = text("tls-key").isEmpty() ? certificate : text("tls-key");
    try {
      if (!certificate.isEmpty()) {
        server.ssl(SSLOptions.builder().certificate(Path.of(certificate), Path.of(key)).build());
      }
      return application.listen(port, "", server.build());
    } catch (UncheckedIOException | IllegalArgumentException e) {
      fail(String.valueOf(e.getMessage()));
      throw e; // not reached
    }
  }

  /** One line and status 1. */
  static void fail(String message) {
    System.err.println(message);
    System.exit(1);
  }
}
