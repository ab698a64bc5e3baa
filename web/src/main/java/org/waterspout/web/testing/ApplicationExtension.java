// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web.testing;

import static org.waterspout.websocket.WebSocketClientConnection.websocketConnect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.waterspout.gen.Gen;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.httpclient.AsyncHTTPClient;
import org.waterspout.httpclient.HTTPRequest;
import org.waterspout.httpclient.HTTPResponse;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.web.Application;
import org.waterspout.websocket.WebSocketClientConnection;
import org.waterspout.websocket.WebSocketClientOptions;

/**
 * Serves an application on a free port of 127.0.0.1 while tests run, and fetches from it. Tornado:
 * {@code AsyncHTTPTestCase}.
 *
 * <pre>{@code
 * class GreetingTest {
 *   @RegisterExtension
 *   static final ApplicationExtension app =
 *       ApplicationExtension.of(() -> new Application(url("/", GreetingHandler::new)));
 *
 *   @Test
 *   void greetsByName() {
 *     var answer = app.fetch("/?name=you");
 *     assertEquals(200, answer.code());
 *     assertEquals("Hello, you", answer.text());
 *   }
 *
 *   @Test
 *   void refusesAPost() {
 *     var answer = app.fetch("/", request -> request.method("POST").body(""));
 *     assertEquals(405, answer.code());
 *   }
 * }
 * }</pre>
 *
 * <ul>
 *   <li>In a static field the application is one for all tests of the class, in any other each test
 *       has its own. It has a loop to itself, on which the supplier is called.
 *   <li>Tests run on JUnit's thread, or with {@link org.waterspout.testing.GenTest} on their own
 *       loop; these methods wait in either, and on the application's loop as well. What belongs on
 *       the application's loop, such as its state, is reached by {@link #call}.
 *   <li>Errors that were logged on the application's loop fail the test, unless an {@link
 *       org.waterspout.testing.ExpectLog} takes them: exceptions of handlers and of callbacks. As
 *       with that, the program's {@link System.Logger} has to write to {@code java.util.logging}.
 *   <li>In the end connections are closed, coroutines that are left get a {@link
 *       org.waterspout.ioloop.LoopClosedException}, and the loop is closed.
 * </ul>
 */
