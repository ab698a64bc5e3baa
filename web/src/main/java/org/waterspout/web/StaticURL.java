// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.blocking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.log.Log;
import org.waterspout.routing.Rule;
import org.waterspout.text.Shown;

/** Where the static files of an application are: routes to them, and URLs of them. */
final class StaticURL {
  private static final Pattern META = Pattern.compile("[^A-Za-z0-9/_-]");

  private StaticURL() {}

  /** The routes that the settings want, and behind them these. */
  static List<Rule> routes(Settings settings, Rule... others) {
    var files = settings.staticFiles();
    if (files == null) {
      return List.of(others);
    }
    var handler = settings.staticHandler(files);
    String prefix = META.matcher(settings.staticUrlPrefix()).replaceAll("\\\\$0");
    List<Rule> rules = new ArrayList<>();
    rules.add(Application.url(prefix + "(.*)", handler));
    rules.add(Application.url("/(favicon\\.ico)", handler));
    rules.add(Application.url("/(robots\\.txt)", handler));
    rules.addAll(List.of(others));
    return rules;
  }

  /** The path of a file, and its version as the query. On the loop; awaits. */
  static String of(Settings settings, String path) {
    var files = settings.staticFiles();
    if (files == null) {
      throw new IllegalStateException("staticUrl needs the setting staticFiles, or staticPath");
    }
    String version = settings.staticHashCache() ? files.knownVersion(path) : null;
    if (version == null) {
      version = await(blocking(() -> version(files, path)));
      files.noteVersion(path, version);
    }
    String encoded =
        Arrays.stream(path.split("/", -1))
            .map(name -> Escape.urlEscape(name, false))
            .collect(Collectors.joining("/"));
    return settings.staticUrlPrefix() + encoded + (version == null ? "" : "?v=" + version);
  }

  private static @Nullable String version(StaticFiles files, String path) {
    Exception reason;
    try {
      var content = files.find(path);
      if (content != null) {
        return content.version();
      }
      reason = new HTTPError(404);
    } catch (Exception e) {
      reason = e;
    }
    String text = "No version of static file " + Shown.clean(path);
    Log.GENERAL.log(System.Logger.Level.ERROR, text, Log.cleaned(reason));
    return null;
  }
}
