// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.ConnectionContext;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.RequestStartLine;

/**
 * All that is known of a request before its body, copied out on the container's thread: afterwards
 * the container's objects may belong to someone else.
 *
 * @param contextPath where the web application is, as the container spells it; empty at the root
 * @param contentLength the length of the body, -1 where it was not announced
 * @param hasBody false where there is certainly no body to read
 */
public record RequestHead(
    RequestStartLine startLine,
    HTTPHeaders headers,
    ConnectionContext context,
    List<X509Certificate> peerCertificates,
    String contextPath,
    long contentLength,
    boolean hasBody) {

  /** A value as HTTPHeaders wants it; a container that has decoded UTF-8 is undone. */
  public static String oneCharacterPerByte(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) > 0xff) {
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      }
    }
    return value;
  }

  /** An address without the brackets that some containers put around IPv6 literals. */
  public static String literal(@Nullable String address) {
    if (address == null) {
      return "";
    }
    return address.startsWith("[") && address.endsWith("]")
        ? address.substring(1, address.length() - 1)
        : address;
  }

  /** RFC 9112 section 6.3: an HTTP/1 request without length and coding has no body. */
  public static boolean mayHaveBody(String protocol, long length, boolean hasTransferEncoding) {
    return length > 0 || (length < 0 && (!protocol.startsWith("HTTP/1") || hasTransferEncoding));
  }
}
