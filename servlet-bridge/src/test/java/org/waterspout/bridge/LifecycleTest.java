// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextAttributeEvent;
import jakarta.servlet.ServletContextAttributeListener;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.SessionTrackingMode;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.waterspout.http.HTTPHeaders;

class LifecycleTest {
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());

  private final class Recorder
      implements ServletContextListener, ServletRequestListener, HttpSessionListener {
    private final String name;

    Recorder(String name) {
      this.name = name;
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
      events.add(name + " context up at " + event.getServletContext().getContextPath());
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
      events.add(name + " context down");
    }

    @Override
    public void requestInitialized(ServletRequestEvent event) {
      events.add(name + " request up");
    }

    @Override
    public void requestDestroyed(ServletRequestEvent event) {
      events.add(name + " request down");
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
      events.add(name + " session down");
    }
  }

  private final class RecordingFilter implements Filter {
    @Override
    public void init(FilterConfig config) {
      events.add(config.getFilterName() + " up " + config.getInitParameter("k"));
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      chain.doFilter(request, response);
    }

    @Override
    public void destroy() {
      events.add("filter down");
    }
  }

  private final class RecordingServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    public void init() {
      var names = Collections.list(getInitParameterNames());
      events.add(getServletName() + " up " + names);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
      request.getSession();
      events.add(getServletName() + " serves");
    }

    @Override
    public void destroy() {
      events.add(getServletName() + " down");
    }
  }

  /** A servlet that the container makes. */
  public static final class Made extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().print("made");
    }
  }

  @Test
  void startsAndStopsInOrder() throws Exception {
    var builder =
        ServletContainer.builder()
            .listener(new Recorder("1"))
            .listener(new Recorder("2"))
            .servlet("lazy", new RecordingServlet(), "/lazy")
            .servlet(
                "late",
                new RecordingServlet(),
                s -> {
                  s.setLoadOnStartup(2);
                  s.setInitParameter("a", "b");
                })
            .servlet("early", new RecordingServlet(), s -> s.setLoadOnStartup(1))
            .servlet("never", new RecordingServlet(), "/never")
            .filter(
                "filter",
                new RecordingFilter(),
                f -> {
                  f.setInitParameter("k", "v");
                  f.addMappingForUrlPatterns(null, true, "/*");
                });
    try (var app = TestApp.start("/app", builder)) {
      events.add("--");
      app.get("/app/lazy");
      app.stopContainer();
    }

    assertThat(events)
        .containsExactly(
            "1 context up at /app",
            "2 context up at /app",
            "filter up v",
            "early up []",
            "late up [a]",
            "--",
            "1 request up",
            "2 request up",
            "lazy up []",
            "lazy serves",
            "2 request down",
            "1 request down",
            "early down",
            "late down",
            "lazy down",
            "filter down",
            "2 session down",
            "1 session down",
            "2 context down",
            "1 context down");
  }

  @Test
  void undoesAStartThatFails() {
    var builder =
        ServletContainer.builder()
            .onStartFailure(OnStartFailure.FAIL)
            .listener(new Recorder("1"))
            .servlet("good", new RecordingServlet(), s -> s.setLoadOnStartup(1))
            .servlet(
                "bad",
                new HttpServlet() {
                  private static final long serialVersionUID = 1L;

                  @Override
                  public void init() throws ServletException {
                    throw new ServletException("on purpose");
                  }

                  @Override
                  public void destroy() {
                    events.add("never initialised, never destroyed");
                  }
                },
                s -> s.setLoadOnStartup(2));

    assertThatThrownBy(() -> TestApp.start("", builder))
        .hasMessage("servlet bad does not start: on purpose");
    assertThat(events)
        .containsExactly("1 context up at ", "good up []", "good down", "1 context down");
  }

  @Test
  void triesAFailedInitialisationAgain() throws Exception {
    var servlet =
        new HttpServlet() {
          private static final long serialVersionUID = 1L;
          private int tries;

          @Override
          public void init() throws ServletException {
            if (++tries == 1) {
              throw new ServletException("not yet");
            }
          }

          @Override
          protected void doGet(HttpServletRequest request, HttpServletResponse response)
              throws IOException {
            response.getWriter().print(tries);
          }
        };
    try (var app = TestApp.start("", ServletContainer.builder().servlet("s", servlet, "/"))) {
      assertThat(app.get("/").status()).isEqualTo(500);
      assertThat(app.get("/").text()).isEqualTo("2");
    }
  }

  @Test
  void refusesWhatTheJavadocOfTheContextForbids() throws Exception {
    var servlet = Code.servlet((request, response) -> response.getWriter().print("once"));
    var filter = new RecordingFilter();
    ServletContainerInitializer initializer =
        (_, context) -> {
          assertThat(context.addServlet("again", servlet)).isNull();
          assertThat(context.addFilter("f", filter)).isNotNull();
          assertThat(context.addFilter("again", filter)).isNull();
          var made = context.addServlet("made", Made.class);
          assertThatThrownBy(() -> made.setRunAsRole(null))
              .isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> made.setServletSecurity(null))
              .isInstanceOf(IllegalArgumentException.class);
          context.declareRoles("a", "b");
          assertThatThrownBy(() -> context.declareRoles("a", ""))
              .isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> context.declareRoles((String) null))
              .isInstanceOf(IllegalArgumentException.class);
        };
    var builder =
        ServletContainer.builder()
            .onStartFailure(OnStartFailure.FAIL)
            .servlet("s", servlet, "/s")
            .initializer(initializer);
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/s").text()).isEqualTo("once");
    }
  }

  @Test
  void letsListenersDeclareWhileItStarts() throws Exception {
    var listener =
        new ServletContextListener() {
          @Override
          public void contextInitialized(ServletContextEvent event) {
            ServletContext context = event.getServletContext();
            var made = context.addServlet("made", Made.class.getName());
            assertThat(made.addMapping("/made", "/s")).containsExactly("/s");
            assertThat(made.getMappings()).as("all or none").isEmpty();
            assertThat(made.addMapping("/made")).isEmpty();
            assertThat(made.setInitParameter("a", "1")).isTrue();
            assertThat(made.setInitParameter("a", "2")).isFalse();
            assertThat(context.addServlet("made", Made.class)).as("the name is taken").isNull();
            context
                .addFilter("f", new RecordingFilter())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/made");
            context.addListener(RequestCounter.class.getName());
            context.setSessionTrackingModes(EnumSet.of(SessionTrackingMode.URL));
            context.setSessionTimeout(7);
            context.setRequestCharacterEncoding("UTF-8");
            context.setResponseCharacterEncoding("UTF-8");
            assertThat(context.setInitParameter("p", "q")).isTrue();
            assertThat(context.getServletRegistrations()).containsOnlyKeys("s", "made");
            assertThatThrownBy(() -> context.addListener(new Recorder("x")))
                .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(
                    () -> context.setSessionTrackingModes(EnumSet.of(SessionTrackingMode.SSL)))
                .isInstanceOf(IllegalArgumentException.class);
          }
        };
    var builder =
        ServletContainer.builder()
            .listener(listener)
            .initParameter("x", "y")
            .servlet(
                "s",
                Code.servlet(
                    (request, response) -> {
                      ServletContext context = request.getServletContext();
                      assertThatThrownBy(() -> context.addServlet("late", Made.class))
                          .isInstanceOf(IllegalStateException.class);
                      assertThatThrownBy(() -> context.setInitParameter("late", ""))
                          .isInstanceOf(IllegalStateException.class);
                      assertThatThrownBy(() -> context.getSessionCookieConfig().setName("late"))
                          .isInstanceOf(IllegalStateException.class);
                      assertThatThrownBy(
                              () -> context.getServletRegistration("s").addMapping("/late"))
                          .isInstanceOf(IllegalStateException.class);
                      response.setContentType("text/plain");
                      response
                          .getWriter()
                          .print(
                              context.getSessionTimeout()
                                  + " "
                                  + context.getInitParameter("p")
                                  + context.getInitParameter("x")
                                  + " "
                                  + request.getCharacterEncoding()
                                  + " ä");
                    }),
                "/s");
    RequestCounter.count = 0;
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/made").text()).isEqualTo("made");
      Answer answer = app.get("/s");
      assertThat(answer.text()).isEqualTo("7 qy UTF-8 ä");
      assertThat(answer.header("Content-Type")).isEqualTo("text/plain;charset=UTF-8");
    }
    assertThat(events).contains("f up null");
    assertThat(RequestCounter.count).isEqualTo(2);
  }

  /** A listener that the container makes. */
  public static final class RequestCounter implements ServletRequestListener {
    static volatile int count;

    @Override
    public void requestInitialized(ServletRequestEvent event) {
      count++;
    }
  }

  @Test
  void describesItself() throws Exception {
    var changes = new ArrayList<String>();
    var listener =
        new ServletContextAttributeListener() {
          @Override
          public void attributeAdded(ServletContextAttributeEvent event) {
            changes.add("added " + event.getValue());
          }

          @Override
          public void attributeReplaced(ServletContextAttributeEvent event) {
            changes.add("replaced " + event.getValue());
          }

          @Override
          public void attributeRemoved(ServletContextAttributeEvent event) {
            changes.add("removed " + event.getValue());
          }
        };
    var servlet =
        Code.servlet(
            (request, response) -> {
              ServletContext context = request.getServletContext();
              assertThat(context.getContextPath()).isEqualTo("/app");
              assertThat(context.getServletContextName()).isEqualTo("the app");
              assertThat(context.getServerInfo()).startsWith("Waterspout/").hasSizeGreaterThan(11);
              assertThat(context.getMajorVersion()).isEqualTo(6);
              assertThat(context.getMinorVersion()).isEqualTo(1);
              assertThat(context.getMimeType("a.PNG")).isEqualTo("image/png");
              assertThat(context.getMimeType("a.own")).isEqualTo("x/own");
              assertThat(context.getMimeType("a")).isNull();
              assertThat(context.getContext("/other")).isNull();
              assertThat(context.getContext("/app/x")).isSameAs(context);
              assertThat(context.getRealPath("/x")).isNull();
              assertThat(context.getResource("/none")).isNull();
              assertThat(context.getResource("/../../module-info.class")).isNull();
              assertThat(context.getResourceAsStream("/none")).isNull();
              assertThat(context.getResourcePaths("/")).isNull();
              assertThat(context.getEffectiveSessionTrackingModes())
                  .containsExactlyInAnyOrder(SessionTrackingMode.COOKIE, SessionTrackingMode.URL);
              context.setAttribute("a", 1);
              context.setAttribute("a", 2);
              context.removeAttribute("a");
              context.log("hello from a test");
              response.getWriter().print("checked");
            });
    var builder =
        ServletContainer.builder()
            .servlet("s", servlet, "/")
            .listener(listener)
            .displayName("the app")
            .mimeType("own", "x/own");
    try (var app = TestApp.start("/app", builder)) {
      assertThat(app.get("/app/").text()).isEqualTo("checked");
    }
    assertThat(changes).containsExactly("added 1", "replaced 1", "removed 2");
  }

  @Test
  void isItsOwnContextAtTheRootToo() throws Exception {
    var servlet =
        Code.servlet(
            (request, response) -> {
              ServletContext context = request.getServletContext();
              assertThat(context.getContext("/")).isSameAs(context);
              assertThat(context.getContext("/x/y")).isSameAs(context);
              assertThat(context.getContext("x")).isNull();
              assertThat(context.getContext(null)).isNull();
              response.getWriter().print("checked");
            });
    try (var app = TestApp.start("", ServletContainer.builder().servlet("s", servlet, "/"))) {
      assertThat(app.get("/").text()).isEqualTo("checked");
    }
  }

  @Test
  void refusesDeclarationsThatContradict() {
    var servlet = new RecordingServlet();
    var builder = ServletContainer.builder().servlet("a", servlet, "/a");

    assertThatThrownBy(() -> builder.servlet("a", servlet, "/b"))
        .hasMessageContaining("two servlets are called a");
    assertThatThrownBy(() -> builder.servlet("b", servlet, "/a")).hasMessageContaining("[/a]");
    assertThatThrownBy(() -> builder.servlet("c", servlet, "x")).hasMessageContaining("x");
    assertThatThrownBy(() -> builder.maxConcurrent(0).build())
        .hasMessageContaining("maxConcurrent");
  }

  @Test
  void cannotStartTwice() throws Exception {
    var container = ServletContainer.builder().build();
    container.start("");
    assertThatThrownBy(() -> container.start("")).isInstanceOf(IllegalStateException.class);
    container.stop();
  }

  @Test
  void keepsTheLoopsThreadLocalsFromServlets() throws Exception {
    var inherited = new InheritableThreadLocal<String>();
    var servlet = Code.servlet((request, response) -> response.getWriter().print(inherited.get()));
    try (var app = TestApp.start("", ServletContainer.builder().servlet("s", servlet, "/"))) {
      var connection = new FakeConnection(app.loop, true, false);
      app.onLoop(
          () -> {
            inherited.set("of the loop");
            app.begin(connection, "GET", "/", new HTTPHeaders()).finish();
            inherited.remove();
            return null;
          });
      assertThat(connection.await().text()).isEqualTo("null");
    }
  }
}
