// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.descriptor;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.SessionTrackingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.UrlPattern;

/**
 * What one descriptor says. Elements keep their order; what was not said is null or empty.
 *
 * @param version such as 6.1; null if the descriptor does not say
 * @param metadataComplete whether annotations and, in web.xml, fragments are not to be looked for
 * @param fragmentName of a fragment; null if it has none
 * @param absoluteOrder the names of fragments in web.xml's order, {@link #OTHERS} among them; null
 *     if it says none
 * @param order of a fragment, relative to others; null if it says none
 * @param listeners by class name
 * @param security what asks for access control, which the engine does not have
 * @param unsupported what else is known and without effect here: references to resources
 */
public record WebXml(
    Place place,
    @Nullable String version,
    boolean metadataComplete,
    @Nullable String displayName,
    boolean distributable,
    @Nullable String fragmentName,
    @Nullable List<String> absoluteOrder,
    @Nullable Order order,
    List<Parameter> contextParameters,
    List<ServletElement> servlets,
    List<ServletMapping> servletMappings,
    List<FilterElement> filters,
    List<FilterMappingElement> filterMappings,
    List<Named> listeners,
    @Nullable SessionElement session,
    List<ErrorPageElement> errorPages,
    List<String> welcomeFiles,
    List<Parameter> mimeTypes,
    List<Parameter> localeEncodings,
    @Nullable String requestEncoding,
    @Nullable String responseEncoding,
    @Nullable JspConfig jsp,
    List<Named> security,
    List<Named> unsupported) {
  /** In an order of fragments: all that are not named. No fragment can be called so. */
  public static final String OTHERS = "<others/>";

  /** What declares components, and says nothing else. */
  public static WebXml of(
      Place place,
      List<ServletElement> servlets,
      List<ServletMapping> servletMappings,
      List<FilterElement> filters,
      List<FilterMappingElement> filterMappings,
      List<Named> listeners) {
    return new WebXml(
        place,
        null,
        false,
        null,
        false,
        null,
        null,
        null,
        List.of(),
        servlets,
        servletMappings,
        filters,
        filterMappings,
        listeners,
        null,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null,
        null,
        null,
        List.of(),
        List.of());
  }

  /** What says nothing. */
  public static WebXml empty(Place place) {
    return of(place, List.of(), List.of(), List.of(), List.of(), List.of());
  }

  /** The same with further listeners behind its own. */
  public WebXml withListeners(List<Named> further) {
    List<Named> all = new ArrayList<>(listeners);
    all.addAll(further);
    return new WebXml(
        place,
        version,
        metadataComplete,
        displayName,
        distributable,
        fragmentName,
        absoluteOrder,
        order,
        contextParameters,
        servlets,
        servletMappings,
        filters,
        filterMappings,
        all,
        session,
        errorPages,
        welcomeFiles,
        mimeTypes,
        localeEncodings,
        requestEncoding,
        responseEncoding,
        jsp,
        security,
        unsupported);
  }

  /** A name, which nothing more is said of. */
  public record Named(String name, Place place) {}

  /** A name with a value: a parameter, an extension's type, a locale's charset. */
  public record Parameter(String name, String value, Place place) {}

  /**
   * Where a fragment stands.
   *
   * @param before names of fragments it comes before, {@link #OTHERS} among them
   * @param after names of fragments it comes after, {@link #OTHERS} among them
   */
  public record Order(List<String> before, List<String> after, Place place) {
    public Order {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }
  }

  /**
   * A servlet.
   *
   * @param className null if it is a page, or a servlet that code completes
   * @param jspFile null if it is a class
   * @param loadOnStartup null or negative: by its first request
   */
  public record ServletElement(
      String name,
      @Nullable String className,
      @Nullable String jspFile,
      List<Parameter> initParameters,
      @Nullable Integer loadOnStartup,
      @Nullable Boolean enabled,
      @Nullable Boolean asyncSupported,
      @Nullable MultipartConfigElement multipart,
      Place place) {
    public ServletElement {
      initParameters = List.copyOf(initParameters);
    }
  }

  /** Patterns of a servlet, at least one. */
  public record ServletMapping(String servletName, List<UrlPattern> patterns, Place place) {
    public ServletMapping {
      patterns = List.copyOf(patterns);
    }
  }

  /** A filter; its class is null if code completes it. */
  public record FilterElement(
      String name,
      @Nullable String className,
      List<Parameter> initParameters,
      @Nullable Boolean asyncSupported,
      Place place) {
    public FilterElement {
      initParameters = List.copyOf(initParameters);
    }
  }

  /** One pattern or one servlet name of a filter, in the order in which they stand. */
  public record FilterTarget(@Nullable UrlPattern pattern, @Nullable String servletName) {}

  /** Where a filter applies; no dispatcher types mean requests. */
  public record FilterMappingElement(
      String filterName, List<FilterTarget> targets, Set<DispatcherType> types, Place place) {
    public FilterMappingElement {
      targets = List.copyOf(targets);
      types = Set.copyOf(types);
    }
  }

  /**
   * How sessions are kept.
   *
   * @param timeout in minutes, zero or less for ever; null if not said
   * @param cookieName null if not said
   * @param cookie attributes by the names that SessionCookieConfig gives them
   * @param trackingModes empty if not said
   */
  public record SessionElement(
      @Nullable Integer timeout,
      @Nullable String cookieName,
      Map<String, String> cookie,
      Set<SessionTrackingMode> trackingModes,
      Place place) {
    public SessionElement {
      cookie = Map.copyOf(cookie);
      trackingModes = Set.copyOf(trackingModes);
    }
  }

  /** Where errors are shown: those of a status, of an exception's class, or all. */
  public record ErrorPageElement(
      @Nullable Integer status, @Nullable String exception, String location, Place place) {}

  /** What pages are told. */
  public record JspConfig(List<TagLibrary> tagLibraries, List<JspGroup> groups) {
    public JspConfig {
      tagLibraries = List.copyOf(tagLibraries);
      groups = List.copyOf(groups);
    }
  }

  /** Where the description of a tag library lies. */
  public record TagLibrary(String uri, String location, Place place) {}

  /**
   * What the pages of some patterns have in common.
   *
   * @param properties the single elements, by their names
   */
  public record JspGroup(
      List<UrlPattern> patterns,
      Map<String, String> properties,
      List<String> preludes,
      List<String> codas,
      Place place) {
    public JspGroup {
      patterns = List.copyOf(patterns);
      properties = Map.copyOf(properties);
      preludes = List.copyOf(preludes);
      codas = List.copyOf(codas);
    }
  }
}
