// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.descriptor;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.descriptor.WebXml.ErrorPageElement;
import org.waterspout.bridge.descriptor.WebXml.Named;
import org.waterspout.bridge.descriptor.WebXml.Order;
import org.waterspout.bridge.descriptor.WebXml.Parameter;

/**
 * Reads a {@code web.xml} or a {@code web-fragment.xml} of any version. The elements may come in
 * any order, as Servlet 6.1 section 14.2 wants; one that does not belong where it stands is an
 * error, so that a misspelt one is not passed over.
 */
public final class DescriptorReader {
  /** They refer to what a servlet container alone does not have. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "administered-object",
          "connection-factory",
          "context-service",
          "data-source",
          "ejb-local-ref",
          "ejb-ref",
          "env-entry",
          "jms-connection-factory",
          "jms-destination",
          "mail-session",
          "managed-executor",
          "managed-scheduled-executor",
          "managed-thread-factory",
          "message-destination",
          "message-destination-ref",
          "persistence-context-ref",
          "persistence-unit-ref",
          "post-construct",
          "pre-destroy",
          "resource-env-ref",
          "resource-ref",
          "service-ref");

  private static final Set<String> SECURITY =
      Set.of("deny-uncovered-http-methods", "login-config", "security-constraint", "security-role");

  private static final Set<String> IN_BOTH =
      Set.of(
          "context-param",
          "distributable",
          "error-page",
          "filter",
          "filter-mapping",
          "jsp-config",
          "listener",
          "locale-encoding-mapping-list",
          "mime-mapping",
          "request-character-encoding",
          "response-character-encoding",
          "servlet",
          "servlet-mapping",
          "session-config",
          "welcome-file-list");

  private static final Set<String> IN_WEB_XML =
      Set.of("absolute-ordering", "default-context-path", "module-name", "taglib");

  private static final Set<String> IN_FRAGMENT = Set.of("name", "ordering");

  private static final Pattern VERSION_OF_TYPE = Pattern.compile("Web Application ([0-9.]+)//");

  private final Element root;
  private final @Nullable String documentType;
  private final boolean fragment;

  private DescriptorReader(Element root, @Nullable String documentType, boolean fragment) {
    this.root = root;
    this.documentType = documentType;
    this.fragment = fragment;
  }

  /**
   * Reads a {@code web.xml}.
   *
   * @param file what messages call it
   * @throws DescriptorException if it is not one
   */
  public static WebXml webXml(InputStream in, String file) throws IOException {
    return read(in, file, false);
  }

  /**
   * Reads a {@code web-fragment.xml}.
   *
   * @param file what messages call it
   * @throws DescriptorException if it is not one
   */
  public static WebXml fragment(InputStream in, String file) throws IOException {
    return read(in, file, true);
  }

  private static WebXml read(InputStream in, String file, boolean fragment) throws IOException {
    var reader = new ElementReader(file);
    Element root = reader.read(in);
    String wanted = fragment ? "web-fragment" : "web-app";
    if (!root.name().equals(wanted)) {
      throw root.refused("<" + root.name() + "> instead of <" + wanted + ">");
    }
    return new DescriptorReader(root, reader.documentType(), fragment).read();
  }

  private WebXml read() {
    Set<String> allowed = new HashSet<>(IN_BOTH);
    allowed.addAll(UNSUPPORTED);
    allowed.addAll(SECURITY);
    allowed.addAll(fragment ? IN_FRAGMENT : IN_WEB_XML);
    root.allow(allowed);
    var components = new ComponentReader(root, version());
    var pages = new PageReader(root);
    return new WebXml(
        root.place(),
        version(),
        metadataComplete(),
        displayName(),
        root.one("distributable") != null,
        root.text("name"),
        absoluteOrder(),
        order(),
        each("context-param", ComponentReader::parameter),
        components.servlets(),
        components.servletMappings(),
        components.filters(),
        components.filterMappings(),
        each("listener", DescriptorReader::listener),
        new SessionReader(root).session(),
        each("error-page", DescriptorReader::errorPage),
        welcomeFiles(),
        each("mime-mapping", DescriptorReader::mimeType),
        localeEncodings(),
        root.charset("request-character-encoding"),
        root.charset("response-character-encoding"),
        pages.jsp(),
        security(),
        unsupported());
  }

