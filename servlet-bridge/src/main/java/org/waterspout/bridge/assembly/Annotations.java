// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.assembly;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.annotation.WebServlet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.descriptor.DescriptorException;
import org.waterspout.bridge.descriptor.Place;
import org.waterspout.bridge.descriptor.WebXml;
import org.waterspout.bridge.descriptor.WebXml.FilterElement;
import org.waterspout.bridge.descriptor.WebXml.FilterMappingElement;
import org.waterspout.bridge.descriptor.WebXml.FilterTarget;
import org.waterspout.bridge.descriptor.WebXml.Named;
import org.waterspout.bridge.descriptor.WebXml.Parameter;
import org.waterspout.bridge.descriptor.WebXml.ServletElement;
import org.waterspout.bridge.descriptor.WebXml.ServletMapping;
import org.waterspout.bridge.mapping.UrlPattern;
import org.waterspout.bridge.scan.AnnotationFacts;
import org.waterspout.bridge.scan.ClassFacts;
import org.waterspout.bridge.scan.ClassIndex;

/**
 * What the annotations of some classes declare, Servlet 6.1 section 8.1, put as a descriptor would:
 * then one set of rules merges them.
 */
final class Annotations {
  private final List<ServletElement> servlets = new ArrayList<>();
  private final List<ServletMapping> servletMappings = new ArrayList<>();
  private final List<FilterElement> filters = new ArrayList<>();
  private final List<FilterMappingElement> filterMappings = new ArrayList<>();
  private final List<Named> listeners = new ArrayList<>();

  private Annotations() {}

  /**
   * Reads the classes of one place.
   *
   * @param where that is, for messages
   * @throws DescriptorException if an annotation contradicts itself
   */
  static WebXml of(List<ClassIndex.Found> classes, String where) {
    var read = new Annotations();
    for (ClassIndex.Found found : classes) {
      read.add(found.facts(), Place.of(where + ": " + found.facts().name()));
    }
    return WebXml.of(
        Place.of(where),
        List.copyOf(read.servlets),
        List.copyOf(read.servletMappings),
        List.copyOf(read.filters),
        List.copyOf(read.filterMappings),
        List.copyOf(read.listeners));
  }

  private void add(ClassFacts type, Place place) {
    AnnotationFacts servlet = type.annotation(WebServlet.class.getName());
    if (servlet != null) {
      addServlet(type, servlet, place);
    }
    AnnotationFacts filter = type.annotation(WebFilter.class.getName());
    if (filter != null) {
      addFilter(type, filter, place);
    }
    if (type.annotation(WebListener.class.getName()) != null) {
      listeners.add(new Named(type.name(), place));
    }
  }

  private void addServlet(ClassFacts type, AnnotationFacts servlet, Place place) {
    String name = name(servlet, "name", type);
    long order = servlet.number("loadOnStartup", -1);
    servlets.add(
        new ServletElement(
            name,
            type.name(),
            null,
            parameters(servlet, place),
            order < 0 ? null : Integer.valueOf((int) order),
            null,
            asyncSupported(servlet),
            multipart(type),
            place));
    List<UrlPattern> patterns = patterns(servlet, place);
    if (!patterns.isEmpty()) {
      servletMappings.add(new ServletMapping(name, patterns, place));
    }
  }

  private void addFilter(ClassFacts type, AnnotationFacts filter, Place place) {
    String name = name(filter, "filterName", type);
    filters.add(
        new FilterElement(
            name, type.name(), parameters(filter, place), asyncSupported(filter), place));
    List<FilterTarget> targets = new ArrayList<>();
    patterns(filter, place).forEach(pattern -> targets.add(new FilterTarget(pattern, null)));
    filter.strings("servletNames").forEach(each -> targets.add(new FilterTarget(null, each)));
    if (!targets.isEmpty()) {
      Set<DispatcherType> types = EnumSet.noneOf(DispatcherType.class);
      filter.strings("dispatcherTypes").forEach(each -> types.add(DispatcherType.valueOf(each)));
      filterMappings.add(new FilterMappingElement(name, targets, types, place));
    }
  }

  private static String name(AnnotationFacts annotation, String element, ClassFacts type) {
    String name = annotation.string(element);
    return name == null || name.isEmpty() ? type.name() : name;
  }

  /** Null if it is not said, so that a descriptor may say it. */
  private static @Nullable Boolean asyncSupported(AnnotationFacts annotation) {
    return annotation.flag("asyncSupported", false) ? Boolean.TRUE : null;
  }

  private static List<UrlPattern> patterns(AnnotationFacts annotation, Place place) {
    List<String> value = annotation.strings("value");
    List<String> patterns = annotation.strings("urlPatterns");
    if (!value.isEmpty() && !patterns.isEmpty()) {
      throw new DescriptorException(place, "an annotation with both value and urlPatterns");
    }
    try {
      return (value.isEmpty() ? patterns : value).stream().map(UrlPattern::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new DescriptorException(place, String.valueOf(e.getMessage()), e);
    }
  }

  private static List<Parameter> parameters(AnnotationFacts component, Place place) {
    List<Parameter> parameters = new ArrayList<>();
    for (AnnotationFacts each : component.annotations("initParams")) {
      String name = each.string("name");
      String value = each.string("value");
      if (name != null && value != null) {
        parameters.add(new Parameter(name, value, place));
      }
    }
    return parameters;
  }

  /** What a class says about the parts of forms; null if nothing. */
  static @Nullable MultipartConfigElement multipart(ClassFacts type) {
    AnnotationFacts config = type.annotation(MultipartConfig.class.getName());
    return config == null
        ? null
        : new MultipartConfigElement(
            config.string("location"),
            config.number("maxFileSize", -1),
            config.number("maxRequestSize", -1),
            (int) config.number("fileSizeThreshold", 0));
  }
}
