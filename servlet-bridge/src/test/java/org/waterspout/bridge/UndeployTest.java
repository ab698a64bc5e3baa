// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a WAR when it has been stopped: nothing that keeps its classes. */
class UndeployTest {
  /** Leaves behind what applications leave behind. */
  private static final String USER =
      """
      package app;

      import jakarta.servlet.*;
      import jakarta.servlet.annotation.*;
      import jakarta.servlet.http.*;
      import java.io.*;
      import java.sql.*;
      import java.util.*;

      @WebServlet(value = "/use", loadOnStartup = 1)
      public class User extends HttpServlet implements Driver, Serializable {
        private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();

        public void init() throws ServletException {
          LOCAL.set(new User());
          try {
            DriverManager.registerDriver(new User());
          } catch (SQLException e) {
            throw new ServletException(e);
          }
        }

        protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
          LOCAL.set(new User());
          request.getSession().setAttribute("user", new User());
          getServletContext().setAttribute("user", new User());
          response.getWriter().print(ResourceBundle.getBundle("app.texts").getString("text"));
          new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(new User());
          if (request.getParameter("timer") != null) {
            new Timer("left timer", true);
          }
        }

        public void destroy() {
          LOCAL.set(new User());
        }

        public Connection connect(String url, Properties info) { return null; }
        public boolean acceptsURL(String url) { return false; }
        public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
          return new DriverPropertyInfo[0];
        }
        public int getMajorVersion() { return 1; }
        public int getMinorVersion() { return 0; }
        public boolean jdbcCompliant() { return false; }
        public java.util.logging.Logger getParentLogger() { return null; }
      }
      """;

  @TempDir Path temp;

  private ServletContainer.Builder builder() throws Exception {
    Path packed =
        new TestWar(temp.resolve("leaving"))
            .source("app.User", USER)
            .file("WEB-INF/classes/app/texts.properties", "text=hello")
            .library("1.jar", Map.of("META-INF/resources/x.txt", "x"), Map.of())
            .packed();
    return ServletContainer.builder()
        .war(packed)
        .workDirectory(temp.resolve("work"))
        .onStartFailure(OnStartFailure.FAIL);
  }

  @Test
  void letsItsClassesBeCollectedWhileTheMountIsKept() throws Exception {
    var collected = new ReferenceQueue<ClassLoader>();
    var held = new AtomicReference<WeakReference<ClassLoader>>();
    ServletContextListener seen =
        new ServletContextListener() {
          @Override
          public void contextInitialized(ServletContextEvent event) {
            ClassLoader loader = event.getServletContext().getClassLoader();
            held.set(new WeakReference<>(loader, collected));
          }
        };
    try (var app = TestApp.start("/x", builder().listener(seen))) {
      assertThat(app.get("/x/x.txt").text()).isEqualTo("x");
      assertThat(app.get("/x/use").text()).isEqualTo("hello");
      assertThat(held.get().get()).isNotNull();
      app.stopContainer();
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      do {
        System.gc();
      } while (collected.remove(100) == null && System.nanoTime() < deadline);
      assertThat(held.get().get()).as("the loader is still reachable").isNull();
      assertThat(app.get("/x/use").status()).as("nothing is there any more").isEqualTo(503);
    }
  }

  @Test
  void saysWhatStillHoldsThem() throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            lines.add(java.text.MessageFormat.format(record.getMessage(), record.getParameters()));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    try (var app = TestApp.start("/x", builder())) {
      assertThat(app.get("/x/use?timer").text()).isEqualTo("hello");
      app.stopContainer();
    } finally {
      root.removeHandler(handler);
    }
    assertThat(lines)
        .anySatisfy(line -> assertThat(line).contains("leaving.war", "JDBC driver app.User"))
        .anySatisfy(line -> assertThat(line).contains("leaving.war", "left timer"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .as("two servlets of its own, and the one for pages")
                    .contains("mounted at \"/x\"", "leaving.war", "3 servlets"));
  }
}
