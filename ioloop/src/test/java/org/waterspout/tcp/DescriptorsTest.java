// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.ioloop.RunningLoop.DEADLINE;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.ioloop.IOLoop;

/** A server in a process that runs out of descriptors. */
class DescriptorsTest {
  private static final int LIMIT = 150;
  private static final Duration OBSERVED = Duration.ofSeconds(2);
  private static final String OUTAGE = "WARNING: cannot accept connections on";
  private static final String RECOVERY = "INFO: accepting connections on";

  private Process process;
  private int port;
  private Path log;
  @TempDir Path folder;
  private final ArrayDeque<Socket> flood = new ArrayDeque<>();

  @BeforeEach
  void start() throws Exception {
    log = folder.resolve("log");
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command = "ulimit -n " + LIMIT + " && exec \"$@\"";
    process =
        new ProcessBuilder(
                "bash",
                "-c",
                command,
                "bash",
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                jar().toString(),
                FloodedServer.class.getName())
            .redirectError(log.toFile())
            .start();
    port = Integer.parseInt(process.inputReader(StandardCharsets.UTF_8).readLine());
  }

  /** As users have it: classes of a folder could not be loaded any more without descriptors. */
  private Path jar() throws Exception {
    var jar = folder.resolve("server.jar");
    int status =
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "-c",
                "-f",
                jar.toString(),
                "-C",
                folderOf(IOLoop.class),
                ".",
                "-C",
                folderOf(FloodedServer.class),
                "org");
    assertThat(status).isZero();
    return jar;
  }

  private static String folderOf(Class<?> type) throws Exception {
    var name = type.getName().replace('.', '/') + ".class";
    var file = Path.of(type.getResource("/" + name).toURI()).toString();
    return file.substring(0, file.length() - name.length());
  }

  @AfterEach
  void end() throws Exception {
    flood.forEach(DescriptorsTest::close);
    process.destroy();
    assertThat(process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Socket connect() throws IOException {
    var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
    socket.setSoTimeout((int) DEADLINE.toMillis());
    return socket;
  }

  private static void exchange(Socket socket) throws IOException {
    socket.getOutputStream().write(5);
    assertThat(socket.getInputStream().read()).isEqualTo(5);
  }

  private long processorMillis() {
    return process.toHandle().info().totalCpuDuration().orElseThrow().toMillis();
  }

  private List<String> logged(String text) throws IOException {
    return Files.readAllLines(log).stream().filter(line -> line.contains(text)).toList();
  }

  private String logText() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /**
   * It may find some descriptors, and run out of them again, until all of the flood is closed; and
   * it tells that it accepts again when there is somebody to accept.
   */
  private void waitForRecovery() throws IOException {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    do {
      assertThat(System.nanoTime()).as("no recovery in %s", log).isLessThan(deadline);
      try (var late = connect()) {
        exchange(late);
      }
    } while (logged(RECOVERY).size() < logged(OUTAGE).size());
  }

  private void waitForLog(String text, int count) throws IOException {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (logged(text).size() < count) {
      assertThat(System.nanoTime()).as("no \"%s\" in %s", text, log).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void aServerOutOfDescriptorsBacksOffAndRecovers() throws Exception {
    try (var early = connect()) {
      exchange(early);
      for (int outage = 1; outage <= 2; outage++) {
        int outages = logged(OUTAGE).size();
        while (flood.size() < LIMIT && logged(OUTAGE).size() == outages) {
          flood.add(connect()); // what is not accepted waits in the kernel's queue
        }
        waitForLog(OUTAGE, outages + 1);
        long before = processorMillis();
        assertThat(process.waitFor(OBSERVED.toMillis(), TimeUnit.MILLISECONDS))
            .as(() -> "the server has ended: " + logText())
            .isFalse();
        assertThat(processorMillis() - before)
            .as("ms of processor time in %s", OBSERVED)
            .isLessThan(OBSERVED.toMillis() / 4);
        assertThat(logged(OUTAGE)).as("one line, however often it tried").hasSize(outages + 1);
        exchange(early);
        flood.forEach(DescriptorsTest::close);
        flood.clear();
        waitForRecovery();
      }
    }
    assertThat(logged(OUTAGE).getFirst()).contains("Too many open files");
  }
}
