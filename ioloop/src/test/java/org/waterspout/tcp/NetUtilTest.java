// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import static java.net.StandardProtocolFamily.INET;
import static java.net.StandardProtocolFamily.INET6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetUtilTest {
  private static final BindOptions DEFAULTS = BindOptions.defaults();
  private static final InetAddress FOUR = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress SIX = InetAddress.ofLiteral("::1");
  private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rw-------");

  private final List<ServerSocketChannel> open = new ArrayList<>();
  @TempDir Path folder;

  @AfterEach
  void close() {
    open.forEach(NetUtil::close);
  }

  private List<ServerSocketChannel> bind(int port, String host, BindOptions options)
      throws IOException {
    var sockets = NetUtil.bindSockets(port, host, options);
    open.addAll(sockets);
    return sockets;
  }

  private static int port(ServerSocketChannel socket) {
    return socket.socket().getLocalPort();
  }

  private static void assumeIPv6() throws IOException {
    assumeThat(NetworkInterface.getByInetAddress(SIX)).as("IPv6 is on").isNotNull();
  }

  // ---- ports

  @Test
  void noHostMeansAllAddressesOfBothFamilies() throws Exception {
    var sockets = bind(0, "", DEFAULTS);
    assertThat(sockets).hasSize(1);
    try (var socket = new Socket(FOUR, port(sockets.getFirst()))) {
      assertThat(socket.isConnected()).isTrue();
    }
    assumeIPv6();
    try (var socket = new Socket(SIX, port(sockets.getFirst()))) {
      assertThat(socket.isConnected()).isTrue();
    }
  }

  @Test
  void oneFamilyMeansThatFamilyOnly() throws Exception {
    var sockets = bind(0, "", DEFAULTS.withFamily(INET));
    var address = (InetSocketAddress) sockets.getFirst().getLocalAddress();
    assertThat(address.getAddress().getHostAddress()).isEqualTo("0.0.0.0");
    assumeIPv6();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new Socket(SIX, address.getPort()).close());
  }

  @Test
  void aNamesAddressesAreBoundOnTheSamePort() throws Exception {
    assumeIPv6();
    var sockets = NetUtil.bindAll(List.of(FOUR, SIX), 0, DEFAULTS);
    open.addAll(sockets);
    assertThat(sockets).hasSize(2).extracting(NetUtilTest::port).allMatch(p -> p > 0).hasSize(2);
    assertThat(port(sockets.get(0))).isEqualTo(port(sockets.get(1)));
  }

  @Test
  void ifOneAddressFailsTheOthersAreFreedAgain() throws Exception {
    assumeIPv6();
    var both = NetUtil.bindAll(List.of(FOUR, SIX), 0, DEFAULTS);
    open.addAll(both);
    NetUtil.close(both.getFirst());
    int port = port(both.getLast());
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> NetUtil.bindAll(List.of(FOUR, SIX), port, DEFAULTS));
    assertThat(bind(port, "127.0.0.1", DEFAULTS)).hasSize(1);
  }

  @Test
  void localhostIsBoundWhateverItsAddresses() throws Exception {
    assertThat(bind(0, "localhost", DEFAULTS))
        .isNotEmpty()
        .allMatch(
            it -> ((InetSocketAddress) NetUtil.addressOf(it)).getAddress().isLoopbackAddress());
  }

  @Test
  void aTakenPortIsAnErrorThatNamesIt() throws Exception {
    for (String host : new String[] {"", "127.0.0.1"}) {
      int port = port(bind(0, host, DEFAULTS).getFirst());
      assertThatExceptionOfType(BindException.class)
          .isThrownBy(() -> bind(port, host, DEFAULTS))
          .withMessageContaining("port " + port);
    }
  }

  @Test
  void aPortIsSharedOnlyByThoseWhoAllSaySo() throws Exception {
    var shared = DEFAULTS.withReusePort(true);
    int port = port(bind(0, "127.0.0.1", shared).getFirst());
    assertThat(port(bind(port, "127.0.0.1", shared).getFirst())).isEqualTo(port);
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> bind(port, "127.0.0.1", DEFAULTS));
  }

  @Test
  void aHostWithoutAnAddressOfTheFamilyIsUnknown() {
    assertThatExceptionOfType(UnknownHostException.class)
        .isThrownBy(() -> bind(0, "127.0.0.1", DEFAULTS.withFamily(INET6)))
        .withMessageContaining("127.0.0.1");
  }

  @Test
  void optionsAreChecked() {
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withBacklog(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withFamily(StandardProtocolFamily.UNIX));
  }

  // ---- paths

  private ServerSocketChannel bindUnix(Path file) throws IOException {
    var socket = NetUtil.bindUnixSocket(file, OURS, 128);
    open.add(socket);
    return socket;
  }

  private static void connect(Path file) throws IOException {
    try (var socket = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      assertThat(socket.isConnected()).isTrue();
    }
  }

  @Test
  void aUnixSocketHasItsMode() throws Exception {
    var file = folder.resolve("s");
    bindUnix(file);
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(OURS);
    connect(file);
  }

  @Test
  void aUnixSocketHasItsModeFromTheFirstMoment() throws Exception {
    var file = folder.resolve("s");
    var seen = ConcurrentHashMap.<Set<PosixFilePermission>>newKeySet();
    var end = new AtomicBoolean();
    var watcher =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!end.get()) {
                    try {
                      seen.add(Files.getPosixFilePermissions(file));
                    } catch (IOException e) {
                      Thread.onSpinWait(); // not there right now
                    }
                  }
                });
    for (int i = 0; i < 500 || seen.isEmpty(); i++) {
      var socket = bindUnix(file);
      UnixSocketFiles.removeFileOf(socket);
      NetUtil.close(socket);
    }
    end.set(true);
    watcher.join();
    assertThat(seen).containsExactly(OURS);
  }

  @Test
  void ofTwoWhoReplaceAStaleFileAtOnceOneLoses() throws Exception {
    var file = folder.resolve("s");
    for (int i = 0; i < 100; i++) {
      NetUtil.close(bindUnix(file)); // leaves the file
      var results = new LinkedBlockingQueue<Object>();
      var together = new CyclicBarrier(2);
      for (int n = 0; n < 2; n++) {
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    together.await();
                    results.add(NetUtil.bindUnixSocket(file, OURS, 128));
                  } catch (Throwable e) {
                    results.add(e);
                  }
                });
      }
      var both = List.of(results.take(), results.take());
      assertThat(both).hasOnlyElementsOfTypes(ServerSocketChannel.class, BindException.class);
      assertThat(both).filteredOn(BindException.class::isInstance).hasSize(1);
      for (var result : both) {
        if (result instanceof ServerSocketChannel winner) {
          open.add(winner);
          connect(file);
          assertThat(winner.accept()).as("the connection is the winner's").isNotNull();
          NetUtil.close(winner);
        }
      }
    }
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void saysThatThereIsNoPermission() throws Exception {
    var closed = Files.createDirectory(folder.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeThat(Files.isWritable(closed)).as("this user may do anything").isFalse();
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> bindUnix(closed.resolve("s")))
        .withMessageContaining("cannot listen on " + closed.resolve("s"))
        .withMessageContaining("no permission");
    var file = folder.resolve("s");
    bindUnix(file);
    Files.setPosixFilePermissions(file, Set.of());
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> bindUnix(file))
        .withMessageContaining("cannot listen on " + file)
        .withMessageContaining("Permission denied");
  }

  @Test
  void aStaleSocketFileIsReplaced() throws Exception {
    var file = folder.resolve("s");
    NetUtil.close(bindUnix(file));
    assertThat(file).exists();
    bindUnix(file);
    connect(file);
  }

  @Test
  void aSocketThatSomebodyListensOnIsNotReplaced() throws Exception {
    var file = folder.resolve("s");
    bindUnix(file);
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> bindUnix(file))
        .withMessageContaining(file.toString())
        .withMessageContaining("a server listens there");
    connect(file);
  }

  @Test
  void aFileThatIsNoSocketIsNotReplaced() throws Exception {
    var file = Files.writeString(folder.resolve("s"), "precious");
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> bindUnix(file))
        .withMessageContaining("no socket");
    var link = Files.createSymbolicLink(folder.resolve("link"), file);
    assertThatExceptionOfType(BindException.class).isThrownBy(() -> bindUnix(link));
    assertThat(file).content().isEqualTo("precious");
  }

  @Test
  void aPathThatCannotBeBoundIsNamed() {
    for (var file : List.of(folder.resolve("x".repeat(120)), folder.resolve("missing/s"))) {
      assertThatExceptionOfType(BindException.class)
          .isThrownBy(() -> bindUnix(file))
          .withMessageContaining(file.toString());
    }
  }
}
