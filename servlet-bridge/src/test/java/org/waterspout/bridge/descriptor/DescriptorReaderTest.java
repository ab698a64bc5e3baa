// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.descriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.SessionTrackingMode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.waterspout.bridge.descriptor.WebXml.FilterTarget;
import org.waterspout.bridge.mapping.UrlPattern;

class DescriptorReaderTest {
  private static final String OPEN =
      "<web-app xmlns='https://jakarta.ee/xml/ns/jakartaee' version='6.1'>\n";

  static WebXml read(String xml) throws IOException {
    byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
    return DescriptorReader.webXml(new ByteArrayInputStream(bytes), "WEB-INF/web.xml");
  }

  static WebXml app(String elements) throws IOException {
    return read(OPEN + elements + "</web-app>");
  }

  private static WebXml fragment(String elements) throws IOException {
    String xml =
        "<web-fragment xmlns='https://jakarta.ee/xml/ns/jakartaee'>" + elements + "</web-fragment>";
    byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
    return DescriptorReader.fragment(new ByteArrayInputStream(bytes), "x.jar");
  }

  private static String mapped(String pattern) throws IOException {
    WebXml xml =
        app(
            "<servlet-mapping><servlet-name>s</servlet-name><url-pattern>%s</url-pattern></servlet-mapping>"
                .formatted(pattern));
    return xml.servletMappings().getFirst().patterns().getFirst().pattern();
  }

  @Test
  void makesPathsCanonical() throws Exception {
    assertThat(mapped("/a/../b")).isEqualTo("/b");
    assertThat(mapped("/a/./b/*")).isEqualTo("/a/b/*");
    assertThat(mapped("/a/b/..")).isEqualTo("/a/");
    assertThat(mapped("/a/.")).isEqualTo("/a/");
    assertThat(mapped("/.well-known/..x/a b")).isEqualTo("/.well-known/..x/a b");
    assertThat(mapped("/a%2e/%2e%2e/b")).as("it is not encoded").isEqualTo("/a%2e/%2e%2e/b");
    assertThat(mapped("*.x")).isEqualTo("*.x");
    assertThatThrownBy(() -> mapped("/a/../../b"))
        .isInstanceOf(DescriptorException.class)
        .hasMessageContaining("leads out of the application");
    assertThat(
            app("<error-page><location>/x/../error</location></error-page>")
                .errorPages()
                .getFirst()
                .location())
        .isEqualTo("/error");
    assertThatThrownBy(() -> app("<error-page><location>/a&#10;b</location></error-page>"))
        .hasMessageContaining("a line end");
  }

  @Test
  void takesTheFirstOfInitParametersOfOneName() throws Exception {
    String twice =
        "<init-param><param-name>p</param-name><param-value>first</param-value></init-param>"
            + "<init-param><param-name>p</param-name><param-value>other</param-value></init-param>";
    WebXml xml =
        app(
            "<servlet><servlet-name>s</servlet-name>"
                + twice
                + "</servlet><filter><filter-name>f</filter-name><filter-class>F</filter-class>"
                + twice
                + "</filter>");
    assertThat(xml.servlets().getFirst().initParameters())
        .extracting("name", "value")
        .containsExactly(tuple("p", "first"));
    assertThat(xml.filters().getFirst().initParameters())
        .extracting("name", "value")
        .containsExactly(tuple("p", "first"));
  }