@SuppressWarnings("exports") // who names these types has JUnit's module anyway
public final class ApplicationExtension
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final SSLOptions ANY_CERTIFICATE =
      SSLOptions.builder().insecureTrustAnyone().build();

  private final Supplier<Application> supplier;
  private final HTTPServerOptions options;
  private int classes; // nested ones count: only the outermost starts and stops
  private volatile @Nullable RunningApplication running; // null before the first and after the last

  private ApplicationExtension(Supplier<Application> supplier, HTTPServerOptions options) {
    this.supplier = Objects.requireNonNull(supplier, "supplier");
    this.options = Objects.requireNonNull(options, "options");
  }

  /** Serves what the supplier makes, by HTTP. */
  public static ApplicationExtension of(Supplier<Application> application) {
    return new ApplicationExtension(application, HTTPServerOptions.defaults());
  }

  /** The same with options for the server. */
  public ApplicationExtension withOptions(HTTPServerOptions serverOptions) {
    return new ApplicationExtension(supplier, serverOptions);
  }

  /**
   * The same by HTTPS, with {@link #ssl} and otherwise the default options. Requests and WebSockets
   * made here take any certificate. Tornado: {@code AsyncHTTPSTestCase}.
   */
  public ApplicationExtension withHTTPS() {
    return withOptions(HTTPServerOptions.builder().ssl(ssl()).build());
  }

  /**
   * TLS for a server in a test, by a certificate for localhost, 127.0.0.1 and ::1 that nobody
   * trusts. Its key is in this library, and so no secret.
   */
  public static SSLOptions ssl() {
    try (var pem = ApplicationExtension.class.getResourceAsStream("localhost.pem")) {
      var file = Files.createTempFile("localhost", ".pem");
      try {
        Files.write(file, Objects.requireNonNull(pem, "localhost.pem").readAllBytes());
        return SSLOptions.builder().certificate(file, file).build();
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- for tests

  /** The port on which the application listens. */
  public int port() {
    return running().server().port();
  }

  /** The URL of a path of the application, which begins with a slash. */
  public String url(String path) {
    return origin("http") + path;
  }

  private String origin(String scheme) {
    return scheme + (options.ssl() == null ? "" : "s") + "://127.0.0.1:" + port();
  }

  /** The application that is served. */
  public Application application() {
    return running().application();
  }

  /** The application's server. */
  public HTTPServer server() {
    return running().server();
  }

  /** The application's loop. */
  public IOLoop loop() {
    return running().loop();
  }

  /** Begins a request for a path. */
  public HTTPRequest.Builder request(String path) {
    var builder = HTTPRequest.builder(url(path));
    return options.ssl() == null ? builder : builder.ssl(ANY_CERTIFICATE);
  }

  /**
   * Gets a path.
   *
   * @return the answer, whatever its status; that of the last request if there were redirects
   * @throws org.waterspout.httpclient.HTTPClientError if there is none
   */
  public HTTPResponse fetch(String path) {
    return fetch(path, _ -> {});
  }

  /** Sends a request for a path, of which the consumer says more; as {@link #fetch(String)}. */
  public HTTPResponse fetch(String path, Consumer<HTTPRequest.Builder> more) {
    var builder = request(path);
    more.accept(builder);
    return fetch(builder.build());
  }

  /** Sends a request, as {@link #fetch(String)}. */
  public HTTPResponse fetch(HTTPRequest request) {
    return call(() -> Gen.await(AsyncHTTPClient.current().fetch(request, false)));
  }

  /**
   * Connects to a WebSocket of the application. Most methods of what is returned belong on the
   * application's loop:
   *
   * <pre>{@code
   * var socket = app.webSocket("/chat");
   * var _ = socket.writeMessage("hello");
   * var answer = app.call(() -> await(socket.readMessage()));
   * }</pre>
   *
   * @throws org.waterspout.httpclient.HTTPClientError if it is refused
   */
  public WebSocketClientConnection webSocket(String path) {
    return webSocket(path, _ -> {});
  }

  /** Connects to a WebSocket with more options; as {@link #webSocket(String)}. */
  public WebSocketClientConnection webSocket(
      String path, Consumer<WebSocketClientOptions.Builder> more) {
    var builder = WebSocketClientOptions.builder();
    if (options.ssl() != null) {
      builder.ssl(ANY_CERTIFICATE);
    }
    more.accept(builder);
    return call(() -> Gen.await(websocketConnect(origin("ws") + path, builder.build())));
  }

  /**
   * Runs a task on the application's loop, where it may await, and waits for its end.
   *
   * @return what it returns
   * @throws RuntimeException what it throws; a checked exception comes inside a {@link
   *     java.util.concurrent.CompletionException}
   */
  public <T extends @Nullable Object> T call(Callable<T> task) {
    return running().call(task);
  }

  private RunningApplication running() {
    var its = running;
    if (its == null) {
      throw new IllegalStateException(
          "the application runs during tests, if its field is annotated @RegisterExtension");
    }
    return its;
  }

  // ---- for JUnit

  @Override
  public void beforeAll(ExtensionContext context) throws InterruptedException {
    if (classes++ == 0) {
      start();
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) throws InterruptedException {
    if (classes == 0) {
      start();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    if (classes == 0) {
      stop();
    } else {
      running().checkErrors();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    if (--classes == 0) {
      stop();
    }
  }

  private void start() throws InterruptedException {
    running = new RunningApplication(supplier, options);
  }

  private void stop() throws Exception {
    var its = running;
    running = null;
    if (its != null) { // else it could not be made
      its.stop();
    }
  }
}
