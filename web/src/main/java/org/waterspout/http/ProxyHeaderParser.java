// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.waterspout.tcp.NetUtil;
import org.waterspout.text.Shown;

/**
 * What a proxy says in front of a connection about the client of it: the PROXY protocol of HAProxy,
 * in version 1, a line of text, or 2, a block of bytes. Pure.
 *
 * <p>What differs from both is refused with its first byte that does, except that a line is looked
 * at once it is whole. Extensions (TLVs) are skipped, a checksum among them too.
 */
final class ProxyHeaderParser {
  private static final byte[] LINE = bytes("PROXY ");
  private static final byte[] SIGNATURE = bytes("\r\n\r\n\0\r\nQUIT\n");

  /** What some would read as an octal number in an IPv4 address, or in the end of an IPv6 one. */
  private static final Pattern OCTAL = Pattern.compile("(.*[.:])?0[0-9]+\\..*|.*\\.0[0-9]+");

  /** How long a line may be, with its CR LF. */
  private static final int MAX_LINE = 107;

  /** The part of a block that is always there: signature, version, family, length of the rest. */
  private static final int FIXED = 16;

  private static final int MAX_ADDRESSES = 2 * 108; // of Unix domain sockets
  private static final int UNIX = 3;

  private final ConnectionContext connection;
  private final int maxSize;
  private final byte[] bytes = new byte[FIXED + MAX_ADDRESSES]; // longer than a line
  private int count; // of bytes consumed; those that fit are kept

  /**
   * A parser for one connection.
   *
   * @param maxSize bytes of a header, extensions included
   * @param connection what is known of the connection itself
   */
  ProxyHeaderParser(int maxSize, ConnectionContext connection) {
    this.maxSize = maxSize;
    this.connection = connection;
  }

  /**
   * Consumes bytes of the header and nothing behind it.
   *
   * @return the client's connection to the proxy; what is known of this one, if the proxy speaks
   *     for itself or cannot say more; null if the header is not complete
   * @throws HTTPInputException if it is no valid header
   */
  @Nullable ConnectionContext parse(ByteBuffer in) {
    while (in.hasRemaining()) {
      byte next = in.get();
      if (count < bytes.length) {
        bytes[count] = next;
      }
      count++;
      ConnectionContext found = bytes[0] == LINE[0] ? line(next) : block(next);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  // Version 1.

  private @Nullable ConnectionContext line(byte next) {
    checkStart(LINE, next);
    boolean afterCR = count > 1 && bytes[count - 2] == '\r';
    if ((next == '\n') != afterCR) {
      throw new HTTPInputException("a line of a proxy does not end with CR LF");
    }
    if (next == '\n') {
      return endpoints(Syntax.latin1(bytes, LINE.length, count - 2));
    }
    if (count == MAX_LINE) {
      throw new HTTPInputException("a line of a proxy is over " + MAX_LINE + " bytes");
    }
    return null;
  }

  private ConnectionContext endpoints(String line) {
    String[] words = line.split(" ", -1);
    if (words[0].equals("UNKNOWN")) {
      return connection;
    }
    boolean six = words[0].equals("TCP6");
    if (words.length != 5 || !(six || words[0].equals("TCP4"))) {
      throw malformed(line);
    }
    return context(
        address(words[1], six, line),
        port(words[3], line),
        address(words[2], six, line),
        port(words[4], line));
  }

  /** In the usual form only, without a zone. */
  private static String address(String word, boolean six, String line) {
    boolean octal = OCTAL.matcher(word).matches();
    if (six != word.contains(":") || word.contains("%") || octal || !NetUtil.isValidIp(word)) {
      throw malformed(line);
    }
    return InetAddress.ofLiteral(word).getHostAddress();
  }

  private static int port(String word, String line) {
    long port = Syntax.decimal(word);
    if (port < 0 || port > 0xffff || (word.length() > 1 && word.startsWith("0"))) {
      throw malformed(line);
    }
    return (int) port;
  }

  private static HTTPInputException malformed(String line) {
    return new HTTPInputException("malformed line of a proxy: " + Shown.quoted(line));
  }

  // Version 2.

  private @Nullable ConnectionContext block(byte next) {
    checkStart(SIGNATURE, next);
    switch (count) {
      case 13 -> checkCommand();
      case 14 -> checkFamily();
      case FIXED -> checkLength();
      default -> {}
    }
    return count >= FIXED && count == FIXED + length() ? endpoints() : null;
  }

  private boolean local() {
    return (bytes[12] & 0xf) == 0;
  }

  private int family() {
    return bytes[13] >> 4 & 0xf;
  }

  private int length() {
    return number(14);
  }

  private void checkCommand() {
    if (bytes[12] != 0x20 && bytes[12] != 0x21) {
      throw new HTTPInputException("unknown version or command of a proxy");
    }
  }

  private void checkFamily() {
    if (!local() && (family() > UNIX || (bytes[13] & 0xf) > 2)) {
      throw new HTTPInputException("unknown address family or transport of a proxy");
    }
  }

  private void checkLength() {
    if (FIXED + length() > maxSize) {
      throw new HTTPInputException("a header of a proxy is over " + maxSize + " bytes");
    }
    if (known() && length() < addressLength()) {
      throw new HTTPInputException("a header of a proxy is shorter than its addresses");
    }
  }

  /** Whether it has addresses that count. */
  private boolean known() {
    return !local() && family() != 0 && (bytes[13] & 0xf) != 0;
  }

  private int addressLength() {
    return switch (family()) {
      case 1 -> 12;
      case 2 -> 36;
      default -> MAX_ADDRESSES;
    };
  }

  private ConnectionContext endpoints() {
    if (!known()) {
      return connection;
    }
    if (family() == UNIX) { // as for connections to a Unix domain socket of our own
      return context(ConnectionContext.NO_ADDRESS, 0, ConnectionContext.NO_ADDRESS, 0);
    }
    int size = family() == 1 ? 4 : 16;
    int ports = FIXED + 2 * size;
    return context(
        address(FIXED, size), number(ports), address(FIXED + size, size), number(ports + 2));
  }

  private String address(int at, int size) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, at, at + size)).getHostAddress();
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // only for another size
    }
  }

  private int number(int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  // Both.

  private void checkStart(byte[] start, byte next) {
    if (count <= start.length && next != start[count - 1]) {
      throw new HTTPInputException("no header of a proxy");
    }
  }

  private ConnectionContext context(
      String remoteIP, int remotePort, String localIP, int localPort) {
    return new ConnectionContext(remoteIP, remotePort, localIP, localPort, connection.protocol());
  }

  private static byte[] bytes(String text) {
    return Syntax.oneByteEach(text);
  }
}
