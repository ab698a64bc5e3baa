// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.ioloop.LoopFuture;

/**
 * One call of {@link AsyncHTTPClient#fetch}: as many requests as redirects and challenges make of
 * it, one after the other. Confined to the loop.
 */
final class Fetch {
  private final AsyncHTTPClient client;
  private final HTTPRequest original;
  private final boolean raiseError;
  private final LoopFuture<HTTPResponse> result;
  private final Authentication toProxy;

  private HTTPRequest request;
  private RequestURL url;
  private int redirectsLeft;
  private Authentication toServer;
  private @Nullable Attempt attempt; // while one is under way
  private @Nullable HTTPRequest next; // once an answer's head has said that it goes on
  private @Nullable HTTPClientError refusal; // once it has said so, but there is no way

  Fetch(AsyncHTTPClient client, HTTPRequest request, boolean raiseError) {
    this.client = client;
    this.original = request;
    this.raiseError = raiseError;
    this.result = new LoopFuture<>(client.loop());
    this.request = request;
    this.url = RequestURL.parse(request.url());
    this.redirectsLeft = request.maxRedirects();
    this.toServer = new Authentication(credentials(request, url));
    var proxy = request.proxy();
    this.toProxy = new Authentication(proxy == null ? null : proxy.credentials());
  }

  private static @Nullable Credentials credentials(HTTPRequest request, RequestURL url) {
    var given = request.credentials();
    if (url.credentials() == null) {
      return given;
    }
    return HTTPRequest.credentialsOf(url, given == null ? AuthMode.BASIC : given.mode());
  }

  LoopFuture<HTTPResponse> start() {
    var _ = result.whenComplete((response, failure) -> over());
    tryOnce();
    return result;
  }

  private void tryOnce() {
    next = null;
    refusal = null;
    attempt = new Attempt(this, client, request, url);
    try {
      attempt.start();
    } catch (HTTPClientError e) { // the queue is full
      failed(e);
    }
  }

  // ---- what an attempt asks

  HTTPRequest original() {
    return original;
  }

  /** For the server. A proxy in between changes the target, but not what the server sees. */
  @Nullable String authorization() {
    return toServer.value(request.method(), url.target());
  }

  /** For a proxy that gets the request itself. */
  @Nullable String proxyAuthorization() {
    return url.secure() ? null : toProxy.value(request.method(), url.toString());
  }

  /**
   * The head of an answer has come.
   *
   * @param bodyBegun whether something of the request's body has been sent, or will be
   * @return whether another request follows from it, or should, so that nobody will see this answer
   */
  boolean goesOn(int code, HTTPHeaders headers, boolean bodyBegun) {
    try {
      next = following(code, headers, bodyBegun);
    } catch (HTTPClientError e) {
      refusal = e;
    }
    return next != null || refusal != null;
  }

  private @Nullable HTTPRequest following(int code, HTTPHeaders headers, boolean bodyBegun) {
    if (code == 417 && request.expect100Continue() && request.hasBody()) { // RFC 9110 10.1.1
      return bodyBegun && !Redirects.isRepeatable(request)
          ? null
          : request.toBuilder().expect100Continue(false).build();
    }
    if (answersChallenge(code, headers)) {
      Redirects.checkRepeatable(request, "the challenge " + code);
      return request;
    }
    var location = Redirects.location(code, headers);
    if (location == null || !request.followRedirects() || redirectsLeft == 0) {
      return null;
    }
    redirectsLeft--;
    return Redirects.follow(request, url, code, location);
  }

  private boolean answersChallenge(int code, HTTPHeaders headers) {
    return switch (code) {
      case 401 -> toServer.answers(headers.getList("WWW-Authenticate"));
      case 407 -> !url.secure() && toProxy.answers(headers.getList("Proxy-Authenticate"));
      default -> false;
    };
  }

  // ---- what an attempt tells

  void answered(HTTPResponse response) {
    attempt = null;
    if (refusal != null) {
      failed(new HTTPClientError(refusal, response));
      return;
    }
    if (next == null) {
      deliver(response);
      return;
    }
    tellAccepted(response.code());
    if (!next.url().equals(request.url())) {
      url = RequestURL.parse(next.url());
      toServer = new Authentication(credentials(next, url));
    }
    request = next;
    if (!result.isDone()) { // else it was given up just now
      tryOnce();
    }
  }

  /** A challenge of the one says nothing of the other: both could go on for ever, in turns. */
  private void tellAccepted(int code) {
    if (code != 401 && code != 407) {
      toServer.accepted();
      toProxy.accepted();
    }
  }

  private void deliver(HTTPResponse response) {
    var error = raiseError ? response.error() : null;
    if (error == null) {
      result.complete(response);
    } else {
      result.completeExceptionally(error);
    }
  }

  void failed(Throwable reason) {
    attempt = null;
    result.completeExceptionally(reason);
  }

  /** Ends it, as the client is closed. */
  void close() {
    if (attempt != null) {
      attempt.abandon();
    }
    failed(new HTTPClientError("the client was closed", null));
  }

  /** The result is there, or nobody wants it any more. */
  private void over() {
    client.forget(this);
    if (attempt != null) {
      attempt.abandon();
      attempt = null;
    }
  }
}
