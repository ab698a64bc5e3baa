// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.descriptor;

import jakarta.servlet.SessionTrackingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.descriptor.WebXml.ErrorPageElement;
import org.waterspout.bridge.descriptor.WebXml.FilterElement;
import org.waterspout.bridge.descriptor.WebXml.JspConfig;
import org.waterspout.bridge.descriptor.WebXml.JspGroup;
import org.waterspout.bridge.descriptor.WebXml.Named;
import org.waterspout.bridge.descriptor.WebXml.Parameter;
import org.waterspout.bridge.descriptor.WebXml.ServletElement;
import org.waterspout.bridge.descriptor.WebXml.ServletMapping;
import org.waterspout.bridge.descriptor.WebXml.SessionElement;
import org.waterspout.bridge.descriptor.WebXml.TagLibrary;
import org.waterspout.bridge.mapping.UrlPattern;

/**
 * One descriptor out of several, Servlet 6.1 section 8.2.3: what the first says stands, the others
 * add to it in their order. Where two of the others contradict each other and the first says
 * nothing, there is no answer, and an error names both places.
 */
public final class Merge {
  private final WebXml first;
  private final List<WebXml> others;

  private Merge(WebXml first, List<WebXml> others) {
    this.first = first;
    this.others = others;
  }

  /**
   * Merges.
   *
   * @param first web.xml
   * @param others fragments, in their order
   * @throws DescriptorException if two of the others contradict each other, or two servlets have
   *     one pattern
   */
  public static WebXml of(WebXml first, List<WebXml> others) {
    WebXml merged = new Merge(first, others).merge();
    checkPatterns(merged.servletMappings());
    return merged;
  }

  /**
   * Completes a fragment by what its annotations say, or what else is weaker. Whether patterns are
   * free is not known before it has become part of the whole.
   *
   * @throws DescriptorException if the annotations contradict each other
   */
  public static WebXml complete(WebXml fragment, WebXml weaker) {
    return new Merge(fragment, List.of(weaker)).merge();
  }

  private WebXml merge() {
    List<ServletElement> servlets = byName(WebXml::servlets, ServletElement::name, this::servlet);
    List<ServletMapping> servletMappings = servletMappings(servlets);
    return new WebXml(
        first.place(),
        first.version(),
        first.metadataComplete(),
        first.displayName(),
        first.distributable() && others.stream().allMatch(WebXml::distributable),
        first.fragmentName(),
        first.absoluteOrder(),
        first.order(),
        parameters(WebXml::contextParameters),
        servlets,
        servletMappings,
        byName(WebXml::filters, FilterElement::name, this::filter),
        mappings(WebXml::filterMappings, WebXml.FilterMappingElement::filterName),
        listeners(),
        session(),
        errorPages(),
        all(WebXml::welcomeFiles).distinct().toList(),
        parameters(WebXml::mimeTypes),
        parameters(WebXml::localeEncodings),
        single("request-character-encoding", WebXml::requestEncoding),
        single("response-character-encoding", WebXml::responseEncoding),
        jsp(),
        all(WebXml::security).toList(),
        all(WebXml::unsupported).toList());
  }

  private <T> Stream<T> all(Function<WebXml, List<T>> part) {
    return Stream.concat(Stream.of(first), others.stream())
        .flatMap(xml -> part.apply(xml).stream());
  }

  /** One value that the whole has. */
  private <T> @Nullable T single(String what, Function<WebXml, @Nullable T> part) {
    List<Said<T>> said = new ArrayList<>();
    others.forEach(xml -> said.add(new Said<>(part.apply(xml), xml.place())));
    return choose(what, part.apply(first), said);
  }

  /** A value and where it stands; null if that says nothing. */
  private record Said<T>(@Nullable T value, Place place) {}

  private static <T> @Nullable T choose(String what, @Nullable T firsts, List<Said<T>> said) {
    if (firsts != null) {
      return firsts;
    }
    Said<T> chosen = null;
    for (Said<T> each : said) {
      if (each.value() == null) {
        continue;
      }
      if (chosen != null && !each.value().equals(chosen.value())) {
        throw contradiction(what, chosen.place(), each.place());
      }
      chosen = chosen == null ? each : chosen;
    }
    return chosen == null ? null : chosen.value();
  }

