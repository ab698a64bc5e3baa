// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.waterspout.gen.Gen;
import org.waterspout.ioloop.IOLoop;

/**
 * An HTTP client that blocks, for scripts and tests; on a loop, {@link AsyncHTTPClient} is the one.
 * It has a loop of its own, which runs during a fetch. Not safe for use by several threads at once.
 * Tornado: {@code HTTPClient}.
 *
 * <pre>{@code
 * try (var client = new HTTPClient()) {
 *   System.out.println(client.fetch("https://example.com/").text());
 * }
 * }</pre>
 *
 * <p>Connections are kept only among the requests of one fetch, such as redirects: between fetches
 * nobody would look after them.
 */
public final class HTTPClient implements AutoCloseable {
  private final IOLoop loop;
  private final ClientOptions options;

  /** A client with the default options. */
  public HTTPClient() {
    this(ClientOptions.defaults());
  }

  /**
   * A client with options.
   *
   * @throws IllegalStateException on a loop, which it would block
   */
  public HTTPClient(ClientOptions options) {
    if (IOLoop.current().onLoop()) {
      throw new IllegalStateException("HTTPClient would block the loop; use AsyncHTTPClient there");
    }
    this.options = options;
    loop = new IOLoop();
  }

  /** Begins a request with this client's {@link ClientOptions#requestDefaults}. */
  public HTTPRequest.Builder request(String url) {
    var builder = HTTPRequest.builder(url);
    options.requestDefaults().accept(builder);
    return builder;
  }

  /**
   * Gets a URL, with this client's defaults.
   *
   * @throws IllegalArgumentException if it is no http or https URL
   * @throws HTTPClientError as the futures of {@link AsyncHTTPClient} fail
   */
  public HTTPResponse fetch(String url) {
    return fetch(request(url).build());
  }

  /**
   * Sends a request and waits for its answer, which is one of success.
   *
   * @throws HTTPClientError as the futures of {@link AsyncHTTPClient} fail
   */
  public HTTPResponse fetch(HTTPRequest request) {
    return fetch(request, true);
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @param raiseError whether an answer whose status is not one of success is thrown
   * @throws HTTPClientError as the futures of {@link AsyncHTTPClient} fail
   * @throws IllegalStateException on a loop, which it would block
   */
  public HTTPResponse fetch(HTTPRequest request, boolean raiseError) {
    try {
      return loop.runSync(fetching(request, raiseError));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) { // what a callback of the request has thrown
      throw new CompletionException(e);
    }
  }

  private Callable<HTTPResponse> fetching(HTTPRequest request, boolean raiseError) {
    return () -> {
      try (var client = new AsyncHTTPClient(options)) {
        return Gen.await(client.fetch(request, raiseError));
      }
    };
  }

  /** Closes its loop. */
  @Override
  public void close() {
    loop.close();
  }

  /**
   * Fetches URLs from the command line and prints what comes; {@code --help} says how. Ends the
   * program with status 0 if all succeeded, 1 if one did not, 2 for arguments it does not know.
   */
  public static void main(String[] args) {
    System.exit(new FetchCommand(System.out, System.err).run(args));
  }
}
