// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.bridge.TestWar.mapping;
import static org.waterspout.bridge.TestWar.parameter;
import static org.waterspout.bridge.TestWar.servlet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.taglibs.standard.Version;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of one WAR, with Jasper on the server's class path. */
class JspTest {
  private static final String FRONT =
      """
      package app;

      import jakarta.servlet.http.*;

      public class Front extends HttpServlet {
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws java.io.IOException, jakarta.servlet.ServletException {
          request.setAttribute("model", new Model());
          request.getRequestDispatcher("/WEB-INF/view.jsp").forward(request, response);
        }
      }
      """;

  private static final String MODEL =
      """
      package app;

      public class Model {
        public String getName() { return "<model>"; }
        public java.util.List<Integer> getNumbers() { return java.util.List.of(1, 2, 3); }
        public static String twice(String s) { return s + s; }
      }
      """;

  private static final String PAST =
      """
      package app;

      import jakarta.servlet.*;
      import jakarta.servlet.http.*;

      public class Past extends HttpFilter {
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws java.io.IOException, ServletException {
          if ("default".equals(request.getQueryString())) {
            getServletContext().getNamedDispatcher("default").forward(request, response);
          } else {
            chain.doFilter(request, response);
          }
        }
      }
      """;

  private static final String TAG =
      """
      package app;

      import jakarta.servlet.jsp.tagext.SimpleTagSupport;

      public class Greeting extends SimpleTagSupport {
        private String to;
        public void setTo(String to) { this.to = to; }
        public void doTag() throws java.io.IOException {
          getJspContext().getOut().print("hello " + to);
        }
      }
      """;

  private static final String LISTENER =
      """
      package lib;

      import jakarta.servlet.*;

      public class Listener implements ServletContextListener {
        public void contextInitialized(ServletContextEvent event) {
          String added;
          try {
            event.getServletContext().addServlet("late", "no.Such");
            added = "added";
          } catch (UnsupportedOperationException e) {
            added = "refused";
          }
          event.getServletContext().setAttribute("listener", added);
        }
      }
      """;

  private static final String INITIALIZER =
      """
      package lib;

      import jakarta.servlet.*;

      public class Adder implements ServletContainerInitializer {
        public void onStartup(java.util.Set<Class<?>> classes, ServletContext context) {
          ServletRegistration.Dynamic page = context.addJspFile("in code", "/WEB-INF/page.jsp");
          page.setInitParameter("greeting", "from code");
          page.addMapping("/in-code");
        }
      }
      """;

  private static final String PRECOMPILED =
      """
      package pages;

      import jakarta.servlet.http.*;
      import jakarta.servlet.jsp.*;

      public class ready_jsp extends org.apache.jasper.runtime.HttpJspBase {
        public void _jspService(HttpServletRequest request, HttpServletResponse response)
            throws java.io.IOException {
          PageContext context = JspFactory.getDefaultFactory()
              .getPageContext(this, request, response, null, true, 8192, true);
          context.getOut().print("ready " + context.getSession().isNew());
          JspFactory.getDefaultFactory().releasePageContext(context);
        }
      }
      """;

  private static final String TLD =
      """
      <taglib xmlns="https://jakarta.ee/xml/ns/jakartaee" version="3.1">
        <tlib-version>1</tlib-version><short-name>x</short-name>%s
      </taglib>
      """;

  private static final String GREETING =
      """
      <tag><name>greeting</name><tag-class>app.Greeting</tag-class>
        <body-content>empty</body-content>
        <attribute><name>to</name><required>true</required><rtexprvalue>true</rtexprvalue></attribute>
      </tag>
      <function><name>twice</name><function-class>app.Model</function-class>
        <function-signature>java.lang.String twice(java.lang.String)</function-signature>
      </function>\
      """;

  @TempDir static Path temp;
  private static TestWar war;
  private static TestApp app;

