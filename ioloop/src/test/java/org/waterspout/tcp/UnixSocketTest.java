// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.ioloop.RunningLoop;

class UnixSocketTest {
  private RunningLoop running;
  private TCPServer server;
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop();
    server = HandlerServer.echoOn(running.loop);
    file = folder.resolve("s");
  }

  @AfterEach
  void close() throws Exception {
    server.stop();
    running.close();
  }

  private SocketChannel connect() throws Exception {
    return SocketChannel.open(UnixDomainSocketAddress.of(file));
  }

  private static void exchange(SocketChannel socket) throws Exception {
    assertThat(socket.write(ByteBuffer.wrap(new byte[] {1, 2, 3}))).isEqualTo(3);
    var answer = ByteBuffer.allocate(3);
    while (answer.hasRemaining()) {
      assertThat(socket.read(answer)).isPositive();
    }
    assertThat(answer.array()).containsExactly(1, 2, 3);
  }

  @Test
  void servesOnAPath() throws Exception {
    server.listen(file);
    try (var socket = connect()) {
      exchange(socket);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThatIllegalStateException().isThrownBy(server::port);
  }

  @Test
  void theModeCanBeChosen() throws Exception {
    server.listen(file, PosixFilePermissions.fromString("rw-rw----"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-rw----");
  }

  @Test
  void stopRemovesTheFileAndKeepsTheConnections() throws Exception {
    server.listen(file);
    try (var socket = connect()) {
      exchange(socket);
      server.stop();
      assertThat(file).doesNotExist();
      exchange(socket);
    }
  }

  @Test
  void stopLeavesAFileAloneThatIsNoLongerTheServers() throws Exception {
    server.listen(file);
    Files.delete(file);
    try (var other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.bind(UnixDomainSocketAddress.of(file));
      server.stop();
      assertThat(file).exists();
    }
  }

  @Test
  void aLateStopLeavesAFileAloneThatAnotherServerHasPutThere() throws Exception {
    for (int i = 0; i < 50; i++) { // the file of the other may get the inode of ours
      var late = HandlerServer.echoOn(running.loop);
      var socket = NetUtil.bindUnixSocket(file, PosixFilePermissions.fromString("rw-------"), 1);
      late.addSocket(socket);
      socket.close();
      running.turns(2); // it is really closed only then
      Files.delete(file);
      try (var other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        other.bind(UnixDomainSocketAddress.of(file));
        late.stop();
        running.turns(1);
        assertThat(file).exists();
      }
      Files.delete(file);
    }
  }

  @Test
  void theFileGoesWithTheLoop() throws Exception {
    server.listen(file);
    running.close();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void nothingElseIsLeftInTheFolder() throws Exception {
    server.listen(file);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
    var second = HandlerServer.echoOn(running.loop);
    assertThatExceptionOfType(BindException.class).isThrownBy(() -> second.listen(file));
    server.stop();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aPathWhereAServerListensIsTaken() throws Exception {
    server.listen(file);
    var second = HandlerServer.echoOn(running.loop);
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> second.listen(file))
        .withMessageContaining(file.toString());
    try (var socket = connect()) {
      exchange(socket);
    }
  }
}
