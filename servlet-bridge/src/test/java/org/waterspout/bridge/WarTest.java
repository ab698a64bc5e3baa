// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.bridge.TestWar.mapping;
import static org.waterspout.bridge.TestWar.parameter;
import static org.waterspout.bridge.TestWar.servlet;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One WAR with everything that declares something: descriptor, fragments, annotations, code. */
class WarTest {
  /** Says how it is configured. */
  private static final String TELLER =
      """
      package app;

      import jakarta.servlet.http.*;
      import java.io.*;
      import java.util.*;

      public class Teller extends HttpServlet {
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
          Map<String, String> parameters = new TreeMap<>();
          for (String name : Collections.list(getInitParameterNames())) {
            parameters.put(name, getInitParameter(name));
          }
          boolean own = Thread.currentThread().getContextClassLoader() == getClass().getClassLoader();
          response.getWriter().print(
              getServletName() + " " + parameters + " " + own + " " + request.getAttribute("trace"));
        }
      }
      """;

  private static final String ANNOTATED =
      """
      package app;

      import jakarta.servlet.annotation.*;

      @WebServlet(
          name = "annotated",
          urlPatterns = {"/annotated", "/annotated/*"},
          initParams = {@WebInitParam(name = "a", value = "1"), @WebInitParam(name = "b", value = "2")})
      @MultipartConfig(maxFileSize = 1234)
      public class Annotated extends Teller {}
      """;

  private static final String PLAIN =
      """
      package app;

      @jakarta.servlet.annotation.WebServlet("/plain")
      public class Plain extends Teller {}
      """;

  private static final String TRACE =
      """
      package app;

      import jakarta.servlet.*;
      import jakarta.servlet.annotation.*;
      import java.io.IOException;

      @WebFilter(filterName = "own", servletNames = "annotated", dispatcherTypes = DispatcherType.REQUEST)
      public class Trace implements Filter {
        private String name;

        public void init(FilterConfig config) {
          name = config.getFilterName();
        }

        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
          Object before = request.getAttribute("trace");
          request.setAttribute("trace", before == null ? name : before + "," + name);
          chain.doFilter(request, response);
        }
      }
      """;

  private static final String LISTENER =
      """
      package %1$s;

      import jakarta.servlet.*;
      import jakarta.servlet.annotation.*;

      @WebListener
      public class Up implements ServletContextListener {
        public void contextInitialized(ServletContextEvent event) {
          ServletContext context = event.getServletContext();
          Object before = context.getAttribute("up");
          context.setAttribute("up", before == null ? "%1$s" : before + ",%1$s");
          if (context.getServletRegistration("added by %1$s") == null) {
            context.addServlet("added by %1$s", "app.Teller").addMapping("/added/%1$s");
          }
        }
      }
      """;

  private static final String INITIALIZER =
      """
      package lib;

      import jakarta.servlet.*;
      import jakarta.servlet.annotation.HandlesTypes;
      import java.util.*;

      @HandlesTypes({Wanted.class, java.util.concurrent.Callable.class})
      public class Initializer implements ServletContainerInitializer {
        public void onStartup(Set<Class<?>> classes, ServletContext context) {
          Set<String> names = new TreeSet<>();
          classes.forEach(type -> names.add(type.getName()));
          context.setAttribute("initialized", names + " " + context.getAttribute("up"));
          var preliminary = context.addServlet("completed", "app.Teller");
          preliminary.setInitParameter("by", "initializer");
        }
      }
      """;

