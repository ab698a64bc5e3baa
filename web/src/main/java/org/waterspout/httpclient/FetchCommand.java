// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.waterspout.text.Shown;

/** What {@link HTTPClient#main} does: fetches URLs and prints the answers. */
final class FetchCommand {
  private static final String HELP =
      """
      Fetches URLs and prints what comes.

      java ... org.waterspout.httpclient.HTTPClient [options] URL...

      --print-headers=false    prints status line and headers
      --print-body=true        prints the body
      --follow-redirects=true  goes where an answer leads
      --validate-cert=true     refuses servers whose certificate does not hold
      --proxy-host=            an HTTP proxy through which to go
      --proxy-port=            its port
      --help                   prints this

      The status is 0 if all succeeded, 1 if one did not, 2 for unknown arguments.
      """;

  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> options = new TreeMap<>();
  private final List<String> urls = new ArrayList<>();

  FetchCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
    options.put("print-headers", "false");
    options.put("print-body", "true");
    options.put("follow-redirects", "true");
    options.put("validate-cert", "true");
    options.put("proxy-host", "");
    options.put("proxy-port", "");
  }

  /** The exit status. */
  int run(String... args) {
    if (List.of(args).contains("--help")) {
      out.print(HELP);
      out.flush();
      return 0;
    }
    List<HTTPRequest> requests;
    try {
      for (var arg : args) {
        read(arg);
      }
      check();
      requests = urls.stream().map(this::request).toList();
      if (requests.isEmpty()) {
        throw new IllegalArgumentException("no URL; --help says how");
      }
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      return 2;
    }
    return fetchAll(requests) ? 0 : 1;
  }

  private void read(String arg) {
    if (!arg.startsWith("-")) {
      urls.add(arg);
      return;
    }
    int equals = arg.indexOf('=');
    var name = equals < 0 ? arg : arg.substring(0, equals);
    name = name.replaceFirst("^--?", "").replace('_', '-'); // as Tornado takes them
    if (!options.containsKey(name)) {
      throw new IllegalArgumentException(
          "unknown argument " + Shown.quoted(arg) + "; --help lists them");
    }
    options.put(name, equals < 0 ? "true" : arg.substring(equals + 1));
  }

  /** All of them, before anything is fetched. */
  private void check() {
    for (var name : List.of("print-headers", "print-body", "follow-redirects", "validate-cert")) {
      var _ = isOn(name);
    }
    if (text("proxy-host").isEmpty() != text("proxy-port").isEmpty()) {
      throw new IllegalArgumentException("--proxy-host and --proxy-port need each other");
    }
  }

  private HTTPRequest request(String url) {
    var request =
        HTTPRequest.builder(url)
            .followRedirects(isOn("follow-redirects"))
            .validateCert(isOn("validate-cert"));
    if (!text("proxy-host").isEmpty()) {
      request.proxy(text("proxy-host"), proxyPort());
    }
    return request.build();
  }

  private int proxyPort() {
    if (!text("proxy-port").matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("--proxy-port is a number from 1 to 65535");
    }
    return Integer.parseInt(text("proxy-port"));
  }

  private boolean fetchAll(List<HTTPRequest> requests) {
    boolean good = true;
    try (var client = new HTTPClient()) {
      for (var request : requests) {
        good &= fetch(client, request);
      }
    }
    return good;
  }

  private boolean fetch(HTTPClient client, HTTPRequest request) {
    try {
      var response = client.fetch(request, false);
      print(response);
      return response.ok();
    } catch (HTTPClientError | CompletionException e) {
      err.println(request.toString() + ": " + e.getMessage());
      return false;
    }
  }

  private void print(HTTPResponse response) {
    if (isOn("print-headers")) {
      var head = response.code() + " " + response.reason() + "\n" + response.headers() + "\n";
      out.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
    }
    if (isOn("print-body")) {
      out.writeBytes(response.body());
    }
    out.flush();
  }

  private boolean isOn(String name) {
    return switch (text(name)) {
      case "true", "yes", "1" -> true;
      case "false", "no", "0" -> false;
      default -> throw new IllegalArgumentException("--" + name + " is true or false");
    };
  }

  private String text(String name) {
    return String.valueOf(options.get(name));
  }
}