  private static DescriptorException contradiction(String what, Place one, Place other) {
    return new DescriptorException(
        other, what + " is said differently at " + one + ": web.xml must say which holds");
  }

  private List<Parameter> parameters(Function<WebXml, List<Parameter>> part) {
    return parameters(part.apply(first), others.stream().map(part).toList());
  }

  private static List<Parameter> parameters(List<Parameter> own, List<List<Parameter>> added) {
    Map<String, Parameter> merged = new LinkedHashMap<>();
    own.forEach(parameter -> merged.put(parameter.name(), parameter));
    Set<String> settled = Set.copyOf(merged.keySet());
    for (Parameter parameter : added.stream().flatMap(List::stream).toList()) {
      Parameter known = merged.putIfAbsent(parameter.name(), parameter);
      boolean differs = known != null && !known.value().equals(parameter.value());
      if (differs && !settled.contains(parameter.name())) {
        throw contradiction(parameter.name(), known.place(), parameter.place());
      }
    }
    return List.copyOf(merged.values());
  }

  /** How the elements of one name become one; the first list has at most one. */
  private interface Join<T> {
    T join(@Nullable T firsts, List<T> others);
  }

  private <T> List<T> byName(
      Function<WebXml, List<T>> part, Function<T, String> name, Join<T> join) {
    Map<String, T> firsts = new LinkedHashMap<>();
    part.apply(first).forEach(element -> firsts.put(name.apply(element), element));
    Map<String, List<T>> added = new LinkedHashMap<>();
    firsts.keySet().forEach(key -> added.put(key, new ArrayList<>()));
    for (WebXml other : others) {
      for (T element : part.apply(other)) {
        added.computeIfAbsent(name.apply(element), _ -> new ArrayList<>()).add(element);
      }
    }
    List<T> merged = new ArrayList<>();
    added.forEach((key, elements) -> merged.add(join.join(firsts.get(key), elements)));
    return merged;
  }

  private ServletElement servlet(@Nullable ServletElement own, List<ServletElement> added) {
    ServletElement known = own != null ? own : added.getFirst();
    String what = "servlet " + known.name();
    boolean isPage = own != null && own.jspFile() != null;
    boolean isClass = own != null && own.className() != null;
    return new ServletElement(
        known.name(),
        isPage ? null : one(what, own, added, ServletElement::className, ServletElement::place),
        isClass ? null : one(what, own, added, ServletElement::jspFile, ServletElement::place),
        parameters(
            own == null ? List.of() : own.initParameters(),
            added.stream().map(ServletElement::initParameters).toList()),
        one(what, own, added, ServletElement::loadOnStartup, ServletElement::place),
        one(what, own, added, ServletElement::enabled, ServletElement::place),
        one(what, own, added, ServletElement::asyncSupported, ServletElement::place),
        firstOf(own, added, ServletElement::multipart),
        known.place());
  }

  private FilterElement filter(@Nullable FilterElement own, List<FilterElement> added) {
    FilterElement known = own != null ? own : added.getFirst();
    String what = "filter " + known.name();
    return new FilterElement(
        known.name(),
        one(what, own, added, FilterElement::className, FilterElement::place),
        parameters(
            own == null ? List.of() : own.initParameters(),
            added.stream().map(FilterElement::initParameters).toList()),
        one(what, own, added, FilterElement::asyncSupported, FilterElement::place),
        known.place());
  }

  private static <E, T> @Nullable T one(
      String what,
      @Nullable E own,
      List<E> added,
      Function<E, @Nullable T> part,
      Function<E, Place> place) {
    List<Said<T>> said = new ArrayList<>();
    added.forEach(element -> said.add(new Said<>(part.apply(element), place.apply(element))));
    return choose(what, own == null ? null : part.apply(own), said);
  }

  /** Of a value that cannot be compared. */
  private static <E, T> @Nullable T firstOf(
      @Nullable E own, List<E> added, Function<E, @Nullable T> part) {
    T value = own == null ? null : part.apply(own);
    for (int i = 0; value == null && i < added.size(); i++) {
      value = part.apply(added.get(i));
    }
    return value;
  }

