// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.descriptor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.descriptor.WebXml.JspConfig;
import org.waterspout.bridge.descriptor.WebXml.JspGroup;
import org.waterspout.bridge.descriptor.WebXml.TagLibrary;

/** Reads what a descriptor says about JSP. */
final class PageReader {
  private static final Set<String> PROPERTIES =
      Set.of(
          "buffer",
          "default-content-type",
          "deferred-syntax-allowed-as-literal",
          "el-ignored",
          "error-on-el-not-found",
          "error-on-undeclared-namespace",
          "is-xml",
          "page-encoding",
          "scripting-invalid",
          "trim-directive-whitespaces");

  private final Element root;

  PageReader(Element root) {
    this.root = root;
  }

  /** Null if nothing is said. Before Servlet 2.4, tag libraries stood outside. */
  @Nullable JspConfig jsp() {
    Element config = root.one("jsp-config");
    List<TagLibrary> libraries = new ArrayList<>(tagLibraries(root));
    List<JspGroup> groups = new ArrayList<>();
    if (config != null) {
      config.allow("taglib", "jsp-property-group");
      libraries.addAll(tagLibraries(config));
      config.all("jsp-property-group").forEach(group -> groups.add(group(group)));
    }
    return config == null && libraries.isEmpty() ? null : new JspConfig(libraries, groups);
  }

  private static List<TagLibrary> tagLibraries(Element parent) {
    List<TagLibrary> libraries = new ArrayList<>();
    for (Element element : parent.all("taglib")) {
      element.allow("taglib-uri", "taglib-location");
      libraries.add(
          new TagLibrary(
              element.required("taglib-uri"),
              element.required("taglib-location"),
              element.place()));
    }
    return libraries;
  }

  private static JspGroup group(Element element) {
    Set<String> allowed = new HashSet<>(PROPERTIES);
    allowed.addAll(Set.of("url-pattern", "include-prelude", "include-coda"));
    element.allow(allowed);
    if (element.all("url-pattern").isEmpty()) {
      throw element.refused("<jsp-property-group> without <url-pattern>");
    }
    Map<String, String> properties = new LinkedHashMap<>();
    for (String name : PROPERTIES) {
      String text = element.text(name);
      if (text != null) {
        properties.put(name, text);
      }
    }
    return new JspGroup(
        ComponentReader.patterns(element),
        properties,
        element.texts("include-prelude"),
        element.texts("include-coda"),
        element.place());
  }
}
