// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.web.Application.mount;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextAttributeEvent;
import jakarta.servlet.ServletContextAttributeListener;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.HttpConstraint;
import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.annotation.ServletSecurity;
import jakarta.servlet.http.HttpServlet;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs before an application serves: initializers and context listeners, and their ends. */
class InitializerTest {
  private final List<String> events = new ArrayList<>();

  @TempDir Path temp;

  private static ServletContextListener whenUp(java.util.function.Consumer<ServletContext> task) {
    return new ServletContextListener() {
      @Override
      public void contextInitialized(ServletContextEvent event) {
        task.accept(event.getServletContext());
      }
    };
  }

  private ServletContainerInitializer recording(String name) {
    return (classes, context) -> {
      events.add(name + " " + classes);
      context.setAttribute(name, classes == null ? "none" : "some");
    };
  }

  @Test
  void runsInitializersBeforeAnyListener() throws Exception {
    var builder =
        ServletContainer.builder()
            .initializer(recording("one"))
            .initializer(recording("two"), String.class)
            .listener(
                (ServletContextAttributeListener)
                    new ServletContextAttributeListener() {
                      @Override
                      public void attributeAdded(ServletContextAttributeEvent event) {
                        events.add("attribute " + event.getName());
                      }
                    })
            .listener(
                whenUp(
                    context -> {
                      events.add("listener sees " + context.getAttribute("two"));
                      context.setAttribute("three", 3);
                    }));
    try (var _ = TestApp.start("", builder)) {
      assertThat(events)
          .containsExactly(
              "one null", "two [class java.lang.String]", "listener sees some", "attribute three");
    }
  }

  /** What a listener that was added by code may not do. */
  public static final class Limited implements ServletContextListener {
    private static final AtomicReference<String> FOUND = new AtomicReference<>();

    @Override
    public void contextInitialized(ServletContextEvent event) {
      ServletContext context = event.getServletContext();
      List<Runnable> calls =
          List.of(
              () -> context.addServlet("x", "X"),
              () -> context.addFilter("x", "X"),
              () -> context.addListener("X"),
              () -> context.addJspFile("x", "/x.jsp"),
              () -> context.getServletRegistration("x"),
              context::getServletRegistrations,
              () -> context.getFilterRegistration("x"),
              context::getFilterRegistrations,
              context::getSessionCookieConfig,
              () -> context.setSessionTrackingModes(Set.of()),
              () -> context.setInitParameter("x", "y"),
              () -> context.declareRoles("x"),
              () -> context.setSessionTimeout(1),
              () -> context.setRequestCharacterEncoding("UTF-8"),
              () -> context.setResponseCharacterEncoding("UTF-8"));
      for (int i = 0; i < calls.size(); i++) {
        Runnable call = calls.get(i);
        assertThatThrownBy(call::run)
            .as("call " + i)
            .isInstanceOf(UnsupportedOperationException.class)
            .hasMessageContaining("added by code");
      }
      assertThatThrownBy(() -> context.createServlet(HttpServlet.class))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThat(context.getEffectiveMajorVersion()).isEqualTo(6);
      assertThat(context.getEffectiveSessionTrackingModes())
          .isEqualTo(context.getDefaultSessionTrackingModes());
      assertThat(context.getClassLoader()).isNotNull();
      assertThat(context.getSessionTimeout()).isEqualTo(30);
      assertThat(context.getRequestCharacterEncoding()).isNull();
      context.setAttribute("mine", "allowed");
      FOUND.set(context.getContextPath() + " " + context.getAttribute("mine"));
    }
  }

  @Test
  void letsAnInitializerHaveItsClassesToItself() throws Exception {
    ServletContainerInitializer mojarra =
        (classes, context) -> {
          classes.remove(String.class);
          events.add(String.valueOf(classes));
        };
    var builder = ServletContainer.builder().initializer(mojarra, String.class, Integer.class);
    try (var _ = TestApp.start("", builder)) {
      assertThat(events).containsExactly("[class java.lang.Integer]");
    }
  }

  @Test
  void limitsContextListenersThatInitializersAdd() throws Exception {
    ServletContainerInitializer adding = (_, context) -> context.addListener(new Limited());
    var builder =
        ServletContainer.builder()
            .onStartFailure(OnStartFailure.FAIL)
            .initializer(adding)
            .listener(whenUp(context -> events.add("declared " + context.getSessionTimeout())));
    try (var _ = TestApp.start("/x", builder)) {
      assertThat(events).containsExactly("declared 30");
      assertThat(Limited.FOUND.getAndSet(null)).isEqualTo("/x allowed");
    }
  }

  /** Nobody ever tells it anything. */
  public static final class Other implements EventListener {}

