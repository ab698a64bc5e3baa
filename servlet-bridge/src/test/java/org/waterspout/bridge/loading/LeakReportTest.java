// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.loading;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.bridge.Compiled;

class LeakReportTest {
  private static final String DRIVER =
      """
      package app;

      import java.sql.*;
      import java.util.Properties;
      import java.util.logging.Logger;

      public class LeftDriver implements Driver {
        static {
          try {
            DriverManager.registerDriver(new LeftDriver());
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        }

        public Connection connect(String url, Properties info) { return null; }
        public boolean acceptsURL(String url) { return false; }
        public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
          return new DriverPropertyInfo[0];
        }
        public int getMajorVersion() { return 1; }
        public int getMinorVersion() { return 0; }
        public boolean jdbcCompliant() { return false; }
        public Logger getParentLogger() { return null; }
      }
      """;

  @TempDir Path temp;

  private WarClassLoader loader() throws Exception {
    Path classes = Compiled.classes(temp.resolve("classes"), Map.of("app.LeftDriver", DRIVER));
    ClassLoader host = LeakReportTest.class.getClassLoader();
    return new WarClassLoader("leaking", List.of(classes), host, Visibility.DEFAULT);
  }

  @Test
  void deregistersTheDriversThatAnApplicationLeaves() throws Exception {
    int before = Collections.list(DriverManager.getDrivers()).size();
    var collected = new ReferenceQueue<ClassLoader>();
    WeakReference<ClassLoader> held = runAndEnd(collected);

    assertThat(Collections.list(DriverManager.getDrivers())).hasSize(before);
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    do {
      System.gc();
    } while (collected.remove(100) == null && System.nanoTime() < deadline);
    assertThat(held.get()).as("the loader is still reachable").isNull();
  }

  private WeakReference<ClassLoader> runAndEnd(ReferenceQueue<ClassLoader> collected)
      throws Exception {
    try (WarClassLoader loader = loader()) {
      Class.forName("app.LeftDriver", true, loader);

      LeakReport report = LeakReport.of(loader);

      assertThat(report.drivers()).containsExactly("app.LeftDriver");
      assertThat(report.threads()).isEmpty();
      assertThat(report.lines()).singleElement().asString().contains("app.LeftDriver");
      return new WeakReference<>(loader, collected);
    }
  }

  @Test
  void namesTheThreadsThatKeepTheLoader() throws Exception {
    var release = new CountDownLatch(1);
    try (WarClassLoader loader = loader()) {
      Thread thread = Thread.ofPlatform().name("left\nbehind").unstarted(() -> await(release));
      thread.setContextClassLoader(new ClassLoader(loader) {});
      thread.start();
      try {
        assertThat(LeakReport.of(loader).lines())
            .singleElement()
            .asString()
            .contains("left?behind")
            .doesNotContain("\n");
      } finally {
        release.countDown();
        thread.join(Duration.ofSeconds(20));
      }
    }
    try (WarClassLoader other = loader()) {
      assertThat(LeakReport.of(other).lines()).isEmpty();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
