// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.descriptor;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.MultipartConfigElement;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.descriptor.WebXml.FilterElement;
import org.waterspout.bridge.descriptor.WebXml.FilterMappingElement;
import org.waterspout.bridge.descriptor.WebXml.FilterTarget;
import org.waterspout.bridge.descriptor.WebXml.Parameter;
import org.waterspout.bridge.descriptor.WebXml.ServletElement;
import org.waterspout.bridge.descriptor.WebXml.ServletMapping;
import org.waterspout.bridge.mapping.UrlPattern;
import org.waterspout.log.Log;

/** Reads the servlets and filters of a descriptor, and what they are mapped to. */
final class ComponentReader {
  private final Element root;
  private final boolean forServlet22;

  ComponentReader(Element root, @Nullable String version) {
    this.root = root;
    this.forServlet22 = "2.2".equals(version);
  }

  List<ServletElement> servlets() {
    Set<String> names = new HashSet<>();
    List<ServletElement> servlets = new ArrayList<>();
    for (Element element : root.all("servlet")) {
      ServletElement servlet = servlet(element);
      if (!names.add(servlet.name())) {
        throw element.refused("two servlets are called " + servlet.name());
      }
      servlets.add(servlet);
    }
    return servlets;
  }

  private static ServletElement servlet(Element element) {
    element.allow(
        "servlet-name",
        "servlet-class",
        "jsp-file",
        "init-param",
        "load-on-startup",
        "enabled",
        "async-supported",
        "run-as",
        "security-role-ref",
        "multipart-config");
    String className = element.text("servlet-class");
    String jspFile = element.text("jsp-file");
    if (className != null && jspFile != null) {
      throw element.refused("a servlet is a class or a page");
    }
    if (jspFile != null && !jspFile.startsWith("/")) {
      throw element.refused("a page begins with a slash: " + jspFile);
    }
    return new ServletElement(
        element.required("servlet-name"),
        className,
        jspFile == null ? null : PathText.canonical(element, jspFile),
        parameters(element),
        loadOnStartup(element),
        element.flag("enabled"),
        element.flag("async-supported"),
        multipart(element),
        element.place());
  }

  /** Empty is the old way to say that the order does not matter. */
  private static @Nullable Integer loadOnStartup(Element servlet) {
    String text = servlet.text("load-on-startup");
    return text != null && text.isEmpty() ? Integer.valueOf(0) : servlet.number("load-on-startup");
  }

  private static @Nullable MultipartConfigElement multipart(Element servlet) {
    Element config = servlet.one("multipart-config");
    if (config == null) {
      return null;
    }
    config.allow("location", "max-file-size", "max-request-size", "file-size-threshold");
    Integer threshold = config.number("file-size-threshold");
    return new MultipartConfigElement(
        config.text("location"),
        size(config, "max-file-size"),
        size(config, "max-request-size"),
        threshold == null ? 0 : threshold);
  }

  /** In bytes; -1 for no limit. */
  private static long size(Element config, String name) {
    String text = config.text(name);
    if (text == null) {
      return -1;
    }
    if (!text.matches("-1|[0-9]{1,18}")) {
      throw config.refused("<" + name + "> is not a number of bytes");
    }
    return Long.parseLong(text);
  }

  List<ServletMapping> servletMappings() {
    List<ServletMapping> mappings = new ArrayList<>();
    for (Element element : root.all("servlet-mapping")) {
      element.allow("servlet-name", "url-pattern");
      List<UrlPattern> patterns =
          element.all("url-pattern").stream().map(this::servletPattern).toList();
      if (patterns.isEmpty()) {
        throw element.refused("<servlet-mapping> without <url-pattern>");
      }
      mappings.add(new ServletMapping(element.required("servlet-name"), patterns, element.place()));
    }
    return mappings;
  }

  List<FilterElement> filters() {
    Set<String> names = new HashSet<>();
    List<FilterElement> filters = new ArrayList<>();
    for (Element element : root.all("filter")) {
      element.allow("filter-name", "filter-class", "init-param", "async-supported");
      String name = element.required("filter-name");
      if (!names.add(name)) {
        throw element.refused("two filters are called " + name);
      }
      filters.add(
          new FilterElement(
              name,
              element.text("filter-class"),
              parameters(element),
              element.flag("async-supported"),
              element.place()));
    }
    return filters;
  }

  /** Until Servlet 2.3 the slash could be left out. */
  private UrlPattern servletPattern(Element element) {
    String text = element.rawText();
    boolean slashless = !text.isEmpty() && !text.startsWith("/") && !text.startsWith("*.");
    return pattern(element, forServlet22 && slashless ? "/" + text : text);
  }

  List<FilterMappingElement> filterMappings() {
    List<FilterMappingElement> mappings = new ArrayList<>();
    for (Element element : root.all("filter-mapping")) {
      element.allow("filter-name", "url-pattern", "servlet-name", "dispatcher");
      List<FilterTarget> targets = new ArrayList<>();
      for (Element child : element.children()) {
        if (child.name().equals("url-pattern")) {
          targets.add(new FilterTarget(pattern(child, child.rawText()), null));
        } else if (child.name().equals("servlet-name")) {
          targets.add(new FilterTarget(null, child.text()));
        }
      }
      if (targets.isEmpty()) {
        throw element.refused("a filter is mapped to nothing");
      }
      mappings.add(
          new FilterMappingElement(
              element.required("filter-name"), targets, dispatchers(element), element.place()));
    }
    return mappings;
  }

  private static Set<DispatcherType> dispatchers(Element mapping) {
    Set<DispatcherType> types = EnumSet.noneOf(DispatcherType.class);
    for (Element dispatcher : mapping.all("dispatcher")) {
      try {
        types.add(DispatcherType.valueOf(dispatcher.text()));
      } catch (IllegalArgumentException e) {
        throw dispatcher.refused("not a dispatcher type: " + dispatcher.text());
      }
    }
    return types;
  }

  /** Of those that have one name the first counts, as in other containers. */
  private static List<Parameter> parameters(Element component) {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    for (Element element : component.all("init-param")) {
      Parameter parameter = parameter(element);
      Parameter first = parameters.putIfAbsent(parameter.name(), parameter);
      if (first != null) {
        Log.GENERAL.log(
            Level.WARNING,
            "{0}: ignored: the init parameter {1} has been set at {2}",
            parameter.place(),
            parameter.name(),
            first.place());
      }
    }
    return List.copyOf(parameters.values());
  }

  /** An init parameter, or one of the context. */
  static Parameter parameter(Element element) {
    element.allow("param-name", "param-value");
    String value = element.text("param-value");
    if (value == null) {
      throw element.refused("<" + element.name() + "> without <param-value>");
    }
    return new Parameter(element.required("param-name"), value, element.place());
  }

  /** The patterns in an element. */
  static List<UrlPattern> patterns(Element element) {
    return element.all("url-pattern").stream()
        .map(pattern -> pattern(pattern, pattern.rawText()))
        .toList();
  }

  /** Blanks are part of a pattern; line ends are refused with it. */
  private static UrlPattern pattern(Element element, String text) {
    if (!element.children().isEmpty()) {
      throw element.refused("<url-pattern> has elements where a text is wanted");
    }
    try {
      return UrlPattern.parse(PathText.canonical(element, text));
    } catch (IllegalArgumentException e) {
      throw element.refused(String.valueOf(e.getMessage()));
    }
  }
}