  @BeforeAll
  static void start() throws Exception {
    war =
        new TestWar(temp.resolve("pages"))
            .webXml(
                servlet("front", "app.Front", "")
                    + mapping("front", "/front")
                    + servlet("ready", "pages.ready_jsp", "")
                    + mapping("ready", "/ready.jsp")
                    + "<servlet><servlet-name>one</servlet-name>"
                    + "<jsp-file>/WEB-INF/page.jsp</jsp-file>"
                    + parameter("init-param", "greeting", "from web.xml")
                    + "<load-on-startup>1</load-on-startup></servlet>"
                    + mapping("one", "/one")
                    + servlet("own", "app.Front", "")
                    + mapping("own", "/own.htm")
                    + "<filter><filter-name>past</filter-name>"
                    + "<filter-class>app.Past</filter-class></filter>"
                    + "<filter-mapping><filter-name>past</filter-name><url-pattern>/*"
                    + "</url-pattern></filter-mapping>"
                    + "<error-page><error-code>404</error-code><location>/WEB-INF/error.jsp"
                    + "</location></error-page>"
                    + "<error-page><exception-type>java.lang.IllegalStateException"
                    + "</exception-type><location>/WEB-INF/error.jsp</location></error-page>"
                    + "<jsp-config><taglib><taglib-uri>urn:mapped</taglib-uri>"
                    + "<taglib-location>/WEB-INF/tlds/mapped.tld</taglib-location></taglib>"
                    + "<jsp-property-group><url-pattern>*.htm</url-pattern>"
                    + "<page-encoding>UTF-8</page-encoding>"
                    + "<scripting-invalid>true</scripting-invalid>"
                    + "<include-prelude>/WEB-INF/prelude.jspf</include-prelude>"
                    + "<include-coda>/WEB-INF/coda.jspf</include-coda></jsp-property-group>"
                    + "<jsp-property-group><url-pattern>/plain/*</url-pattern>"
                    + "<el-ignored>true</el-ignored></jsp-property-group></jsp-config>")
            .sources(
                Map.of(
                    "app.Front",
                    FRONT,
                    "app.Model",
                    MODEL,
                    "app.Greeting",
                    TAG,
                    "app.Past",
                    PAST,
                    "pages.ready_jsp",
                    PRECOMPILED))
            .library(
                "tags.jar",
                Map.of(
                    "META-INF/library.tld",
                    TLD.formatted(
                        "<uri>urn:library</uri><listener><listener-class>lib.Listener"
                            + "</listener-class></listener>"
                            + "<tag-file><name>box</name><path>/META-INF/tags/box.tag</path></tag-file>"),
                    "META-INF/tags/box.tag",
                    "<%@ attribute name='width' %>[${width}<jsp:doBody/>]",
                    "META-INF/services/jakarta.servlet.ServletContainerInitializer",
                    "lib.Adder"),
                Map.of("lib.Listener", LISTENER, "lib.Adder", INITIALIZER))
            .file("WEB-INF/tlds/mapped.tld", TLD.formatted(GREETING))
            .file("WEB-INF/tags/frame.tag", "<%@ tag body-content='scriptless' %>{<jsp:doBody/>}")
            .file("WEB-INF/prelude.jspf", "before ")
            .file("WEB-INF/coda.jspf", " after")
            .file(
                "WEB-INF/view.jsp",
                "${model.name} ${requestScope['jakarta.servlet.forward.servlet_path']}")
            .file(
                "WEB-INF/page.jsp", "<%= getInitParameter(\"greeting\") %> <%= getServletName() %>")
            .file(
                "WEB-INF/error.jsp",
                "<%@ page isErrorPage='true' %>error ${pageContext.errorData.statusCode}"
                    + " ${pageContext.errorData.requestURI} ${pageContext.exception.message}");
    Path libraries = war.root.resolve("WEB-INF/lib");
    Files.copy(jarOf(Version.class), libraries.resolve("jstl.jar"));
    Files.copy(
        jarOf(jakarta.servlet.jsp.jstl.core.Config.class), libraries.resolve("jstl-api.jar"));
    app =
        TestApp.start(
            "/app",
            ServletContainer.builder()
                .war(war.root)
                .workDirectory(temp.resolve("work"))
                .onStartFailure(OnStartFailure.FAIL));
  }

