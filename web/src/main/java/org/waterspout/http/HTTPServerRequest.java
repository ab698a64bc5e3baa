// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.text.Shown;

/**
 * One request as handlers and routers see it. Tornado: {@code httputil.HTTPServerRequest}.
 *
 * <p>It exists as soon as the headers have arrived; {@link #body} is empty until the whole body
 * has, and stays empty where a handler streams it. What is parsed (arguments, cookies) is parsed
 * when it is first asked for. Confined to the loop of its connection.
 */
public final class HTTPServerRequest {
  private static final byte[] NO_BODY = {};

  private final RequestStartLine startLine;
  private final HTTPHeaders headers;
  private final HTTPConnection connection;
  private final Object serverConnection;
  private final RequestTarget target;
  private final long startNanos;
  private FormLimits formLimits = FormLimits.DEFAULT;
  private byte[] body = NO_BODY;
  private @Nullable HTTPHeaders trailers; // null: none so far, and nobody has asked
  private @Nullable Map<String, String> cookies; // null: not parsed yet
  private @Nullable Map<String, List<byte[]>> queryArguments; // null: not parsed yet
  private @Nullable Form form; // null: not parsed yet
  private @Nullable String id; // null: it has none
  private @Nullable Instant startTime; // null: not asked for yet

  /**
   * A request whose body is still to come.
   *
   * @param serverConnection what {@link HTTPServerConnectionDelegate#startRequest} got
   * @throws HTTPInputException if the target has none of the forms of RFC 9112 section 3.2
   */
  public HTTPServerRequest(
      RequestStartLine startLine,
      HTTPHeaders headers,
      Object serverConnection,
      HTTPConnection connection) {
    this.startLine = Objects.requireNonNull(startLine, "startLine");
    this.headers = Objects.requireNonNull(headers, "headers");
    this.serverConnection = Objects.requireNonNull(serverConnection, "serverConnection");
    this.connection = Objects.requireNonNull(connection, "connection");
    this.target = RequestTarget.parse(startLine.method(), startLine.target());
    this.startNanos = connection.loop().time();
  }

  /** The method as sent; case counts. */
  public String method() {
    return startLine.method();
  }

  /** The request target as sent: {@code /a%20b?c=d}. */
  public String uri() {
    return startLine.target();
  }

  /** A name for this request in logs; null if it was given none. */
  public @Nullable String id() {
    return id;
  }

  /** Gives the request a name for logs, which are written as it is. For whoever serves it. */
  public void setId(String id) {
    this.id = Objects.requireNonNull(id, "id");
  }

  /** The path part of the target, undecoded; {@code *} in a request about the server itself. */
  public String path() {
    return target.path();
  }

  /** The part of the target after the question mark, undecoded; empty if there is none. */
  public String query() {
    return target.query();
  }

  /** {@code HTTP/1.1} or {@code HTTP/1.0}. */
  public String version() {
    return startLine.version();
  }

  /** The headers as sent. */
  public HTTPHeaders headers() {
    return headers;
  }

  /** The body; it belongs to the handler. Empty until it has arrived, and where it is streamed. */
  public byte[] body() {
    return body;
  }

  /** Gives the request its body, once, before anything reads it. For whoever collected it. */
  public void setBody(byte[] body) {
    this.body = Objects.requireNonNull(body, "body");
    form = null;
  }

  /**
   * The fields behind the body, without those that only count in front of one. Empty until it has
   * arrived, and where there are none.
   *
   * @throws MissingCapabilityException where trailers get lost
   */
  @Needs(Capability.REQUEST_TRAILERS)
  public HTTPHeaders trailers() {
    if (!connection.capabilities().contains(Capability.REQUEST_TRAILERS)) {
      throw new MissingCapabilityException(
          Capability.REQUEST_TRAILERS, "HTTPServerRequest.trailers", connection.deployment());
    }
    if (trailers == null) {
      trailers = new HTTPHeaders();
    }
    return trailers;
  }

  /** Gives the request its trailers, once. For whoever received them. */
  public void setTrailers(HTTPHeaders trailers) {
    this.trailers = Objects.requireNonNull(trailers, "trailers");
  }

