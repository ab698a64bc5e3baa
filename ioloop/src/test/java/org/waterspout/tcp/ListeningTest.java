// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.BindException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.ioloop.RunningLoop;
import org.waterspout.iostream.IOStream;

/** A server is told where it listens. */
class ListeningTest {
  private static final String HOST = "127.0.0.1";

  private final List<String> told = new CopyOnWriteArrayList<>();
  private RunningLoop running;
  private TCPServer server;
  @TempDir Path folder;

  private final class Telling extends TCPServer {
    @Override
    protected void handleStream(IOStream stream, SocketAddress address) {}

    @Override
    protected void listening(SocketAddress address, int loops) {
      told.add(address + " " + loops);
    }
  }

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop();
    server = running.call(Telling::new);
  }

  @AfterEach
  void close() throws Exception {
    server.stop();
    running.close();
  }

  @Test
  void withEachPort() throws Exception {
    server.listen(0, HOST);
    assertThat(told).containsExactly("/127.0.0.1:" + server.port() + " 1");
    server.listen(0, HOST);
    assertThat(told).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void withThePathOfAUnixSocket() throws Exception {
    server.listen(folder.resolve("s"));
    assertThat(told).containsExactly(folder.resolve("s") + " 1");
  }

  @Test
  void onceForAllLoopsWhenItIsStarted() throws Exception {
    server.bind(0, HOST);
    server.bind(folder.resolve("s"));
    assertThat(told).isEmpty();
    int port = server.port();
    running.run(() -> server.start(3));
    assertThat(told).containsExactly("/127.0.0.1:" + port + " 3", folder.resolve("s") + " 3");
  }

  @Test
  void notIfItCannot() throws Exception {
    server.listen(folder.resolve("s"));
    told.clear();
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> server.listen(folder.resolve("s")));
    assertThat(told).isEmpty();
  }
}