  @Test
  void readsServletsAndWhatTheyAreMappedTo() throws Exception {
    WebXml xml =
        app(
            """
            <servlet-mapping>
              <servlet-name>one</servlet-name>
              <url-pattern>/one/*</url-pattern>
              <url-pattern>*.one</url-pattern>
            </servlet-mapping>
            <servlet>
              <description>The mapping stands before it: any order will do.</description>
              <servlet-name> one </servlet-name>
              <servlet-class>
                app.One
              </servlet-class>
              <init-param>
                <param-name>a</param-name>
                <param-value>1</param-value>
              </init-param>
              <init-param><param-name>b</param-name><param-value/></init-param>
              <load-on-startup>2</load-on-startup>
              <enabled>false</enabled>
              <async-supported>true</async-supported>
              <multipart-config>
                <location>uploads</location>
                <max-file-size>1000</max-file-size>
                <file-size-threshold>10</file-size-threshold>
              </multipart-config>
            </servlet>
            <servlet>
              <servlet-name>page</servlet-name>
              <jsp-file>/page.jsp</jsp-file>
              <load-on-startup/>
            </servlet>
            <servlet><servlet-name>completed by code</servlet-name></servlet>
            """);

    var one = xml.servlets().getFirst();
    assertThat(one.name()).isEqualTo("one");
    assertThat(one.className()).isEqualTo("app.One");
    assertThat(one.initParameters())
        .extracting("name", "value")
        .containsExactly(tuple("a", "1"), tuple("b", ""));
    assertThat(one.loadOnStartup()).isEqualTo(2);
    assertThat(one.enabled()).isFalse();
    assertThat(one.asyncSupported()).isTrue();
    assertThat(one.multipart().getLocation()).isEqualTo("uploads");
    assertThat(one.multipart().getMaxFileSize()).isEqualTo(1000);
    assertThat(one.multipart().getMaxRequestSize()).isEqualTo(-1);
    assertThat(one.multipart().getFileSizeThreshold()).isEqualTo(10);
    assertThat(one.place().line()).isEqualTo(7);
    var page = xml.servlets().get(1);
    assertThat(page.jspFile()).isEqualTo("/page.jsp");
    assertThat(page.loadOnStartup()).isZero();
    var bare = xml.servlets().getLast();
    assertThat(bare.className()).isNull();
    assertThat(bare.loadOnStartup()).isNull();
    assertThat(bare.enabled()).isNull();
    assertThat(bare.asyncSupported()).isNull();
    assertThat(xml.servletMappings())
        .singleElement()
        .satisfies(
            mapping ->
                assertThat(mapping.patterns())
                    .containsExactly(UrlPattern.parse("/one/*"), UrlPattern.parse("*.one")));
  }

  @Test
  void readsFiltersAndListeners() throws Exception {
    WebXml xml =
        app(
            """
            <filter>
              <filter-name>f</filter-name>
              <filter-class>app.F</filter-class>
              <async-supported>1</async-supported>
            </filter>
            <filter-mapping>
              <filter-name>f</filter-name>
              <url-pattern>/*</url-pattern>
              <servlet-name>one</servlet-name>
              <dispatcher>ASYNC</dispatcher>
              <dispatcher>FORWARD</dispatcher>
            </filter-mapping>
            <listener><listener-class>app.L</listener-class></listener>
            """);

    assertThat(xml.filters()).singleElement().extracting("asyncSupported").isEqualTo(true);
    var mapping = xml.filterMappings().getFirst();
    assertThat(mapping.targets())
        .containsExactly(
            new FilterTarget(UrlPattern.parse("/*"), null), new FilterTarget(null, "one"));
    assertThat(mapping.types())
        .containsExactlyInAnyOrder(DispatcherType.ASYNC, DispatcherType.FORWARD);
    assertThat(xml.listeners()).extracting("name").containsExactly("app.L");
  }