  private static final String REPORT =
      """
      package app;

      import jakarta.servlet.*;
      import jakarta.servlet.http.*;
      import java.io.*;
      import java.util.*;

      public class Report extends HttpServlet {
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
          ServletContext context = getServletContext();
          PrintWriter out = response.getWriter();
          out.println("up " + context.getAttribute("up"));
          out.println("initialized " + context.getAttribute("initialized"));
          out.println("name " + context.getServletContextName());
          out.println("version " + context.getEffectiveMajorVersion() + "." + context.getEffectiveMinorVersion());
          out.println("p " + context.getInitParameter("p"));
          out.println("libraries " + context.getAttribute(ServletContext.ORDERED_LIBS));
          out.println("mime " + context.getMimeType("x.OWN"));
          out.println("timeout " + context.getSessionTimeout());
          out.println("cookie " + context.getSessionCookieConfig().getName()
              + " " + context.getSessionCookieConfig().getAttribute("SameSite"));
          out.println("modes " + context.getEffectiveSessionTrackingModes());
          out.println("encodings " + context.getRequestCharacterEncoding() + " " + context.getResponseCharacterEncoding());
          out.println("paths " + context.getResourcePaths("/"));
          out.println("real " + new File(context.getRealPath("/index.html")).isFile()
              + " " + context.getRealPath("/from-lib.txt"));
          out.println("resource " + (context.getResource("/from-lib.txt") != null)
              + " " + (context.getResource("/WEB-INF/web.xml") != null)
              + " " + (context.getResource("/none") != null));
          try (InputStream in = context.getResourceAsStream("/from-lib.txt")) {
            out.println("content " + new String(in.readAllBytes(), "UTF-8"));
          }
          out.println("taglibs " + context.getJspConfigDescriptor().getTaglibs().iterator().next().getTaglibLocation());
          out.println("groups " + context.getJspConfigDescriptor().getJspPropertyGroups().iterator().next().getPageEncoding());
          response.setLocale(Locale.JAPAN);
          out.println("locale " + getClass().getClassLoader());
        }
      }
      """;

  private static final String WEB_XML =
      "<display-name>everything</display-name>"
          + parameter("context-param", "p", "of web.xml")
          + servlet("report", "app.Report", "<load-on-startup>1</load-on-startup>")
          + mapping("report", "/report")
          + servlet("annotated", "app.Annotated", parameter("init-param", "b", "of web.xml"))
          + "<servlet><servlet-name>completed</servlet-name></servlet>"
          + mapping("completed", "/completed")
          + servlet("off", "app.Missing", "<enabled>false</enabled>")
          + mapping("off", "/off")
          + "<filter><filter-name>declared</filter-name><filter-class>app.Trace</filter-class></filter>"
          + "<filter-mapping><filter-name>declared</filter-name><url-pattern>/*</url-pattern>"
          + "<dispatcher>REQUEST</dispatcher><dispatcher>ERROR</dispatcher></filter-mapping>"
          + "<session-config><session-timeout>7</session-timeout><cookie-config><name>ID</name>"
          + "<attribute><attribute-name>SameSite</attribute-name>"
          + "<attribute-value>Strict</attribute-value></attribute></cookie-config>"
          + "<tracking-mode>URL</tracking-mode></session-config>"
          + "<mime-mapping><extension>own</extension><mime-type>x/own</mime-type></mime-mapping>"
          + "<error-page><error-code>404</error-code><location>/plain</location></error-page>"
          + "<error-page><exception-type>optional.Missing</exception-type><location>/plain</location></error-page>"
          + "<request-character-encoding>UTF-16</request-character-encoding>"
          + "<response-character-encoding>UTF-8</response-character-encoding>"
          + "<jsp-config><taglib><taglib-uri>u</taglib-uri><taglib-location>/WEB-INF/t.tld</taglib-location></taglib>"
          + "<jsp-property-group><url-pattern>*.jsp</url-pattern><page-encoding>UTF-8</page-encoding></jsp-property-group></jsp-config>"
          + "<absolute-ordering><name>second</name><name>first</name></absolute-ordering>";

  @TempDir static Path temp;
  private static TestWar war;

