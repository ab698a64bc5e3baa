// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.bridge.TestWar.mapping;
import static org.waterspout.bridge.TestWar.parameter;
import static org.waterspout.bridge.TestWar.servlet;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who serves pages, when they are compiled, and what is left of them. */
class JspLifeTest {
  private static final String BEAN =
      "package app; public class Bean { public String getName() { return \"bean\"; } }";

  @TempDir Path temp;

  private ServletContainer.Builder builder(Path war) {
    return ServletContainer.builder()
        .war(war)
        .workDirectory(temp.resolve("work"))
        .onStartFailure(OnStartFailure.FAIL);
  }

  private TestWar war() {
    return new TestWar(temp.resolve("war"));
  }

  @Test
  void leavesPagesToTheServletThatTheWarHasForThem() throws Exception {
    var war =
        war()
            .webXml(
                servlet("jsp", "app.Own", "")
                    + mapping("jsp", "*.jsp")
                    + "<jsp-config><jsp-property-group><url-pattern>/also/*</url-pattern>"
                    + "</jsp-property-group></jsp-config>")
            .source(
                "app.Own",
                """
                package app;

                import jakarta.servlet.http.*;

                public class Own extends HttpServlet {
                  protected void doGet(HttpServletRequest request, HttpServletResponse response)
                      throws java.io.IOException {
                    response.getWriter().print("own " + request.getServletPath());
                  }
                }
                """)
            .file("a.jsp", "${1}")
            .file("b.jspx", "<x>${1 + 1}</x>");
    try (var app = TestApp.start("", builder(war.root))) {
      assertThat(app.get("/a.jsp").text()).isEqualTo("own /a.jsp");
      assertThat(app.get("/also/x").text()).isEqualTo("own /also");
      assertThat(app.get("/b.jspx").text()).endsWith("<x>2</x>");
    }
  }

  @Test
  void readsPagesAgainAsTheParametersOfTheWarSay() throws Exception {
    var war =
        war()
            .webXml(
                servlet(
                    "jsp",
                    "org.apache.jasper.servlet.JspServlet",
                    parameter("init-param", "modificationTestInterval", "0")))
            .file("a.jsp", "first");
    try (var app = TestApp.start("", builder(war.root))) {
      assertThat(app.get("/a.jsp").text()).isEqualTo("first");
      war.file("a.jsp", "second");
      Files.setLastModifiedTime(
          war.root.resolve("a.jsp"), FileTime.fromMillis(System.currentTimeMillis() + 10_000));
      assertThat(app.get("/a.jsp").text()).isEqualTo("second");
    }
  }

  @Test
  void compilesAPageOnceForAllWhoAskAtTheSameTime() throws Exception {
    var war =
        war().webXml("").file("a.jsp", "<%! int count; %><% synchronized (this) { count++; } %>ok");
    var together = new CyclicBarrier(8);
    try (var app = TestApp.start("", builder(war.packed()));
        var threads = Executors.newFixedThreadPool(8)) {
      List<Callable<String>> requests =
          Stream.generate(
                  () ->
                      (Callable<String>)
                          () -> {
                            together.await(20, TimeUnit.SECONDS);
                            return app.get("/a.jsp").text();
                          })
              .limit(8)
              .toList();
      for (var answer : threads.invokeAll(requests)) {
        assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("ok");
      }
      assertThat(generated()).containsOnlyOnce("a_jsp.class");
    }
  }

  private String generated() throws Exception {
    try (Stream<Path> files = Files.walk(temp.resolve("work/temp"))) {
      return files.map(Path::toString).collect(Collectors.joining("\n"));
    }
  }

  @Test
  void compilesWithoutRunningWhenItIsAskedTo() throws Exception {
    var war = war().file("a.jsp", "<% System.setProperty(\"waterspout.test.ran\", \"x\"); %>ran");
    try (var app = TestApp.start("", builder(war.root))) {
      Answer answer = app.get("/a.jsp?jsp_precompile=true");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEmpty();
      assertThat(System.getProperty("waterspout.test.ran")).isNull();
      assertThat(generated()).contains("a_jsp.class");
    }
  }

  @Test
  void leavesNothingOfAnApplicationThatHasEnded() throws Exception {
    var collected = new ReferenceQueue<ClassLoader>();
    var held = runAndEnd(collected);
    assertThat(held).isNotNull();
    clearSoftReferences();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    do {
      System.gc();
    } while (collected.remove(100) == null && System.nanoTime() < deadline);
    assertThat(held.get()).as("the class loader").isNull();
    assertThat(temp.resolve("work/temp")).isEmptyDirectory();
  }

  /** The JDK's java.beans holds what it knows of a bean's class softly. */
  private static void clearSoftReferences() {
    long heap = Runtime.getRuntime().maxMemory();
    try {
      long[] tooMuch = new long[(int) Math.min(Integer.MAX_VALUE - 8, heap / Long.BYTES)];
      Reference.reachabilityFence(tooMuch);
    } catch (OutOfMemoryError e) {
      assertThat(e).as("soft references are cleared before").isNotNull();
    }
  }

  private @Nullable WeakReference<ClassLoader> runAndEnd(ReferenceQueue<ClassLoader> collected)
      throws Exception {
    var war =
        war()
            .source("app.Bean", BEAN)
            .file("WEB-INF/tags/box.tag", "[<jsp:doBody/>]")
            .file(
                "a.jsp",
                "<%@ taglib prefix='t' tagdir='/WEB-INF/tags' %><%@ page import='app.Bean' %>"
                    + "<jsp:useBean id='bean' class='app.Bean' scope='session'/>"
                    + "<t:box>${bean.name} ${[1, 2].stream().map(n -> n + 1).toList()}</t:box>")
            .file("bad.jsp", "<% app.Bean b = 1; %>");
    var holder = new LoaderListener(collected);
    try (var app = TestApp.start("", builder(war.root).listener(holder))) {
      assertThat(app.get("/a.jsp").text()).isEqualTo("[bean [2, 3]]");
      assertThat(app.get("/bad.jsp").status()).isEqualTo(500);
    }
    return holder.loader;
  }

  private static final class LoaderListener implements ServletContextListener {
    private final ReferenceQueue<ClassLoader> collected;
    private @Nullable WeakReference<ClassLoader> loader;

    LoaderListener(ReferenceQueue<ClassLoader> collected) {
      this.collected = collected;
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
      loader = new WeakReference<>(event.getServletContext().getClassLoader(), collected);
    }
  }
}