  private static Path jarOf(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  @AfterAll
  static void stop() throws Exception {
    app.close();
    try (Stream<Path> left = Files.list(temp.resolve("work/temp"))) {
      assertThat(left).isEmpty();
    }
  }

  private static String text(String path, String page) throws Exception {
    war.file(path, page);
    Answer answer = app.get("/app/" + path);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.text();
  }

  @Test
  void runsPages() throws Exception {
    String page =
        "<%@ page contentType='text/plain;charset=UTF-8' pageEncoding='UTF-8' %>"
            + "<%! int count; %><% count++; %><%= count %> ${1 + 1} ${param.x} ö"
            + " ${pageContext.request.contextPath} <%= application.getMajorVersion() %>";
    war.file("run.jsp", page);

    Answer answer = app.get("/app/run.jsp?x=%C3%A4");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("text/plain;charset=UTF-8");
    assertThat(answer.text()).isEqualTo("1 2 ä ö /app 6");
    assertThat(app.get("/app/run.jsp").text()).startsWith("2 2");
  }

  @Test
  void runsPagesInXML() throws Exception {
    String page =
        "<jsp:root xmlns:jsp='http://java.sun.com/JSP/Page' version='2.1'>"
            + "<jsp:directive.page contentType='text/xml'/><x>${2 * 3}</x></jsp:root>";
    assertThat(text("doc.jspx", page)).endsWith("<x>6</x>");
  }

  @Test
  void includesAndForwards() throws Exception {
    war.file("WEB-INF/part.jsp", "(part ${param.n} <%= request.getAttribute(\"a\") %>)");
    war.file("static.jspf", "(static ${1 + 2})");
    assertThat(
            text(
                "outer.jsp",
                "<% request.setAttribute(\"a\", 1); %>A<jsp:include"
                    + " page='/WEB-INF/part.jsp'><jsp:param name='n' value='5'/></jsp:include><%@"
                    + " include file='static.jspf' %>B"))
        .isEqualTo("A(part 5 1)(static 3)B");
    assertThat(text("away.jsp", "lost<jsp:forward page='WEB-INF/part.jsp'/>lost"))
        .isEqualTo("(part  null)");
    assertThat(app.get("/app/front").text()).isEqualTo("<model> /front");
  }

  @Test
  void keepsSessions() throws Exception {
    war.file(
        "count.jsp",
        "<% Integer n = (Integer) session.getAttribute(\"n\");"
            + " session.setAttribute(\"n\", n == null ? 1 : n + 1); %>${n}");
    Answer first = app.get("/app/count.jsp");
    assertThat(first.text()).isEqualTo("1");
    assertThat(app.get("/app/count.jsp", "Cookie", first.sessionCookie()).text()).isEqualTo("2");
    war.file("stateless.jsp", "<%@ page session='false' %>x");
    assertThat(app.get("/app/stateless.jsp").cookies()).isEmpty();
  }

  @Test
  void knowsTheTagLibrariesOfTheWar() throws Exception {
    assertThat(
            text(
                "mapped.jsp",
                "<%@ taglib prefix='m' uri='urn:mapped' %>"
                    + "<m:greeting to='${m:twice(\"x\")}'/>"))
        .isEqualTo("hello xx");
    assertThat(
            text(
                "library.jsp",
                "<%@ taglib prefix='l' uri='urn:library' %>"
                    + "<l:box width='7'> ${applicationScope.listener}</l:box>"))
        .as("a listener of a tag library may declare nothing")
        .isEqualTo("[7 refused]");
    assertThat(
            text(
                "tags.jsp",
                "<%@ taglib prefix='t' tagdir='/WEB-INF/tags' %>" + "<t:frame>${1 + 1}</t:frame>"))
        .isEqualTo("{2}");
  }

  @Test
  void knowsTheStandardTagLibrary() throws Exception {
    war.file("static.txt", "static");
    String page =
        "<%@ taglib prefix='c' uri='URI' %><jsp:useBean id='m' class='app.Model'/>"
            + "<c:forEach items='${m.numbers}' var='n'>${n},</c:forEach>"
            + "<c:if test='${not empty m.name}'><c:out value='${m.name}'/></c:if>"
            + "<c:import url='/WEB-INF/page.jsp'/> <c:import url='/static.txt'/>";
    assertThat(text("jstl.jsp", page.replace("URI", "jakarta.tags.core")))
        .isEqualTo("1,2,3,&lt;model&gt;null jsp static");
    assertThat(text("jstl-old.jsp", page.replace("URI", "http://java.sun.com/jsp/jstl/core")))
        .isEqualTo("1,2,3,&lt;model&gt;null jsp static");
    assertThat(
            text(
                "fmt.jsp",
                "<%@ taglib prefix='f' uri='jakarta.tags.fmt' %>"
                    + "<f:setLocale value='de'/><f:formatNumber value='1234.5'/>"))
        .isEqualTo("1.234,5");
  }

  @Test
  void followsPropertyGroups() throws Exception {
    assertThat(text("group.htm", "ä ${1 + 1}")).isEqualTo("before ä 2 after");
    assertThat(text("plain/el.jsp", "${1 + 1}")).isEqualTo("${1 + 1}");
    war.file("scripting.htm", "<% int secret = 1; %>");
    Answer refused = app.get("/app/scripting.htm");
    assertThat(refused.status()).isEqualTo(500);
    assertThat(refused.text()).doesNotContain("secret");
    assertThat(app.get("/app/own.htm").text())
        .as("a servlet's own pattern comes first")
        .isEqualTo("<model> /own.htm");
  }

  @Test
  void runsServletsThatArePages() throws Exception {
    assertThat(app.get("/app/one").text()).isEqualTo("from web.xml one");
    assertThat(app.get("/app/in-code").text()).isEqualTo("from code in code");
    assertThat(app.get("/app/ready.jsp").text()).isEqualTo("ready true");
  }

  @Test
  void showsErrorsByPages() throws Exception {
    Answer missing = app.get("/app/none.jsp");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.text()).isEqualTo("error 404 /app/none.jsp ");
    war.file("throws.jsp", "<% if (true) throw new IllegalStateException(\"told\"); %>");
    Answer thrown = app.get("/app/throws.jsp");
    assertThat(thrown.status()).isEqualTo(500);
    assertThat(thrown.text()).startsWith("error 500 /app/throws.jsp").contains("told");
    war.file(
        "own-error.jsp",
        "<%@ page errorPage='/WEB-INF/error.jsp' %>lost"
            + "<% if (true) throw new IllegalArgumentException(\"caught\"); %>");
    assertThat(app.get("/app/own-error.jsp").text())
        .isEqualTo("error 500 /app/own-error.jsp caught");
  }

