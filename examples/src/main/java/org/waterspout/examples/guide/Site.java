// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.guide;

import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.nio.file.Path;
import java.time.Duration;
import org.waterspout.web.AccessLogs;
import org.waterspout.web.Application;
import org.waterspout.web.RedirectHandler;
import org.waterspout.web.RequestHandler;
import org.waterspout.web.Settings;
import org.waterspout.web.StaticFiles;

/** A site with files, an old address, and a host's name of its own. */
final class Site {
  private Site() {}

  static final class HomeHandler extends RequestHandler {
    @Override
    protected void get() {
      write("<link rel=\"stylesheet\" href=\"" + staticUrl("site.css") + "\">");
    }
  }

  static Settings withFiles(Path folder) {
    return settings().staticFiles(StaticFiles.folder(folder).withPrecompressed()).build();
  }

  static Settings.Builder forProduction() {
    return settings()
        .logFunction(AccessLogs.combined())
        .requestIdHeader("X-Request-ID")
        .requestDeadline(Duration.ofSeconds(30))
        .compressResponse(true);
  }

  static Application application(Settings settings) {
    var application = new Application(settings);
    application.addHandlers(
        "(www\\.)?example\\.org",
        url("/", HomeHandler::new),
        url("/home/(.*)", RedirectHandler.to("/{0}")));
    return application;
  }
}