  @BeforeAll
  static void build() throws Exception {
    war = new TestWar(temp.resolve("everything"));
    war.webXml(WEB_XML)
        .file("index.html", "<p>index</p>")
        .sources(
            Map.of(
                "app.Teller",
                TELLER,
                "app.Annotated",
                ANNOTATED,
                "app.Plain",
                PLAIN,
                "app.Trace",
                TRACE,
                "app.Report",
                REPORT,
                "app.Up",
                LISTENER.formatted("app"),
                "app.Job",
                "package app; class Job implements Runnable, java.util.concurrent.Callable<String>"
                    + " { static { if (true) throw new IllegalStateException(\"initialised\"); }"
                    + " public void run() {} public String call() { return null; } }"))
        .library(
            "1.jar",
            Map.of(
                "META-INF/web-fragment.xml",
                "<web-fragment><name>first</name><context-param><param-name>p</param-name><param-value>of"
                    + " a fragment</param-value></context-param></web-fragment>",
                "META-INF/resources/from-lib.txt",
                "from the library",
                "META-INF/services/jakarta.servlet.ServletContainerInitializer",
                "# of the library\nlib.Initializer # one\n"),
            Map.of(
                "lib.Initializer",
                INITIALIZER,
                "lib.Wanted",
                "package lib; public interface Wanted {}",
                "lib.Up",
                LISTENER.formatted("lib")))
        .library(
            "2.jar",
            Map.of("META-INF/web-fragment.xml", "<web-fragment><name>second</name></web-fragment>"),
            Map.of("second.Up", LISTENER.formatted("second")))
        .library(
            "excluded.jar",
            Map.of(
                "META-INF/web-fragment.xml",
                "<web-fragment><name>third</name>"
                    + servlet("third", "none.Such", "<load-on-startup>1</load-on-startup>")
                    + "</web-fragment>",
                "META-INF/resources/from-excluded.txt",
                "still there",
                "META-INF/services/jakarta.servlet.ServletContainerInitializer",
                "none.Such"),
            Map.of("excluded.Up", LISTENER.formatted("excluded")));
  }

  private static TestApp start(Path file) throws Exception {
    return TestApp.start(
        "/x",
        ServletContainer.builder()
            .war(file)
            .workDirectory(temp.resolve("work"))
            .onStartFailure(OnStartFailure.FAIL));
  }

  @Test
  void putsDescriptorFragmentsAnnotationsAndCodeTogether() throws Exception {
    for (Path file : new Path[] {war.root, war.packed()}) {
      try (var app = start(file)) {
        assertThat(app.get("/x/report").text().lines())
            .contains(
                "up app,second,lib",
                "initialized [app.Job] null",
                "name everything",
                "version 6.1",
                "p of web.xml",
                "libraries [2.jar, 1.jar]",
                "mime x/own",
                "timeout 7",
                "cookie ID Strict",
                "modes [URL]",
                "encodings UTF-16 UTF-8",
                "real true null",
                "resource true true false",
                "content from the library",
                "taglibs /WEB-INF/t.tld",
                "groups UTF-8",
                "paths [/WEB-INF/, /from-excluded.txt, /from-lib.txt, /index.html]");
        assertThat(app.get("/x/annotated/deep").text())
            .isEqualTo("annotated {a=1, b=of web.xml} true declared,own");
        assertThat(app.get("/x/plain").text()).isEqualTo("app.Plain {} true declared");
        assertThat(app.get("/x/completed").text())
            .isEqualTo("completed {by=initializer} true declared");
        assertThat(app.get("/x/added/app").text()).startsWith("added by app {}");
        assertThat(app.get("/x/added/second").status()).isEqualTo(200);
        assertThat(app.get("/x/added/excluded").status()).isEqualTo(404);
        assertThat(app.get("/x/off").status()).isEqualTo(404);
        assertThat(app.get("/x/off").text()).as("its error page").startsWith("app.Plain {}");
      }
    }
    assertThat(temp.resolve("work/temp")).isEmptyDirectory();
  }
}