  @Test
  void tellsTheLogAndNobodyElseWhereAPageIsBroken() throws Exception {
    try (var log = new LogLines()) {
      war.file("broken.jsp", "one\n<% int secret = \"x\"; %>");
      Answer broken = app.get("/app/broken.jsp");
      assertThat(broken.status()).isEqualTo(500);
      assertThat(broken.text()).doesNotContain("secret", "broken.jsp", "jasper");
      assertThat(log.lines)
          .anySatisfy(
              line -> assertThat(line).contains("line: [2]", "/broken.jsp", "Type mismatch"));

      war.file("unclosed.jsp", "<%@ taglib prefix='c' uri='no:such:library' %>");
      assertThat(app.get("/app/unclosed.jsp").status()).isEqualTo(500);
      assertThat(log.lines)
          .anySatisfy(line -> assertThat(line).contains("/unclosed.jsp", "no:such:library"));

      war.file("fails.jsp", "one\ntwo\n<%= request.getAttribute(\"secret\").toString() %>");
      Answer fails = app.get("/app/fails.jsp");
      assertThat(fails.status()).isEqualTo(500);
      assertThat(fails.text()).doesNotContain("secret", "fails.jsp");
      assertThat(log.lines)
          .anySatisfy(
              line ->
                  assertThat(line).contains("[/fails.jsp] at line [3]", "NullPointerException"));

      war.file("broken.jsp", "repaired");
      Files.setLastModifiedTime(
          war.root.resolve("broken.jsp"), FileTime.fromMillis(System.currentTimeMillis() + 10_000));
      assertThat(app.get("/app/broken.jsp").text())
          .as("what failed is read again")
          .isEqualTo("repaired");
    }
  }

  @Test
  void neverShowsTheSourceOfAPage() throws Exception {
    war.file("upper.JSP", "<% secret %>").file("fragment.jspf", "<% secret %>");
    war.file("named.jsp", "<% secret %>");
    for (String path : List.of("/upper.JSP", "/fragment.jspf", "/named.jsp?default")) {
      Answer answer = app.get("/app" + path);
      assertThat(answer.status()).as(path).isEqualTo(404);
      assertThat(answer.text()).doesNotContain("secret");
    }
  }

  @Test
  void welcomesWithAPage() throws Exception {
    war.file("welcome/index.jsp", "welcome ${pageContext.request.servletPath}");
    assertThat(app.get("/app/welcome/").text()).isEqualTo("welcome /welcome/index.jsp");
    war.file("text/index.htm", "other");
    assertThat(app.get("/app/text/").text()).as("no page is there").startsWith("before other");
  }

  @Test
  void hidesPagesInWebInf() throws Exception {
    assertThat(app.get("/app/WEB-INF/view.jsp").status()).isEqualTo(404);
    assertThat(app.get("/app/%57EB-INF/view.jsp").status()).isEqualTo(404);
    assertThat(app.get("/app/web-inf/view.jsp").status()).isEqualTo(404);
  }
}