  private <T> List<T> each(String name, Function<Element, T> read) {
    return root.all(name).stream().map(read).toList();
  }

  private @Nullable String version() {
    String version = root.attributes().get("version");
    if (version == null && documentType != null) {
      Matcher matcher = VERSION_OF_TYPE.matcher(documentType);
      version = matcher.find() ? matcher.group(1) : null;
    }
    if (version != null && !version.matches("[0-9]{1,2}\\.[0-9]{1,2}")) {
      throw root.refused("not a version: " + version);
    }
    return version;
  }

  private boolean metadataComplete() {
    String complete = root.attributes().getOrDefault("metadata-complete", "false").strip();
    return switch (complete) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw root.refused("metadata-complete is neither true nor false");
    };
  }

  /** The first: they may come in several languages. */
  private @Nullable String displayName() {
    List<Element> names = root.all("display-name");
    return names.isEmpty() ? null : names.getFirst().text();
  }

  private @Nullable List<String> absoluteOrder() {
    Element order = root.one("absolute-ordering");
    if (order == null) {
      return null;
    }
    // Section 8.2.2: of names that come twice, the first counts.
    return names(order).stream().distinct().toList();
  }

  private @Nullable Order order() {
    Element order = root.one("ordering");
    if (order == null) {
      return null;
    }
    order.allow("before", "after");
    Element before = order.one("before");
    Element after = order.one("after");
    return new Order(
        before == null ? List.of() : names(before),
        after == null ? List.of() : names(after),
        order.place());
  }

  private static List<String> names(Element order) {
    order.allow("name", "others");
    List<String> names = new ArrayList<>();
    for (Element child : order.children()) {
      if (child.name().equals("others")) {
        names.add(WebXml.OTHERS);
      } else if (child.name().equals("name")) {
        names.add(child.text());
      }
    }
    return names;
  }

  private static Named listener(Element listener) {
    listener.allow("listener-class");
    return new Named(listener.required("listener-class"), listener.place());
  }

  private static ErrorPageElement errorPage(Element page) {
    page.allow("error-code", "exception-type", "location");
    Integer status = page.number("error-code");
    String exception = page.text("exception-type");
    if (status != null && exception != null) {
      throw page.refused("an error page is for a status or for an exception");
    }
    if (status != null && (status < 100 || status > 599)) {
      throw page.refused("not a status: " + status);
    }
    String location = page.required("location");
    if (!location.startsWith("/")) {
      throw page.refused("the location of an error page begins with a slash: " + location);
    }
    return new ErrorPageElement(
        status, exception, PathText.canonical(page, location), page.place());
  }

  private List<String> welcomeFiles() {
    List<String> files = new ArrayList<>();
    for (Element list : root.all("welcome-file-list")) {
      files.addAll(list.allow("welcome-file").texts("welcome-file"));
    }
    return files;
  }

  private static Parameter mimeType(Element mapping) {
    mapping.allow("extension", "mime-type");
    return new Parameter(
        mapping.required("extension"), mapping.required("mime-type"), mapping.place());
  }

  private List<Parameter> localeEncodings() {
    List<Parameter> encodings = new ArrayList<>();
    for (Element list : root.all("locale-encoding-mapping-list")) {
      list.allow("locale-encoding-mapping");
      for (Element mapping : list.all("locale-encoding-mapping")) {
        mapping.allow("locale", "encoding");
        encodings.add(
            new Parameter(
                mapping.required("locale"), mapping.required("encoding"), mapping.place()));
      }
    }
    return encodings;
  }

  private List<Named> security() {
    root.one("login-config");
    Stream<Element> runAs =
        root.all("servlet").stream().flatMap(servlet -> servlet.all("run-as").stream());
    return Stream.concat(named(SECURITY), runAs)
        .map(element -> new Named(element.name(), element.place()))
        .toList();
  }

  private List<Named> unsupported() {
    return named(UNSUPPORTED).map(element -> new Named(element.name(), element.place())).toList();
  }

  private Stream<Element> named(Set<String> names) {
    return root.children().stream().filter(element -> names.contains(element.name()));
  }
}
