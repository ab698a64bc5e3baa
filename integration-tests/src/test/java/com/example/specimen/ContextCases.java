// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionTrackingMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Chapter 4: the servlet context. */
public final class ContextCases extends Cases {
  private static final long serialVersionUID = 1L;

  /** Says what the context says. */
  public ContextCases() {
    see(
        "facts",
        (request, response, facts) -> {
          var context = request.getServletContext();
          facts
              .put("path", context.getContextPath())
              .put("name", context.getServletContextName())
              .put("major", context.getEffectiveMajorVersion())
              .put("minor", context.getEffectiveMinorVersion())
              .put("api major", context.getMajorVersion())
              .put("api minor", context.getMinorVersion())
              .put("info", !context.getServerInfo().isEmpty())
              .put("virtual", context.getVirtualServerName() != null)
              .put("parameter", context.getInitParameter("specimen"))
              .put("no parameter", context.getInitParameter("none"))
              .put("temp", context.getAttribute(ServletContext.TEMPDIR) instanceof java.io.File)
              .put("libs", context.getAttribute(ServletContext.ORDERED_LIBS))
              .put("request encoding", context.getRequestCharacterEncoding())
              .put("response encoding", context.getResponseCharacterEncoding())
              .put("session timeout", context.getSessionTimeout())
              .put("tracking", new TreeSet<>(context.getEffectiveSessionTrackingModes()))
              .put("itself", context.getContext("/x") == context)
              .put("itself deeper", context.getContext("/x/look") == context)
              .put(
                  "nobody",
                  context.getContext("/nobody") != null && context.getContext("/nobody") != context)
              .put("loader", context.getClassLoader() == getClass().getClassLoader())
              .put(
                  "context loader",
                  Thread.currentThread().getContextClassLoader() == context.getClassLoader());
          context.setAttribute("specimen.a", "x");
          context.setAttribute("specimen.a", null);
          facts.put(
              "removed", Collections.list(context.getAttributeNames()).contains("specimen.a"));
        });
    see(
        "resources",
        (request, response, facts) -> {
          var context = request.getServletContext();
          for (var path :
              new String[] {
                "/", "/static", "/static/", "/none", "/WEB-INF/", "/WEB-INF/lib", "/from-library/"
              }) {
            facts.call(
                "paths " + path,
                () ->
                    context.getResourcePaths(path) == null
                        ? null
                        : new java.util.TreeSet<>(context.getResourcePaths(path)));
          }
          facts.call("paths relative", () -> context.getResourcePaths("static"));
          for (var path :
              new String[] {
                "/static/page.html",
                "/none",
                "/WEB-INF/web.xml",
                "/static",
                "/static/",
                "/",
                "/from-library/page.txt",
                "/META-INF/resources/page.txt",
                "/static/../index.html",
                "/../x",
                "/static%2fpage.html"
              }) {
            facts.call("resource " + path, () -> context.getResource(path) != null);
            facts.call(
                "stream " + path,
                () -> {
                  try (var in = context.getResourceAsStream(path)) {
                    return in == null ? null : path.endsWith(".txt") ? read(in) : "some";
                  }
                });
            facts.call("real " + path, () -> context.getRealPath(path) != null);
          }
          facts.call("resource relative", () -> context.getResource("static/page.html") != null);
          facts.call("resource null", () -> context.getResource(null));
          facts.call("real relative", () -> context.getRealPath("static/page.html") != null);
          facts.call(
              "loader", () -> getClass().getClassLoader().getResource("in-classes.txt") != null);
        });
    see(
        "types",
        (request, response, facts) -> {
          var context = request.getServletContext();
          for (var file :
              new String[] {
                "a.html", "a.HTML", "a.css", "a.js", "a.png", "a.txt", "a.xml", "a.json", "a.svg",
                "a.pdf", "a.zip", "a.mp4", "a.woff2", "a.specimen", "a.tar.gz", "a", "html",
                    ".html",
                "a.none", "a.xhtml", "a.jpeg", "a.ico", "a.wasm", "a.mjs", "a.webp", "a.csv", "a.md"
              }) {
            facts.put("type of " + file, context.getMimeType(file));
          }
        });
    see(
        "registrations",
        (request, response, facts) -> {
          var context = request.getServletContext();
          var servlets = new TreeMap<>(context.getServletRegistrations());
          servlets
              .keySet()
              .removeAll(Set.of("default", "jsp", "org.eclipse.jetty.ee11.servlet.NoJspServlet"));
          servlets.forEach(
              (name, each) ->
                  facts
                      .put("servlet " + name, each.getClassName())
                      .put("mappings of " + name, each.getMappings().stream().sorted().toList())
                      .put("parameters of " + name, each.getInitParameters())
                      .put("role of " + name, each.getRunAsRole()));
          new TreeMap<>(context.getFilterRegistrations())
              .forEach(
                  (name, each) -> {
                    if (each.getClassName().startsWith("com.example.")) {
                      facts
                          .put("filter " + name, each.getClassName())
                          .put("filter patterns of " + name, each.getUrlPatternMappings())
                          .put("filter servlets of " + name, each.getServletNameMappings());
                    }
                  });
        });
    see(
        "too-late",
        (request, response, facts) -> {
          var context = request.getServletContext();
          facts
              .run("servlet", () -> context.addServlet("late", LookServlet.class))
              .run("filter", () -> context.addFilter("late", TraceFilter.class))
              .run("listener", () -> context.addListener(Events.class))
              .run("parameter", () -> context.setInitParameter("late", "x"))
              .run("roles", () -> context.declareRoles("late"))
              .run(
                  "tracking",
                  () -> context.setSessionTrackingModes(Set.of(SessionTrackingMode.COOKIE)))
              .run("timeout", () -> context.setSessionTimeout(5))
              .run("encoding", () -> context.setRequestCharacterEncoding("UTF-8"))
              .run("cookie", () -> context.getSessionCookieConfig().setName("late"))
              .run("jsp", () -> context.addJspFile("late", "/late.jsp"))
              .run("mapping", () -> context.getServletRegistration("look").addMapping("/late"))
              .run(
                  "init parameter",
                  () -> context.getServletRegistration("look").setInitParameter("late", "x"))
              .run("create", () -> context.createServlet(LookServlet.class))
              .put("null attribute", context.getAttribute("none"))
              .run("null name", () -> context.getAttribute(null))
              .run("null parameter", () -> context.getInitParameter(null));
        });
    see(
        "cookie",
        (request, response, facts) -> {
          var cookie = request.getServletContext().getSessionCookieConfig();
          facts
              .put("name", cookie.getName())
              .put("path", cookie.getPath())
              .put("domain", cookie.getDomain())
              .put("age", cookie.getMaxAge())
              .put("http only", cookie.isHttpOnly())
              .put("secure", cookie.isSecure())
              .put("attributes", cookie.getAttributes());
        });
    see(
        "events",
        (request, response, facts) ->
            facts.put("events", Events.taken(request.getServletContext())));
    see(
        "init",
        (request, response, facts) ->
            facts
                .put("name", getServletName())
                .put("names", Collections.list(getInitParameterNames()).stream().sorted().toList())
                .put("a", getInitParameter("a"))
                .put("none", getInitParameter("none")));
  }

  private static String read(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }
}
