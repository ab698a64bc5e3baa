// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPUtil;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.text.Product;
import org.waterspout.text.Shown;
import org.waterspout.text.Token;

/**
 * A request, with all that says how it is made. Tornado: {@code HTTPRequest}.
 *
 * <pre>{@code
 * var request =
 *     HTTPRequest.builder("https://example.com/items")
 *         .method("POST")
 *         .header("Content-Type", "application/json")
 *         .body("{}")
 *         .requestTimeout(Duration.ofSeconds(5))
 *         .build();
 * }</pre>
 *
 * <p>Nothing that could split a message gets in: the constructor refuses it. No URL with
 * credentials is printed by {@link #toString}.
 *
 * @param url http or https; what is no URL character has to be percent-encoded already. User
 *     information in it counts as {@code credentials}, and wins
 * @param method one of {@code GET HEAD POST PUT DELETE PATCH OPTIONS}, unless {@code
 *     allowNonstandardMethods}
 * @param headers of the request, a copy; Host, Content-Length and the like come by themselves
 * @param body needed for POST, PUT and PATCH, refused for the other methods, unless {@code
 *     allowNonstandardMethods}. Not copied: the caller leaves it alone until the fetch is over
 * @param bodyProducer writes the body, in place of {@code body}
 * @param credentials for the server
 * @param connectTimeout for look-up, connection and TLS; zero for none
 * @param requestTimeout for all of it but the wait in the queue; each request that a redirect leads
 *     to has as long. While it waits in the queue, the shorter of both counts. Zero for none. If
 *     the whole answer is there by then, and only the body has not left, the rest of the body is
 *     cut and the answer counts; so it does at the latest when nothing of the body has left for two
 *     minutes
 * @param followRedirects whether 301, 302, 303, 307 and 308 are followed
 * @param maxRedirects how often; then the redirect is the answer
 * @param userAgent the header's value, unless {@code headers} have one; null for none
 * @param decompressResponse whether gzip is accepted and inflated; the answer then has an
 *     X-Consumed-Content-Encoding
 * @param streamingCallback gets the answer's body, which is empty in the response then
 * @param headerCallback gets the answer's head before its body comes
 * @param proxy through which to go; null for none. The environment is not asked
 * @param allowNonstandardMethods lifts the list of methods, and the rules which of them have a body
 * @param ssl for https: whom to trust, client certificates; null for the JVM's trust. Connections
 *     are shared among requests with the same object. A redirect to another origin (scheme, host or
 *     port) is followed with the same trust, but {@link SSLOptions#withoutCertificate}, which is of
 *     no use where the SSLContext was given ready
 * @param networkInterface this machine's address from which to connect; null for any
 * @param allowIPv6 false connects by IPv4 only
 * @param expect100Continue whether the body waits until the server wants it, or has said nothing
 *     for a while, see {@link ClientOptions#continueTimeout}
 * @param unixSocket where the server listens, whatever host the URL names; a redirect to another
 *     origin is refused. Null for TCP
 * @param maxBodySize of the answer, inflated, in bytes; negative: the client's. More than 2 GiB
 *     only with a streaming callback
 */
@SuppressWarnings(
    "ArrayRecordComponent") // a body is not copied; two of these are equal if it is one