  /** What arguments may cost; the defaults if nobody has said otherwise. */
  public FormLimits formLimits() {
    return formLimits;
  }

  /** Changes what arguments may cost, before they are asked for. For whoever knows the settings. */
  public void setFormLimits(FormLimits limits) {
    this.formLimits = Objects.requireNonNull(limits, "limits");
  }

  /** The client's address as a literal. */
  public String remoteIP() {
    return connection.context().remoteIP();
  }

  /** {@code http} or {@code https}. */
  public String protocol() {
    return connection.context().protocol();
  }

  /** The certificate that the client has shown by TLS; null if none. On the loop. */
  public @Nullable X509Certificate getSSLCertificate() {
    var shown = connection.peerCertificates();
    return shown.isEmpty() ? null : shown.getFirst();
  }

  /** The host and port that the client asked for; {@code 127.0.0.1} if it named none. */
  public String host() {
    // RFC 9112 section 3.2.2: an absolute-form target's authority replaces the Host header
    String authority = target.authority();
    return authority != null ? authority : headers.get("Host", "127.0.0.1");
  }

  /** {@link #host} in lower case and without the port: {@code example.org}, {@code [::1]}. */
  public String hostName() {
    String host = host().toLowerCase(Locale.ROOT);
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host; // "[::1]" has none
  }

  /** The URL as the client sees it. */
  public String fullURL() {
    String query = query().isEmpty() ? "" : "?" + query();
    return protocol() + "://" + host() + connection.contextPath() + path() + query;
  }

  /**
   * The values of each argument of query and form, in that order. The bytes have no charset;
   * handlers read them as UTF-8 with {@code getArgument}.
   *
   * @throws HTTPInputException if one of the two is malformed or too large
   */
  public Map<String, List<byte[]>> arguments() {
    Map<String, List<byte[]>> all = new LinkedHashMap<>();
    queryArguments().forEach((name, values) -> all.put(name, new ArrayList<>(values)));
    bodyArguments()
        .forEach(
            (name, values) -> all.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(values));
    return Collections.unmodifiableMap(all);
  }

  /** The arguments of the query alone. Throws as {@link #arguments}. */
  public Map<String, List<byte[]>> queryArguments() {
    if (queryArguments == null) {
      // each character of a target is one byte of it
      byte[] query = query().getBytes(StandardCharsets.ISO_8859_1);
      queryArguments = Form.arguments(query, formLimits, "query");
    }
    return queryArguments;
  }

  /**
   * The arguments of an urlencoded or multipart body; empty for a body of another type. A part of a
   * multipart body is a file if it has a filename, and an argument if not. Throws as {@link
   * #arguments}.
   */
  public Map<String, List<byte[]>> bodyArguments() {
    return form().arguments();
  }

  /**
   * The files of a multipart body by the names of their fields. Where the user chose none there is
   * an empty argument instead. Throws as {@link #arguments}.
   */
  public Map<String, List<HTTPFile>> files() {
    return form().files();
  }

  /** The cookies that the client sent; of two with one name the last. */
  public Map<String, String> cookies() {
    if (cookies == null) {
      cookies = Collections.unmodifiableMap(Cookies.of(headers));
    }
    return cookies;
  }

  /** The exchange to which the request belongs. */
  public HTTPConnection connection() {
    return connection;
  }

  /** Identifies the transport connection, see {@link HTTPServerConnectionDelegate#startRequest}. */
  public Object serverConnection() {
    return serverConnection;
  }

  /** When the headers had arrived. On the loop. */
  public Instant startTime() {
    if (startTime == null) {
      startTime = Instant.now().minus(requestTime());
    }
    return startTime;
  }

  /** How long ago that was. On the loop. */
  public Duration requestTime() {
    return Duration.ofNanos(connection.loop().time() - startNanos);
  }

  /** Method, target and address: what a log line may say. No header and no body. */
  @Override
  public String toString() {
    return "HTTPServerRequest(" + method() + " " + Shown.quoted(uri()) + ", " + remoteIP() + ")";
  }

  private Form form() {
    if (form == null) {
      form = Form.parse(headers, body, formLimits);
    }
    return form;
  }
}