  /** Those that the first has of a name stand in for all others of it. */
  private <T> List<T> mappings(Function<WebXml, List<T>> part, Function<T, String> name) {
    List<T> merged = new ArrayList<>(part.apply(first));
    Set<String> settled = new HashSet<>();
    merged.forEach(mapping -> settled.add(name.apply(mapping)));
    for (WebXml other : others) {
      for (T mapping : part.apply(other)) {
        if (!settled.contains(name.apply(mapping))) {
          merged.add(mapping);
        }
      }
    }
    return merged;
  }

  /** Those of servlets that are switched off are dropped. */
  private List<ServletMapping> servletMappings(List<ServletElement> servlets) {
    Set<String> off = new HashSet<>();
    for (ServletElement servlet : servlets) {
      if (Boolean.FALSE.equals(servlet.enabled())) {
        off.add(servlet.name());
      }
    }
    return mappings(WebXml::servletMappings, ServletMapping::servletName).stream()
        .filter(mapping -> !off.contains(mapping.servletName()))
        .toList();
  }

  /** Section 12.2: a pattern belongs to one servlet. */
  private static void checkPatterns(List<ServletMapping> mappings) {
    Map<UrlPattern, ServletMapping> owners = new HashMap<>();
    for (ServletMapping mapping : mappings) {
      for (UrlPattern pattern : mapping.patterns()) {
        ServletMapping owner = owners.putIfAbsent(pattern, mapping);
        if (owner != null && !owner.servletName().equals(mapping.servletName())) {
          throw new DescriptorException(
              mapping.place(),
              pattern
                  + " is mapped to "
                  + mapping.servletName()
                  + ", and to "
                  + owner.servletName()
                  + " at "
                  + owner.place());
        }
      }
    }
  }

  private List<Named> listeners() {
    Map<String, Named> listeners = new LinkedHashMap<>();
    all(WebXml::listeners).forEach(listener -> listeners.putIfAbsent(listener.name(), listener));
    return List.copyOf(listeners.values());
  }

  private @Nullable SessionElement session() {
    List<SessionElement> added =
        others.stream().map(WebXml::session).filter(Objects::nonNull).toList();
    SessionElement own = first.session();
    if (own == null && added.isEmpty()) {
      return null;
    }
    String what = "session-config";
    Set<SessionTrackingMode> modes =
        one(
            what,
            own,
            added,
            session -> session.trackingModes().isEmpty() ? null : session.trackingModes(),
            SessionElement::place);
    return new SessionElement(
        one(what, own, added, SessionElement::timeout, SessionElement::place),
        one(what, own, added, SessionElement::cookieName, SessionElement::place),
        cookie(own, added),
        modes == null ? Set.of() : modes,
        own != null ? own.place() : added.getFirst().place());
  }

  private static Map<String, String> cookie(
      @Nullable SessionElement own, List<SessionElement> added) {
    Set<String> names = new LinkedHashSet<>(own == null ? Set.of() : own.cookie().keySet());
    added.forEach(session -> names.addAll(session.cookie().keySet()));
    Map<String, String> merged = new HashMap<>();
    for (String name : names) {
      String value =
          one(
              "the session cookie's " + name,
              own,
              added,
              session -> session.cookie().get(name),
              SessionElement::place);
      if (value != null) {
        merged.put(name, value);
      }
    }
    return merged;
  }

  private List<ErrorPageElement> errorPages() {
    return byName(
        WebXml::errorPages,
        page -> page.status() + " " + page.exception(),
        (own, added) -> {
          ErrorPageElement known = own != null ? own : added.getFirst();
          for (ErrorPageElement other : added) {
            if (own == null && !other.location().equals(known.location())) {
              throw contradiction("an error page", known.place(), other.place());
            }
          }
          return known;
        });
  }

  private @Nullable JspConfig jsp() {
    List<JspConfig> configs =
        Stream.concat(Stream.of(first), others.stream())
            .map(WebXml::jsp)
            .filter(Objects::nonNull)
            .toList();
    if (configs.isEmpty()) {
      return null;
    }
    Map<String, TagLibrary> libraries = new LinkedHashMap<>();
    List<JspGroup> groups = new ArrayList<>();
    for (JspConfig config : configs) {
      config.tagLibraries().forEach(library -> libraries.putIfAbsent(library.uri(), library));
      groups.addAll(config.groups());
    }
    return new JspConfig(List.copyOf(libraries.values()), groups);
  }
}
