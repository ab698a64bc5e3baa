// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.descriptor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.bridge.descriptor.DescriptorReaderTest.app;
import static org.waterspout.bridge.descriptor.DescriptorReaderTest.read;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Descriptors that are broken, or mean harm. */
class RefusedDescriptorTest {
  @Test
  void readsNoFileForAnEntity(@TempDir Path temp) throws Exception {
    Path secret = Files.writeString(temp.resolve("secret"), "secret");

    assertThatThrownBy(
            () ->
                read(
                    """
                    <!DOCTYPE web-app [<!ENTITY e SYSTEM "%s">]>
                    <web-app><display-name>&e;</display-name></web-app>
                    """
                        .formatted(secret.toUri())))
        .isInstanceOf(DescriptorException.class)
        .hasMessageStartingWith("WEB-INF/web.xml:2:")
        .hasMessageNotContaining("secret\n");
  }

  @Test
  void expandsNoEntities() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    <!DOCTYPE web-app [
                      <!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">
                      <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
                    ]>
                    <web-app><display-name>&b;</display-name></web-app>
                    """))
        .isInstanceOf(DescriptorException.class)
        .hasMessageStartingWith("WEB-INF/web.xml:5:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<servlet><servlet-name>s</servlet-name><servlet-clas>A</servlet-clas></servlet>",
        "<servlet><servlet-class>A</servlet-class></servlet>",
        "<servlet><servlet-name> </servlet-name></servlet>",
        "<servlet><servlet-name>s</servlet-name><servlet-name>t</servlet-name></servlet>",
        "<servlet><servlet-name>s</servlet-name><load-on-startup>x</load-on-startup></servlet>",
        "<servlet><servlet-name>s</servlet-name><enabled>yes</enabled></servlet>",
        "<servlet><servlet-name>s</servlet-name></servlet>"
            + "<servlet><servlet-name>s</servlet-name></servlet>",
        "<servlet><servlet-name>s</servlet-name><servlet-class>A</servlet-class>"
            + "<jsp-file>/a.jsp</jsp-file></servlet>",
        "<servlet-mapping><servlet-name>s</servlet-name></servlet-mapping>",
        "<servlet-mapping><servlet-name>s</servlet-name><url-pattern>a</url-pattern>"
            + "</servlet-mapping>",
        "<servlet-mapping><servlet-name>s</servlet-name><url-pattern>/a\n</url-pattern>"
            + "</servlet-mapping>",
        "<filter-mapping><filter-name>f</filter-name></filter-mapping>",
        "<filter-mapping><filter-name>f</filter-name><url-pattern>/*</url-pattern>"
            + "<dispatcher>request</dispatcher></filter-mapping>",
        "<session-config/><session-config/>",
        "<login-config/><login-config/>",
        "<session-config><session-timeout>1.5</session-timeout></session-config>",
        "<session-config><session-timeout>99999999999</session-timeout></session-config>",
        "<error-page><error-code>4040</error-code><location>/x</location></error-page>",
        "<error-page><location>x</location></error-page>",
        "<error-page><error-code>404</error-code><exception-type>E</exception-type>"
            + "<location>/x</location></error-page>",
        "<context-param><param-name>p</param-name></context-param>",
        "<display-name>a<b/></display-name>",
        "<listener>text<listener-class>A</listener-class></listener>",
        "<name>of a fragment</name>",
        "<no-such-element/>"
      })
  void refusesWithTheLine(String element) {
    assertThatThrownBy(() -> app(element))
        .isInstanceOf(DescriptorException.class)
        .message()
        .matches("(?s)WEB-INF/web.xml:[23]:[0-9]+: .+");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not xml",
        "<web-app>",
        "<web-app></web-app><web-app/>",
        "<web-fragment/>",
        "<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "<web-app xmlns='urn:other'/>",
        "<web-app version='new'/>",
        "<web-app metadata-complete='yes'/>"
      })
  void refusesWhatIsNoDescriptor(String xml) {
    assertThatThrownBy(() -> read(xml))
        .isInstanceOf(DescriptorException.class)
        .hasMessageStartingWith("WEB-INF/web.xml:1:");
  }
}
