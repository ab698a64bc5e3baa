// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.assembly;

import jakarta.servlet.descriptor.JspConfigDescriptor;
import jakarta.servlet.descriptor.JspPropertyGroupDescriptor;
import jakarta.servlet.descriptor.TaglibDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.descriptor.WebXml.JspConfig;
import org.waterspout.bridge.descriptor.WebXml.JspGroup;
import org.waterspout.bridge.mapping.UrlPattern;

/** What descriptors say about pages, as a page compiler asks for it. Unmodifiable. */
final class PageConfig implements JspConfigDescriptor {
  private final List<TaglibDescriptor> libraries;
  private final List<JspPropertyGroupDescriptor> groups;

  PageConfig(JspConfig config) {
    libraries =
        config.tagLibraries().stream()
            .<TaglibDescriptor>map(each -> new Library(each.uri(), each.location()))
            .toList();
    groups = config.groups().stream().<JspPropertyGroupDescriptor>map(Group::new).toList();
  }

  @Override
  public Collection<TaglibDescriptor> getTaglibs() {
    return new ArrayList<>(libraries);
  }

  @Override
  public Collection<JspPropertyGroupDescriptor> getJspPropertyGroups() {
    return new ArrayList<>(groups);
  }

  private record Library(String uri, String location) implements TaglibDescriptor {
    @Override
    public String getTaglibURI() {
      return uri;
    }

    @Override
    public String getTaglibLocation() {
      return location;
    }
  }

  /** Null where nothing is said. */
  private record Group(JspGroup group) implements JspPropertyGroupDescriptor {
    private @Nullable String property(String name) {
      return group.properties().get(name);
    }

    @Override
    public Collection<String> getUrlPatterns() {
      return new ArrayList<>(group.patterns().stream().map(UrlPattern::pattern).toList());
    }

    @Override
    public @Nullable String getElIgnored() {
      return property("el-ignored");
    }

    @Override
    public @Nullable String getErrorOnELNotFound() {
      return property("error-on-el-not-found");
    }

    @Override
    public @Nullable String getPageEncoding() {
      return property("page-encoding");
    }

    @Override
    public @Nullable String getScriptingInvalid() {
      return property("scripting-invalid");
    }

    @Override
    public @Nullable String getIsXml() {
      return property("is-xml");
    }

    @Override
    public Collection<String> getIncludePreludes() {
      return new ArrayList<>(group.preludes());
    }

    @Override
    public Collection<String> getIncludeCodas() {
      return new ArrayList<>(group.codas());
    }

    @Override
    public @Nullable String getDeferredSyntaxAllowedAsLiteral() {
      return property("deferred-syntax-allowed-as-literal");
    }

    @Override
    public @Nullable String getTrimDirectiveWhitespaces() {
      return property("trim-directive-whitespaces");
    }

    @Override
    public @Nullable String getDefaultContentType() {
      return property("default-content-type");
    }

    @Override
    public @Nullable String getBuffer() {
      return property("buffer");
    }

    @Override
    public @Nullable String getErrorOnUndeclaredNamespace() {
      return property("error-on-undeclared-namespace");
    }
  }
}
