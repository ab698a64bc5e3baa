// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.descriptor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.descriptor.WebXml.Order;

/**
 * The order of the libraries of a WAR, Servlet 6.1 section 8.2.2: that of web.xml if it says one,
 * else what the fragments say of each other. Where nothing is said they keep the order in which
 * they are given.
 */
public final class FragmentOrder {
  /**
   * A library.
   *
   * @param library its name on disk, for messages
   * @param xml what its descriptor says; null if it has none, which only puts it among the others
   */
  public record Fragment(String library, @Nullable WebXml xml) {
    public @Nullable String name() {
      return xml == null ? null : xml.fragmentName();
    }

    private List<String> before() {
      Order order = xml == null ? null : xml.order();
      return order == null ? List.of() : order.before();
    }

    private List<String> after() {
      Order order = xml == null ? null : xml.order();
      return order == null ? List.of() : order.after();
    }
  }

  private final List<Fragment> fragments;

  /** For each those that it must come after, as they say themselves. */
  private final Map<Fragment, Set<Fragment>> predecessors = new HashMap<>();

  private FragmentOrder(List<Fragment> fragments) {
    this.fragments = fragments;
  }

  /**
   * Orders by web.xml. Libraries that it does not name, neither by name nor among the others, are
   * left out.
   */
  public static List<Fragment> absolute(List<Fragment> fragments, List<String> names) {
    Set<Fragment> named = new HashSet<>();
    for (Fragment fragment : fragments) {
      if (fragment.name() != null && names.contains(fragment.name())) {
        named.add(fragment);
      }
    }
    List<Fragment> ordered = new ArrayList<>();
    for (String name : names) {
      for (Fragment fragment : fragments) {
        boolean here =
            name.equals(WebXml.OTHERS) ? !named.contains(fragment) : name.equals(fragment.name());
        if (here) {
          ordered.add(fragment);
        }
      }
    }
    return ordered;
  }

  /**
   * Orders by what the fragments say.
   *
   * @throws DescriptorException if two have one name, or if they contradict each other
   */
  public static List<Fragment> relative(List<Fragment> fragments) {
    return new FragmentOrder(fragments).order();
  }

  private List<Fragment> order() {
    linkByName(byName());
    Set<Fragment> first = closure(saying(true), predecessors);
    Set<Fragment> last = closure(saying(false), reversed(predecessors));
    for (Fragment fragment : fragments) {
      if (first.contains(fragment) && last.contains(fragment)) {
        throw contradiction(List.of(fragment), "comes both before and after the others");
      }
    }
    List<Fragment> others = new ArrayList<>(fragments);
    others.removeAll(first);
    others.removeAll(last);
    List<Fragment> ordered = new ArrayList<>();
    addSorted(first, ordered);
    addSorted(others, ordered);
    addSorted(last, ordered);
    return ordered;
  }

  private Map<String, Fragment> byName() {
    Map<String, Fragment> byName = new HashMap<>();
    for (Fragment fragment : fragments) {
      String name = fragment.name();
      Fragment other = name == null ? null : byName.put(name, fragment);
      if (other != null) {
        throw contradiction(
            List.of(other, fragment), "have one name, " + name + ": web.xml must order them");
      }
    }
    return byName;
  }

  /** Names that nobody has are without effect. */
  private void linkByName(Map<String, Fragment> byName) {
    fragments.forEach(fragment -> predecessors.put(fragment, new LinkedHashSet<>()));
    for (Fragment fragment : fragments) {
      for (String name : fragment.before()) {
        link(fragment, byName.get(name));
      }
      for (String name : fragment.after()) {
        link(byName.get(name), fragment);
      }
    }
  }

  private void link(@Nullable Fragment earlier, @Nullable Fragment later) {
    Set<Fragment> known = later == null ? null : predecessors.get(later);
    if (earlier != null && known != null) {
      known.add(earlier);
    }
  }

  private List<Fragment> saying(boolean before) {
    return fragments.stream()
        .filter(f -> (before ? f.before() : f.after()).contains(WebXml.OTHERS))
        .toList();
  }

  /** Those of one end, and whoever must be beyond one of them. */
  private Set<Fragment> closure(
      Collection<Fragment> said, Map<Fragment, Set<Fragment>> neighbours) {
    Set<Fragment> reached = new HashSet<>();
    Deque<Fragment> open = new ArrayDeque<>(said);
    while (!open.isEmpty()) {
      Fragment fragment = open.remove();
      if (reached.add(fragment)) {
        open.addAll(neighbours.getOrDefault(fragment, Set.of()));
      }
    }
    Set<Fragment> inOrder = new LinkedHashSet<>(fragments);
    inOrder.retainAll(reached);
    return inOrder;
  }

  private static Map<Fragment, Set<Fragment>> reversed(Map<Fragment, Set<Fragment>> links) {
    Map<Fragment, Set<Fragment>> reversed = new HashMap<>();
    links.forEach(
        (later, all) ->
            all.forEach(
                earlier ->
                    reversed.computeIfAbsent(earlier, _ -> new LinkedHashSet<>()).add(later)));
    return reversed;
  }

  /** Takes again and again the first for which all that must come before have come. */
  private void addSorted(Collection<Fragment> group, List<Fragment> ordered) {
    List<Fragment> left = new ArrayList<>(group);
    while (!left.isEmpty()) {
      Fragment next = null;
      for (Fragment fragment : left) {
        if (ordered.containsAll(predecessors.getOrDefault(fragment, Set.of()))) {
          next = fragment;
          break;
        }
      }
      if (next == null) {
        throw contradiction(left, "wait for each other");
      }
      left.remove(next);
      ordered.add(next);
    }
  }

  private static DescriptorException contradiction(List<Fragment> fragments, String what) {
    List<String> libraries = fragments.stream().map(Fragment::library).toList();
    WebXml xml = fragments.getFirst().xml();
    Place place = xml == null ? new Place(libraries.getFirst(), 1, 1) : xml.place();
    return new DescriptorException(place, String.join(", ", libraries) + " " + what);
  }
}