  @Test
  void takesNoListenerOfAnotherKind() throws Exception {
    ServletContainerInitializer adding =
        (_, context) -> {
          assertThatThrownBy(() -> context.addListener(new EventListener() {}))
              .isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> context.createListener(Other.class))
              .isInstanceOf(IllegalArgumentException.class);
          assertThat(context.createListener(Limited.class)).isNotNull();
          assertThat(context.getServletContextName()).isNull();
        };
    var builder =
        ServletContainer.builder().onStartFailure(OnStartFailure.FAIL).initializer(adding);
    TestApp.start("", builder).close();
  }

  /** A servlet that names its own limits. */
  @MultipartConfig(maxFileSize = 10)
  public static final class Upload extends HttpServlet {
    private static final long serialVersionUID = 1L;
  }

  /** A servlet that must not be served without what it asks for. */
  @ServletSecurity(@HttpConstraint(rolesAllowed = "admin"))
  public static class Guarded extends HttpServlet {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void refusesToAddAServletThatIsToBeGuarded() throws Exception {
    var builder =
        ServletContainer.builder()
            .onStartFailure(OnStartFailure.FAIL)
            .listener(
                whenUp(
                    context -> {
                      assertThatThrownBy(() -> context.addServlet("a", Guarded.class))
                          .isInstanceOf(UnsupportedOperationException.class);
                      assertThatThrownBy(() -> context.addServlet("b", Guarded.class.getName()))
                          .isInstanceOf(UnsupportedOperationException.class);
                      assertThatThrownBy(
                              () -> context.addServlet("c", context.createServlet(Guarded.class)))
                          .isInstanceOf(UnsupportedOperationException.class);
                      assertThat(context.addServlet("d", Upload.class)).isNotNull();
                      events.add("checked");
                    }));
    TestApp.start("", builder).close();
    assertThat(events).containsExactly("checked");
    assertThatThrownBy(() -> ServletContainer.builder().servlet(Guarded.class, "/guarded"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("security constraints");
  }

  @Test
  void servesItUnguardedIfTheMountSaysSo() throws Exception {
    var builder =
        ServletContainer.builder()
            .onStartFailure(OnStartFailure.FAIL)
            .ignoreSecurity()
            .servlet(Guarded.class, "/guarded")
            .listener(
                whenUp(context -> context.addServlet("own", Guarded.class).setRunAsRole("admin")));
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/guarded").status()).as("it has no doGet").isEqualTo(405);
    }
  }

  @Test
  void hasADirectoryForTemporaryFilesUntilItsEnd() throws Exception {
    var directory = new AtomicReference<File>();
    var builder =
        ServletContainer.builder()
            .workDirectory(temp.resolve("work"))
            .listener(
                whenUp(
                    context -> directory.set((File) context.getAttribute(ServletContext.TEMPDIR))));
    try (var _ = TestApp.start("", builder)) {
      assertThat(directory.get()).isEmptyDirectory();
      assertThat(directory.get().toPath()).startsWith(temp.resolve("work").toRealPath());
      Files.writeString(directory.get().toPath().resolve("left"), "x");
    }
    assertThat(directory.get()).doesNotExist();
  }

  @Test
  void answers503ForAnApplicationThatDoesNotStartAndServesTheOthers() throws Exception {
    ServletContainerInitializer failing =
        (_, _) -> {
          throw new ServletException("on purpose");
        };
    var bad =
        ServletContainer.builder().workDirectory(temp.resolve("work")).initializer(failing).build();
    var good =
        ServletContainer.builder()
            .servlet("s", Code.servlet((_, response) -> response.getWriter().print("good")), "/")
            .build();
    var worse =
        ServletContainer.builder()
            .workDirectory(temp.resolve("work"))
            .listener(
                whenUp(
                    _ -> {
                      throw new AssertionError("on purpose");
                    }))
            .build();
    try (var server =
        new BridgeServer(mount("/bad", bad), mount("/worse", worse), mount("/good", good))) {
      assertThat(server.get("/worse/x").statusCode()).isEqualTo(503);
      assertThat(server.get("/bad/x").statusCode()).isEqualTo(503);
      assertThat(server.post("/bad", "a=b").statusCode()).isEqualTo(503);
      assertThat(server.get("/good/x").body()).isEqualTo("good");
    }
    assertThat(temp.resolve("work/temp")).isEmptyDirectory();
  }

  @Test
  void namesWhatFailedWhereTheStartIsToFail() {
    ServletContainerInitializer failing =
        (_, _) -> {
          throw new IllegalStateException("on purpose");
        };
    var builder =
        ServletContainer.builder().onStartFailure(OnStartFailure.FAIL).initializer(failing);
    assertThatThrownBy(() -> TestApp.start("", builder))
        .hasMessageContaining(getClass().getName())
        .hasMessageContaining("on purpose");
  }
}