public record HTTPRequest(
    String url,
    String method,
    HTTPHeaders headers,
    byte @Nullable [] body,
    @Nullable BodyProducer bodyProducer,
    @Nullable Credentials credentials,
    Duration connectTimeout,
    Duration requestTimeout,
    boolean followRedirects,
    int maxRedirects,
    @Nullable String userAgent,
    boolean decompressResponse,
    @Nullable StreamingCallback streamingCallback,
    @Nullable HeaderCallback headerCallback,
    @Nullable HTTPProxy proxy,
    boolean allowNonstandardMethods,
    @Nullable SSLOptions ssl,
    @Nullable InetAddress networkInterface,
    boolean allowIPv6,
    boolean expect100Continue,
    @Nullable Path unixSocket,
    long maxBodySize) {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");
  private static final Duration LONGEST = Duration.ofDays(36_500); // 292 years overflow nanoseconds

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one of them, or two of them together, cannot be sent
   */
  public HTTPRequest {
    Objects.requireNonNull(method, "method");
    headers = headers.copy();
    checkTimeout(connectTimeout, "connectTimeout");
    checkTimeout(requestTimeout, "requestTimeout");
    if (maxRedirects < 0) {
      throw new IllegalArgumentException("maxRedirects " + maxRedirects + " is negative");
    }
    if (!Token.isToken(method) || method.equals("CONNECT")) { // a tunnel is no answer
      throw new IllegalArgumentException("not a method: " + Shown.quoted(method));
    }
    if (body != null && bodyProducer != null) {
      throw new IllegalArgumentException("both a body and a body producer");
    }
    if (!allowNonstandardMethods) {
      checkMethod(method, body != null || bodyProducer != null);
    }
    if (proxy != null && unixSocket != null) {
      throw new IllegalArgumentException("both a proxy and a Unix domain socket");
    }
    var parsed = RequestURL.parse(url);
    if (parsed.username() != null) {
      var _ = credentialsOf(parsed, AuthMode.BASIC);
    }
    checkFraming(headers, body, bodyProducer != null);
    if (userAgent != null) {
      new HTTPHeaders().set("User-Agent", userAgent);
    }
  }

  private static void checkTimeout(Duration value, String name) {
    if (value.isNegative() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " " + value + " is negative or endless");
    }
  }

  private static void checkMethod(String method, boolean hasBody) {
    if (!METHODS.contains(method)) {
      throw new IllegalArgumentException(
          "the method " + Shown.quoted(method) + " needs allowNonstandardMethods");
    }
    if (WITH_BODY.contains(method) != hasBody) {
      throw new IllegalArgumentException(
          hasBody
              ? method + " with a body needs allowNonstandardMethods"
              : method + " without a body needs allowNonstandardMethods; it may be empty");
    }
  }

  private static void checkFraming(HTTPHeaders headers, byte @Nullable [] body, boolean produced) {
    if (headers.contains("Transfer-Encoding")) {
      throw new IllegalArgumentException("Transfer-Encoding is the client's own to set");
    }
    var announced = headers.getList("Content-Length");
    if (announced.isEmpty() || (produced && announced.size() == 1)) {
      return; // the connection counts what is produced
    }
    if (body == null || !announced.equals(List.of(Integer.toString(body.length)))) {
      throw new IllegalArgumentException("a Content-Length that is not that of the body");
    }
  }

  static Credentials credentialsOf(RequestURL url, AuthMode mode) {
    var name = Objects.requireNonNull(url.username());
    return new Credentials(name, url.password(), mode);
  }

  /** Begins with a GET and the defaults. */
  public static Builder builder(String url) {
    return new Builder(url);
  }

  /** Begins with what this one has. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** The headers; a copy. */
  @Override
  public HTTPHeaders headers() {
    return headers.copy();
  }

  boolean hasBody() {
    return body != null || bodyProducer != null;
  }

  @Override
  public String toString() {
    return method + " " + RequestURL.parse(url);
  }

  /** Collects what differs from the defaults. */
  public static final class Builder {
    private String url;
    private String method = "GET";
    private HTTPHeaders headers = new HTTPHeaders();
    private byte @Nullable [] body;
    private @Nullable BodyProducer bodyProducer;
    private @Nullable Credentials credentials;
    private Duration connectTimeout = Duration.ofSeconds(20);
    private Duration requestTimeout = Duration.ofSeconds(20);
    private boolean followRedirects = true;
    private int maxRedirects = 5;
    private @Nullable String userAgent = Product.NAME;
    private boolean decompressResponse = true;
    private @Nullable StreamingCallback streamingCallback;
    private @Nullable HeaderCallback headerCallback;
    private @Nullable HTTPProxy proxy;
    private boolean allowNonstandardMethods;
    private @Nullable SSLOptions ssl;
    private @Nullable InetAddress networkInterface;
    private boolean allowIPv6 = true;
    private boolean expect100Continue;
    private @Nullable Path unixSocket;
    private long maxBodySize = -1;

    private Builder(String url) {
      this.url = Objects.requireNonNull(url, "url");
    }

    private Builder(HTTPRequest from) {
      url = from.url;
      method = from.method;
      headers = from.headers.copy();
      body = from.body;
      bodyProducer = from.bodyProducer;
      credentials = from.credentials;
      connectTimeout = from.connectTimeout;
      requestTimeout = from.requestTimeout;
      followRedirects = from.followRedirects;
      maxRedirects = from.maxRedirects;
      userAgent = from.userAgent;
      decompressResponse = from.decompressResponse;
      streamingCallback = from.streamingCallback;
      headerCallback = from.headerCallback;
      proxy = from.proxy;
      allowNonstandardMethods = from.allowNonstandardMethods;
      ssl = from.ssl;
      networkInterface = from.networkInterface;
      allowIPv6 = from.allowIPv6;
      expect100Continue = from.expect100Continue;
      unixSocket = from.unixSocket;
      maxBodySize = from.maxBodySize;
    }

    /** Another URL. */
    public Builder url(String other) {
      url = Objects.requireNonNull(other, "other");
      return this;
    }

    /** GET if not set. Upper case is the caller's business: methods have case. */
    public Builder method(String name) {
      method = Objects.requireNonNull(name, "name");
      return this;
    }

    /** Replaces all headers by a copy of these. */
    public Builder headers(HTTPHeaders all) {
      headers = all.copy();
      return this;
    }

    /** Sets one header. */
    public Builder header(String name, String value) {
      headers.set(name, value);
      return this;
    }

    /** None if not set. Not copied; null for none. */
    public Builder body(byte @Nullable [] bytes) {
      body = bytes;
      return this;
    }

    /** A body of text, in UTF-8; null for none. */
    public Builder body(@Nullable String text) {
      return body(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    /** None if not set; null for none. */
    public Builder bodyProducer(@Nullable BodyProducer producer) {
      bodyProducer = producer;
      return this;
    }

    /** A user's name and password, by basic authentication; see {@link #credentials}. */
    public Builder auth(String username, String password) {
      return credentials(new Credentials(username, password, AuthMode.BASIC));
    }

    /** None if not set; null for none. */
    public Builder credentials(@Nullable Credentials ofUser) {
      credentials = ofUser;
      return this;
    }

    /** 20 s if not set. */
    public Builder connectTimeout(Duration timeout) {
      connectTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** 20 s if not set. */
    public Builder requestTimeout(Duration timeout) {
      requestTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** Sets the header If-Modified-Since; what is not newer is answered with 304. */
    public Builder ifModifiedSince(Instant time) {
      return header("If-Modified-Since", HTTPUtil.formatTimestamp(time));
    }

    /** True if not set. */
    public Builder followRedirects(boolean follow) {
      followRedirects = follow;
      return this;
    }

    /** 5 if not set. */
    public Builder maxRedirects(int count) {
      maxRedirects = count;
      return this;
    }

    /** {@code Waterspout/} and its version if not set; null for none. */
    public Builder userAgent(@Nullable String name) {
      userAgent = name;
      return this;
    }

    /** True if not set. */
    public Builder decompressResponse(boolean inflate) {
      decompressResponse = inflate;
      return this;
    }

    /** None if not set; null for none. */
    public Builder streamingCallback(@Nullable StreamingCallback callback) {
      streamingCallback = callback;
      return this;
    }

    /** None if not set; null for none. */
    public Builder headerCallback(@Nullable HeaderCallback callback) {
      headerCallback = callback;
      return this;
    }

    /** None if not set. */
    public Builder proxy(String host, int port) {
      return proxy(new HTTPProxy(host, port));
    }

    /** None if not set; null for none. */
    public Builder proxy(@Nullable HTTPProxy through) {
      proxy = through;
      return this;
    }

    /** False if not set. */
    public Builder allowNonstandardMethods(boolean allow) {
      allowNonstandardMethods = allow;
      return this;
    }

    /** The JVM's trust if not set, or null. */
    public Builder ssl(@Nullable SSLOptions options) {
      ssl = options;
      return this;
    }

    /**
     * True if not set. False trusts any server, and replaces what {@link #ssl} has set. That goes
     * for redirects too: whoever can pose as the first server could lead anywhere.
     */
    public Builder validateCert(boolean validate) {
      ssl = validate ? null : UncheckedServers.OPTIONS;
      return this;
    }

    /** Any if not set, or null. */
    public Builder networkInterface(@Nullable InetAddress address) {
      networkInterface = address;
      return this;
    }

    /** True if not set. */
    public Builder allowIPv6(boolean allow) {
      allowIPv6 = allow;
      return this;
    }

    /** False if not set. */
    public Builder expect100Continue(boolean expect) {
      expect100Continue = expect;
      return this;
    }

    /** TCP if not set, or null. */
    public Builder unixSocket(@Nullable Path file) {
      unixSocket = file;
      return this;
    }

    /** The client's if not set, or negative. */
    public Builder maxBodySize(long bytes) {
      maxBodySize = bytes;
      return this;
    }

    /**
     * The request.
     *
     * @throws IllegalArgumentException if it could not be sent
     */
    public HTTPRequest build() {
      return new HTTPRequest(
          url,
          method,
          headers,
          body,
          bodyProducer,
          credentials,
          connectTimeout,
          requestTimeout,
          followRedirects,
          maxRedirects,
          userAgent,
          decompressResponse,
          streamingCallback,
          headerCallback,
          proxy,
          allowNonstandardMethods,
          ssl,
          networkInterface,
          allowIPv6,
          expect100Continue,
          unixSocket,
          maxBodySize);
    }
  }

  /** Made when somebody asks for it: it loads TLS. */
  private static final class UncheckedServers {
    static final SSLOptions OPTIONS = SSLOptions.builder().insecureTrustAnyone().build();
  }
}