  @Test
  void readsTheRest() throws Exception {
    WebXml xml =
        read(
            """
            <web-app xmlns='https://jakarta.ee/xml/ns/jakartaee' version='6.1'
                metadata-complete='true'>
              <display-name>The app</display-name>
              <display-name xml:lang='de'>Die App</display-name>
              <distributable/>
              <default-context-path>/ignored</default-context-path>
              <context-param><param-name>p</param-name><param-value>v</param-value></context-param>
              <session-config>
                <session-timeout> -1 </session-timeout>
                <cookie-config>
                  <name>SID</name>
                  <http-only>1</http-only>
                  <secure>0</secure>
                  <max-age>60</max-age>
                  <attribute>
                    <attribute-name>SameSite</attribute-name>
                    <attribute-value>Strict</attribute-value>
                  </attribute>
                </cookie-config>
                <tracking-mode>URL</tracking-mode>
              </session-config>
              <welcome-file-list><welcome-file>a.html</welcome-file></welcome-file-list>
              <welcome-file-list><welcome-file>b.jsp</welcome-file></welcome-file-list>
              <error-page><error-code>404</error-code><location>/404</location></error-page>
              <error-page>
                <exception-type>app.E</exception-type>
                <location>/e</location>
              </error-page>
              <error-page><location>/all</location></error-page>
              <mime-mapping><extension>x</extension><mime-type>a/x</mime-type></mime-mapping>
              <locale-encoding-mapping-list>
                <locale-encoding-mapping>
                  <locale>ja</locale><encoding>Shift_JIS</encoding>
                </locale-encoding-mapping>
              </locale-encoding-mapping-list>
              <request-character-encoding>UTF-8</request-character-encoding>
              <response-character-encoding>UTF-16</response-character-encoding>
              <absolute-ordering>
                <name>a</name><others/><name>b</name><name>a</name>
              </absolute-ordering>
            </web-app>
            """);

    assertThat(xml.version()).isEqualTo("6.1");
    assertThat(xml.metadataComplete()).isTrue();
    assertThat(xml.displayName()).isEqualTo("The app");
    assertThat(xml.distributable()).isTrue();
    assertThat(xml.contextParameters())
        .extracting("name", "value")
        .containsExactly(tuple("p", "v"));
    assertThat(xml.session().timeout()).isEqualTo(-1);
    assertThat(xml.session().cookieName()).isEqualTo("SID");
    assertThat(xml.session().cookie())
        .containsOnly(
            entry("HttpOnly", "true"),
            entry("Secure", "false"),
            entry("Max-Age", "60"),
            entry("SameSite", "Strict"));
    assertThat(xml.session().trackingModes()).containsExactly(SessionTrackingMode.URL);
    assertThat(xml.welcomeFiles()).containsExactly("a.html", "b.jsp");
    assertThat(xml.errorPages())
        .extracting("status", "exception", "location")
        .containsExactly(
            tuple(404, null, "/404"), tuple(null, "app.E", "/e"), tuple(null, null, "/all"));
    assertThat(xml.mimeTypes()).extracting("name", "value").containsExactly(tuple("x", "a/x"));
    assertThat(xml.localeEncodings())
        .extracting("name", "value")
        .containsExactly(tuple("ja", "Shift_JIS"));
    assertThat(xml.requestEncoding()).isEqualTo("UTF-8");
    assertThat(xml.responseEncoding()).isEqualTo("UTF-16");
    assertThat(xml.absoluteOrder()).containsExactly("a", WebXml.OTHERS, "b");
  }

  @Test
  void readsWhatPagesAreTold() throws Exception {
    WebXml xml =
        app(
            """
            <jsp-config>
              <taglib>
                <taglib-uri>http://tags</taglib-uri>
                <taglib-location>/WEB-INF/tags.tld</taglib-location>
              </taglib>
              <jsp-property-group>
                <url-pattern>*.jsp</url-pattern>
                <page-encoding>UTF-8</page-encoding>
                <include-prelude>/top.jspf</include-prelude>
              </jsp-property-group>
            </jsp-config>
            """);

    assertThat(xml.jsp().tagLibraries()).extracting("uri").containsExactly("http://tags");
    var group = xml.jsp().groups().getFirst();
    assertThat(group.patterns()).containsExactly(UrlPattern.parse("*.jsp"));
    assertThat(group.properties()).containsOnly(entry("page-encoding", "UTF-8"));
    assertThat(group.preludes()).containsExactly("/top.jspf");
    assertThat(app("").jsp()).isNull();
  }

  @Test
  void readsFragments() throws Exception {
    WebXml xml =
        fragment(
            """
            <name>me</name>
            <ordering>
              <after><name>a</name></after>
              <before><others/></before>
            </ordering>
            """);

    assertThat(xml.fragmentName()).isEqualTo("me");
    assertThat(xml.order().after()).containsExactly("a");
    assertThat(xml.order().before()).containsExactly(WebXml.OTHERS);
    assertThat(xml.version()).isNull();
    assertThatThrownBy(() -> fragment("<absolute-ordering/>"))
        .hasMessageContaining("<absolute-ordering> does not belong into <web-fragment>");
  }

