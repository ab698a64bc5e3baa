// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/** Listening sockets, and addresses. From any thread. Tornado: {@code tornado.netutil}. */
public final class NetUtil {
  private static final int TRIES = 10; // to find a port that is free for all addresses

  private NetUtil() {}

  /**
   * Listening, non-blocking sockets on one port of all addresses that a host name has, IPv4 first;
   * what {@link TCPServer#addSocket} takes. Looking a name up blocks. Tornado: {@code
   * bind_sockets}.
   *
   * @param port 0 for any that is free, the same for all addresses
   * @param host empty for all addresses of this machine, of both families: one socket, if the
   *     system has IPv6
   * @throws BindException if the port is taken; the message names address and port
   * @throws UnknownHostException if the host has no address of the wanted family
   */
  public static List<ServerSocketChannel> bindSockets(int port, String host, BindOptions options)
      throws IOException {
    var addresses = addressesOf(host, options.family());
    for (int i = 1; ; i++) {
      try {
        return bindAll(addresses, port, options);
      } catch (BindException e) {
        if (port != 0 || addresses.size() == 1 || i == TRIES) {
          throw e; // else the port that was free for one address was not for another
        }
      }
    }
  }

  /** A null stands for the address of all, which has the form of the socket's family. */
  private static List<@Nullable InetAddress> addressesOf(
      String host, @Nullable StandardProtocolFamily family) throws IOException {
    if (host.isEmpty()) {
      return Arrays.asList((InetAddress) null);
    }
    var literal = Literals.parse(host);
    var all = literal != null ? new InetAddress[] {literal} : SystemResolver.lookUp(host);
    var addresses = new ArrayList<@Nullable InetAddress>();
    Arrays.stream(all)
        .filter(address -> family == null || SystemResolver.familyOf(address) == family)
        .distinct()
        .sorted(Comparator.comparing(SystemResolver::familyOf))
        .forEach(addresses::add);
    if (host.equals("localhost") && addresses.size() > 1) {
      addresses.removeIf(address -> address instanceof Inet6Address && !isOurs(address));
    }
    if (addresses.isEmpty()) {
      throw new UnknownHostException(host + " has no address of the family " + family);
    }
    return addresses;
  }

  /** The hosts file may well give localhost an IPv6 address where IPv6 is switched off. */
  private static boolean isOurs(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      Log.GENERAL.log(Level.DEBUG, "looking for the interface of " + address, e);
      return true; // binding will tell
    }
  }

  static List<ServerSocketChannel> bindAll(
      List<? extends @Nullable InetAddress> addresses, int port, BindOptions options)
      throws IOException {
    var sockets = new ArrayList<ServerSocketChannel>();
    try {
      int chosen = port;
      for (var address : addresses) {
        var socket = bind(address, chosen, options);
        sockets.add(socket);
        chosen = ((InetSocketAddress) addressOf(socket)).getPort();
      }
      return sockets;
    } catch (IOException | RuntimeException e) {
      sockets.forEach(NetUtil::close);
      throw e;
    }
  }

  /** One socket on one address; null is the address of all. */
  static ServerSocketChannel bind(@Nullable InetAddress address, int port, BindOptions options)
      throws IOException {
    var socket = open(address, options.family());
    var where = new InetSocketAddress(address == null ? all(options.family()) : address, port);
    try {
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      if (options.reusePort()) {
        socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      socket.configureBlocking(false);
      socket.bind(where, options.backlog());
      return socket;
    } catch (BindException e) {
      close(socket);
      throw withAddress(e, where);
    } catch (IOException | RuntimeException e) {
      close(socket);
      throw e;
    }
  }

  private static ServerSocketChannel open(
      @Nullable InetAddress address, @Nullable StandardProtocolFamily family) throws IOException {
    if (address instanceof Inet4Address || family == StandardProtocolFamily.INET) {
      return ServerSocketChannel.open(StandardProtocolFamily.INET);
    }
    return ServerSocketChannel.open(); // of both families, if the system has both
  }

  private static InetAddress all(@Nullable StandardProtocolFamily family)
      throws UnknownHostException {
    return family == StandardProtocolFamily.INET
        ? InetAddress.getByAddress(new byte[4])
        : new InetSocketAddress(0).getAddress();
  }

  /** A further socket beside one that was bound with the same options, on its very address. */
  static ServerSocketChannel bindBeside(InetSocketAddress bound, BindOptions options)
      throws IOException {
    var address = bound.getAddress();
    var all = address instanceof Inet6Address && address.isAnyLocalAddress();
    return bind(all ? null : address, bound.getPort(), options);
  }

  /**
   * A listening, non-blocking socket on a path of the file system. A socket file that nobody
   * listens on any more is replaced. Tornado: {@code bind_unix_socket}.
   *
   * <p>From the first moment on, only those can connect who are to. The socket is bound in a folder
   * that is made for it beside the file, and then put in its place: its own address names that
   * folder, and the path has to be ten bytes shorter than the system's limit for sockets.
   *
   * @param mode who may connect: on Linux, who may write to the file
   * @throws BindException if a server listens there, or starts to at the same time, there is a file
   *     that is no socket, or the folder does not let us
   */
  public static ServerSocketChannel bindUnixSocket(
      Path file, Set<PosixFilePermission> mode, int backlog) throws IOException {
    return UnixSocketFiles.bind(file, mode, backlog);
  }

  private static BindException withAddress(BindException e, InetSocketAddress address) {
    var named =
        new BindException(
            "cannot listen on "
                + address.getAddress().getHostAddress()
                + " port "
                + address.getPort()
                + ": "
                + e.getMessage());
    named.initCause(e);
    return named;
  }

  /** Whether a text is an IPv4 or IPv6 address in its usual form. Tornado: {@code is_valid_ip}. */
  public static boolean isValidIp(String text) {
    return Literals.parse(text) != null;
  }

  /** Where a socket that is bound and open listens. */
  static SocketAddress addressOf(ServerSocketChannel socket) {
    try {
      return socket.getLocalAddress();
    } catch (IOException e) {
      throw new UncheckedIOException("the socket is closed", e);
    }
  }

  static void close(ServerSocketChannel socket) {
    try {
      socket.close();
    } catch (IOException e) {
      Log.GENERAL.log(Level.WARNING, "closing a listening socket", e);
    }
  }
}
