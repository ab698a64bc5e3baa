// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.descriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.waterspout.bridge.descriptor.FragmentOrder.Fragment;

class FragmentOrderTest {
  private static final String OTHERS = "<others/>";

  /** A library of that name without its extension; empty lists for what it does not say. */
  private static Fragment fragment(String name, List<String> before, List<String> after)
      throws IOException {
    String xml =
        "<web-fragment>"
            + (name.startsWith("?") ? "" : "<name>" + name + "</name>")
            + "<ordering>"
            + side("before", before)
            + side("after", after)
            + "</ordering></web-fragment>";
    var in = new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8));
    return new Fragment(name + ".jar", DescriptorReader.fragment(in, name + ".jar"));
  }

  private static String side(String side, List<String> names) {
    StringBuilder xml = new StringBuilder("<" + side + ">");
    for (String name : names) {
      xml.append(name.equals(OTHERS) ? OTHERS : "<name>" + name + "</name>");
    }
    return names.isEmpty() ? "" : xml + "</" + side + ">";
  }

  private static Fragment plain(String name) throws IOException {
    return fragment(name, List.of(), List.of());
  }

  private static List<String> names(List<Fragment> fragments) {
    return fragments.stream().map(fragment -> fragment.library().replace(".jar", "")).toList();
  }

  private static List<String> relative(Fragment... fragments) {
    return names(FragmentOrder.relative(List.of(fragments)));
  }

  @Test
  void keepsTheGivenOrderWhereNothingIsSaid() throws Exception {
    assertThat(relative(plain("b"), new Fragment("x.jar", null), plain("a")))
        .containsExactly("b", "x", "a");
    assertThat(relative()).isEmpty();
  }

  @Test
  void ordersByNames() throws Exception {
    assertThat(
            relative(
                fragment("a", List.of(), List.of("c")),
                fragment("b", List.of("a"), List.of("nobody")),
                plain("c")))
        .containsExactly("b", "c", "a");
  }

  @Test
  void putsGroupsBeforeAndAfterTheOthers() throws Exception {
    assertThat(
            relative(
                fragment("?", List.of("c"), List.of(OTHERS)),
                fragment("b", List.of(OTHERS), List.of()),
                fragment("c", List.of(), List.of(OTHERS)),
                fragment("d", List.of(), List.of(OTHERS)),
                fragment("e", List.of(OTHERS), List.of()),
                plain("f")))
        .containsExactly("b", "e", "f", "?", "c", "d");
  }

  @Test
  void takesAlongWhoMustBeBeforeAFirstOrAfterALastOne() throws Exception {
    assertThat(
            relative(
                plain("x"),
                plain("early"),
                fragment("first", List.of(OTHERS), List.of("early")),
                fragment("last", List.of("late"), List.of(OTHERS)),
                plain("late"),
                plain("y")))
        .containsExactly("early", "first", "x", "y", "last", "late");
  }

  @Test
  void namesThoseThatContradictEachOther() throws Exception {
    Fragment a = fragment("a", List.of("b"), List.of());
    Fragment b = fragment("b", List.of("c"), List.of());
    Fragment c = fragment("c", List.of("a"), List.of());
    assertThatThrownBy(() -> relative(plain("x"), a, b, c))
        .isInstanceOf(DescriptorException.class)
        .hasMessageContaining("a.jar, b.jar, c.jar wait for each other");
    Fragment both = fragment("both", List.of(OTHERS), List.of(OTHERS));
    assertThatThrownBy(() -> relative(both)).hasMessageContaining("both.jar comes both before");
    Fragment first = fragment("first", List.of(OTHERS), List.of("last"));
    Fragment last = fragment("last", List.of(), List.of(OTHERS));
    assertThatThrownBy(() -> relative(first, last)).hasMessageContaining("before and after");
    Fragment itself = fragment("self", List.of("self"), List.of());
    assertThatThrownBy(() -> relative(itself)).hasMessageContaining("self.jar wait");
  }

  @Test
  void wantsAnOrderFromWebXmlIfTwoHaveOneName() throws Exception {
    Fragment one = new Fragment("one.jar", plain("same").xml());
    Fragment two = new Fragment("two.jar", plain("same").xml());

    assertThatThrownBy(() -> relative(one, two))
        .hasMessageContaining("one.jar, two.jar have one name, same");
    assertThat(names(FragmentOrder.absolute(List.of(one, two), List.of("same"))))
        .containsExactly("one", "two");
  }

  @Test
  void followsWebXmlAlone() throws Exception {
    List<Fragment> all =
        List.of(
            plain("a"),
            fragment("b", List.of("a"), List.of()),
            new Fragment("x.jar", null),
            plain("c"));

    assertThat(ordered(all, "c", "nobody", "a")).as("the others are out").containsExactly("c", "a");
    assertThat(ordered(all, "c", OTHERS, "a")).containsExactly("c", "b", "x", "a");
    assertThat(ordered(all, OTHERS)).containsExactly("a", "b", "x", "c");
    assertThat(ordered(all)).isEmpty();
  }

  private static List<String> ordered(List<Fragment> fragments, String... names) {
    return names(FragmentOrder.absolute(fragments, Stream.of(names).toList()));
  }
}
