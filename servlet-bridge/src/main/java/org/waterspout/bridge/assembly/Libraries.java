// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.assembly;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.waterspout.bridge.descriptor.FragmentOrder;
import org.waterspout.bridge.descriptor.FragmentOrder.Fragment;
import org.waterspout.bridge.descriptor.WebXml;

/**
 * The libraries of a WAR.
 *
 * @param all in the order in which classes are looked for
 * @param included those that may declare something, in the order of Servlet 6.1 section 8.2.2
 * @param ordered whether anything says an order
 */
record Libraries(List<Library> all, List<Library> included, boolean ordered) {
  Libraries {
    all = List.copyOf(all);
    included = List.copyOf(included);
  }

  /**
   * Reads and orders the libraries. What web.xml leaves out of its order is left out even if it is
   * complete by itself, as section 8.2.2 says; the order of the fragments is then ignored.
   *
   * @throws org.waterspout.bridge.descriptor.DescriptorException if a fragment is broken, or if
   *     there is no order
   */
  static Libraries read(List<Path> jars, WebXml webXml) {
    List<Library> all = jars.stream().map(Library::read).toList();
    Map<Fragment, Library> byFragment = new HashMap<>();
    List<Fragment> fragments =
        all.stream()
            .map(
                library -> {
                  var fragment = new Fragment(library.inWar(), library.xml());
                  byFragment.put(fragment, library);
                  return fragment;
                })
            .toList();
    List<String> names = webXml.absoluteOrder();
    boolean relative =
        names == null
            && !webXml.metadataComplete()
            && all.stream().anyMatch(library -> saysOrder(library));
    if (names != null) {
      fragments = FragmentOrder.absolute(fragments, names);
    } else if (!webXml.metadataComplete()) {
      fragments = FragmentOrder.relative(fragments);
    }
    List<Library> included =
        fragments.stream().map(byFragment::get).filter(Objects::nonNull).toList();
    return new Libraries(all, included, names != null || relative);
  }

  private static boolean saysOrder(Library library) {
    WebXml xml = library.xml();
    return xml != null && xml.order() != null;
  }
}
