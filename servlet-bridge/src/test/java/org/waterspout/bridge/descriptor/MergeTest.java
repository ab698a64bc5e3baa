// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.descriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.waterspout.bridge.mapping.UrlPattern;

class MergeTest {
  private static WebXml app(String elements) throws IOException {
    String xml = "<web-app>" + elements + "</web-app>";
    var in = new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8));
    return DescriptorReader.webXml(in, "web.xml");
  }

  private static WebXml fragment(String file, String elements) throws IOException {
    String xml = "<web-fragment>" + elements + "</web-fragment>";
    var in = new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8));
    return DescriptorReader.fragment(in, file);
  }

  /** web.xml with two fragments. */
  private static WebXml merge(String app, String one, String two) throws IOException {
    return Merge.of(app(app), List.of(fragment("one.jar", one), fragment("two.jar", two)));
  }

  private static String servlet(String name, String rest) {
    return "<servlet><servlet-name>" + name + "</servlet-name>" + rest + "</servlet>";
  }

  private static String parameter(String element, String name, String value) {
    return "<%1$s><param-name>%2$s</param-name><param-value>%3$s</param-value></%1$s>"
        .formatted(element, name, value);
  }

  private static String mapping(String servlet, String pattern) {
    return "<servlet-mapping><servlet-name>%s</servlet-name><url-pattern>%s</url-pattern></servlet-mapping>"
        .formatted(servlet, pattern);
  }

  @Test
  void completesAServletFromFragments() throws Exception {
    WebXml merged =
        merge(
            servlet("s", parameter("init-param", "a", "app")),
            servlet("s", "<servlet-class>A</servlet-class>" + parameter("init-param", "a", "one")),
            servlet("s", parameter("init-param", "b", "two") + "<enabled>false</enabled>")
                + servlet("t", "<servlet-class>T</servlet-class>"));

    assertThat(merged.servlets()).extracting("name").containsExactly("s", "t");
    var s = merged.servlets().getFirst();
    assertThat(s.className()).isEqualTo("A");
    assertThat(s.enabled()).isFalse();
    assertThat(s.initParameters())
        .extracting("name", "value")
        .containsExactly(tuple("a", "app"), tuple("b", "two"));
  }

  @Test
  void letsWebXmlDecideAmongFragmentsThatDiffer() throws Exception {
    String one = servlet("s", "<servlet-class>One</servlet-class>");
    String two = servlet("s", "<servlet-class>Two</servlet-class>");

    assertThat(
            merge(servlet("s", "<servlet-class>App</servlet-class>"), one, two)
                .servlets()
                .getFirst()
                .className())
        .isEqualTo("App");
    assertThat(merge("", one, one).servlets()).hasSize(1);
    assertThatThrownBy(() -> merge("", one, two))
        .isInstanceOf(DescriptorException.class)
        .hasMessageStartingWith("two.jar:1:")
        .hasMessageContaining("servlet s is said differently at one.jar:1:");
  }

  @Test
  void refusesParametersThatTwoFragmentsSetDifferently() throws Exception {
    String one = parameter("context-param", "p", "1");
    String two = parameter("context-param", "p", "2");

    assertThat(merge(parameter("context-param", "p", "0"), one, two).contextParameters())
        .extracting("value")
        .containsExactly("0");
    assertThatThrownBy(() -> merge("", one, two)).hasMessageContaining("p is said differently");
  }

  @Test
  void takesWebXmlsMappingsOfAServletAlone() throws Exception {
    WebXml merged =
        merge(
            mapping("s", "/app"),
            mapping("s", "/one") + mapping("t", "/t1"),
            mapping("t", "/t2") + mapping("s", "/two"));

    assertThat(merged.servletMappings())
        .extracting("servletName", "patterns")
        .containsExactly(
            tuple("s", List.of(UrlPattern.parse("/app"))),
            tuple("t", List.of(UrlPattern.parse("/t1"))),
            tuple("t", List.of(UrlPattern.parse("/t2"))));
  }

  @Test
  void refusesAPatternOfTwoServlets() {
    assertThatThrownBy(() -> merge(mapping("s", "/x"), mapping("t", "/x"), ""))
        .isInstanceOf(DescriptorException.class)
        .hasMessageStartingWith("one.jar:")
        .hasMessageContaining("/x is mapped to t, and to s at web.xml:");
    assertThatThrownBy(() -> merge(mapping("s", "/x") + mapping("t", "/x"), "", ""))
        .hasMessageContaining("/x is mapped to t, and to s");
  }

  @Test
  void dropsTheMappingsOfAServletThatIsSwitchedOff() throws Exception {
    WebXml merged =
        merge(
            servlet("s", "<enabled>false</enabled>"),
            servlet("s", "<servlet-class>S</servlet-class>") + mapping("s", "/x"),
            mapping("t", "/x"));

    assertThat(merged.servlets()).extracting("name").containsExactly("s");
    assertThat(merged.servletMappings()).extracting("servletName").containsExactly("t");
  }

  @Test
  void takesWebXmlsMappingsOfAFilterAlone() throws Exception {
    String own =
        "<filter-mapping><filter-name>f</filter-name><url-pattern>/a</url-pattern></filter-mapping>";
    String others =
        "<filter-mapping><filter-name>f</filter-name><url-pattern>/b</url-pattern></filter-mapping>"
            + "<filter-mapping><filter-name>g</filter-name><servlet-name>s</servlet-name>"
            + "</filter-mapping>";

    assertThat(merge(own, others, "").filterMappings())
        .extracting("filterName")
        .containsExactly("f", "g");
  }

  @Test
  void addsUpWhatIsAList() throws Exception {
    String listener = "<listener><listener-class>%s</listener-class></listener>";
    String welcome = "<welcome-file-list><welcome-file>%s</welcome-file></welcome-file-list>";
    WebXml merged =
        merge(
            listener.formatted("A") + welcome.formatted("a"),
            listener.formatted("B") + listener.formatted("A") + welcome.formatted("b"),
            listener.formatted("B") + welcome.formatted("a"));

    assertThat(merged.listeners()).extracting("name").containsExactly("A", "B");
    assertThat(merged.welcomeFiles()).containsExactly("a", "b");
  }

  @Test
  void mergesSessionsElementByElement() throws Exception {
    WebXml merged =
        merge(
            "<session-config><session-timeout>5</session-timeout></session-config>",
            "<session-config><session-timeout>6</session-timeout>"
                + "<cookie-config><name>SID</name><secure>true</secure></cookie-config>"
                + "</session-config>",
            "<session-config><cookie-config><path>/p</path></cookie-config></session-config>");

    assertThat(merged.session().timeout()).isEqualTo(5);
    assertThat(merged.session().cookieName()).isEqualTo("SID");
    assertThat(merged.session().cookie())
        .containsOnly(entry("Secure", "true"), entry("Path", "/p"));
    assertThat(merge("", "", "").session()).isNull();
  }

  @Test
  void isDistributableOnlyIfAllAre() throws Exception {
    String yes = "<distributable/>";
    assertThat(merge(yes, yes, yes).distributable()).isTrue();
    assertThat(merge(yes, yes, "").distributable()).isFalse();
    assertThat(merge("", yes, yes).distributable()).isFalse();
  }

  @Test
  void forgetsNoDemandForAccessControl() throws Exception {
    String demand = "<security-constraint/>";
    assertThat(merge("", "", demand).security())
        .singleElement()
        .extracting(named -> named.place().file())
        .isEqualTo("two.jar");
  }

  @Test
  void takesWebXmlsErrorPagesFirst() throws Exception {
    String page = "<error-page><error-code>404</error-code><location>%s</location></error-page>";
    assertThat(merge(page.formatted("/a"), page.formatted("/b"), page.formatted("/c")).errorPages())
        .extracting("location")
        .containsExactly("/a");
    assertThatThrownBy(() -> merge("", page.formatted("/b"), page.formatted("/c")))
        .hasMessageContaining("an error page is said differently");
  }
}