  @ParameterizedTest
  @CsvSource({
    "http://java.sun.com/xml/ns/j2ee, 2.4",
    "http://java.sun.com/xml/ns/javaee, 3.0",
    "http://xmlns.jcp.org/xml/ns/javaee, 4.0",
    "https://jakarta.ee/xml/ns/jakartaee, 5.0"
  })
  void readsTheDescriptorsOfAllVersions(String namespace, String version) throws Exception {
    WebXml xml =
        read(
            "<web-app xmlns='%s' version='%s'><distributable/></web-app>"
                .formatted(namespace, version));

    assertThat(xml.version()).isEqualTo(version);
    assertThat(xml.distributable()).isTrue();
  }

  @Test
  void readsThoseWithADocumentTypeWithoutFetchingIt() throws Exception {
    WebXml xml =
        read(
            """
            <?xml version="1.0" encoding="ISO-8859-1"?>
            <!DOCTYPE web-app PUBLIC "-//Sun Microsystems, Inc.//DTD Web Application 2.3//EN"
              "http://127.0.0.1:1/web-app_2_3.dtd">
            <web-app>
              <taglib>
                <taglib-uri>u</taglib-uri><taglib-location>/l</taglib-location>
              </taglib>
            </web-app>
            """);

    assertThat(xml.version()).isEqualTo("2.3");
    assertThat(xml.jsp().tagLibraries()).hasSize(1);
  }

  @Test
  void putsTheSlashBeforePatternsThatCouldLackItInServlet22() throws Exception {
    String xml =
        """
        <!DOCTYPE web-app PUBLIC "-//Sun Microsystems, Inc.//DTD Web Application %s//EN" "x:y">
        <web-app>
          <servlet-mapping>
            <servlet-name>s</servlet-name>
            <url-pattern>%s</url-pattern>
          </servlet-mapping>
        </web-app>
        """;
    for (String pattern : new String[] {"a", "/a"}) {
      assertThat(read(xml.formatted("2.2", pattern)).servletMappings().getFirst().patterns())
          .containsExactly(UrlPattern.parse("/a"));
    }
    assertThat(read(xml.formatted("2.2", "*.a")).servletMappings().getFirst().patterns())
        .containsExactly(UrlPattern.parse("*.a"));
    assertThatThrownBy(() -> read(xml.formatted("2.3", "a")))
        .isInstanceOf(DescriptorException.class)
        .hasMessageContaining("a slash is missing");
  }

  @Test
  void namesWhatItDoesNotSupport() throws Exception {
    WebXml xml =
        app(
            """
            <security-constraint><anything/></security-constraint>
            <login-config><auth-method>BASIC</auth-method></login-config>
            <security-role><role-name>r</role-name></security-role>
            <servlet>
              <servlet-name>s</servlet-name>
              <run-as><role-name>r</role-name></run-as>
            </servlet>
            <resource-ref><res-ref-name>jdbc/x</res-ref-name></resource-ref>
            <env-entry/>
            <extension xmlns='urn:vendor'><servlet/></extension>
            """);

    assertThat(xml.security())
        .extracting("name")
        .containsExactly("security-constraint", "login-config", "security-role", "run-as");
    assertThat(xml.security().getFirst().place()).hasToString("WEB-INF/web.xml:2:22");
    assertThat(xml.unsupported()).extracting("name").containsExactly("resource-ref", "env-entry");
    assertThat(xml.servlets()).hasSize(1);
  }

  @Test
  void keepsTheBlanksOfAPattern() throws Exception {
    WebXml xml =
        app(
            "<servlet-mapping><servlet-name>s</servlet-name><url-pattern>/a </url-pattern>"
                + "</servlet-mapping>");

    assertThat(xml.servletMappings().getFirst().patterns())
        .containsExactly(UrlPattern.parse("/a "));
  }

  @Test
  void readsTheCharsetThatTheFileDeclares() throws Exception {
    byte[] bytes =
        "<?xml version='1.0' encoding='ISO-8859-1'?><web-app><display-name>ä</display-name></web-app>"
            .getBytes(StandardCharsets.ISO_8859_1);

    assertThat(DescriptorReader.webXml(new ByteArrayInputStream(bytes), "f").displayName())
        .isEqualTo("ä");
  }
}
