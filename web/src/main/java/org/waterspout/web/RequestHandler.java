// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.Capability;
import org.waterspout.http.Needs;

/**
 * Answers one request: subclass it, override verbs, and hand its constructor to {@link
 * Application#url}. Each request gets a handler of its own.
 *
 * <p>For each request: constructor, {@link #setDefaultHeaders}, {@link #checkXsrfCookie} if the
 * settings say {@code xsrfCookies}, {@link #prepare}, {@link #getCurrentUser} for what is {@link
 * Authenticated}, {@link #dataReceived} for a body that is streamed ({@link StreamRequestBody}),
 * one of {@link #get}, {@link #head}, {@link #post}, {@link #delete}, {@link #patch}, {@link #put},
 * {@link #options} (other methods: {@link #otherMethod}), then {@link #onFinish}. They run on the
 * loop and may await. When the verb method returns the answer is finished, unless it is {@link
 * Asynchronous}. What they throw becomes an error page, and so does what a loop's callbacks throw
 * that they stored. What is thrown in a dependent of a future goes into the future that {@code
 * thenRun} and the like return, as with every CompletableFuture: await that one, or ask it by
 * {@code whenComplete}.
 *
 * <p>All methods belong on the loop and say so if they are called elsewhere. The request is not
 * known in the constructor yet.
 *
 * <pre>{@code
 * class GreetingHandler extends RequestHandler {
 *   @Override
 *   protected void get() {
 *     write("Hello, " + Escape.xhtmlEscape(getArgument("name", "world")));
 *   }
 * }
 * }</pre>
 */
public abstract non-sealed class RequestHandler extends UserSide {
  private final HandlerClass facts = HandlerClass.of(getClass());

  /** For subclasses; whatever they need they take as arguments. */
  protected RequestHandler() {}

  // ---- hooks

  /** Called before any verb; if it finishes the answer, no verb method is called. */
  protected void prepare() throws Exception {}

  /** Answers GET; 405 unless overridden, as all verbs. */
  protected void get() throws Exception {
    throw new HTTPError(405);
  }

  /** Answers HEAD, by the same headers as GET; a body that it writes is only counted. */
  protected void head() throws Exception {
    throw new HTTPError(405);
  }

  /** Answers POST. */
  protected void post() throws Exception {
    throw new HTTPError(405);
  }

  /** Answers DELETE. */
  protected void delete() throws Exception {
    throw new HTTPError(405);
  }

  /** Answers PATCH. */
  protected void patch() throws Exception {
    throw new HTTPError(405);
  }

  /** Answers PUT. */
  protected void put() throws Exception {
    throw new HTTPError(405);
  }

  /** Answers OPTIONS. */
  protected void options() throws Exception {
    throw new HTTPError(405);
  }

  /**
   * Answers a method that has none of its own here, such as PROPFIND, if {@link #otherMethods}
   * names it.
   */
  protected void otherMethod(String method) throws Exception {
    throw new HTTPError(405);
  }

  /** The methods that {@link #otherMethod} answers, as they are sent; others get 405. None. */
  protected Set<String> otherMethods() {
    return Set.of();
  }

  /**
   * Takes a piece of the body; only where the class is {@link StreamRequestBody}. While it awaits
   * no other piece comes and the sender is held back. The array is the handler's own.
   */
  protected void dataReceived(byte[] chunk) throws Exception {}

  /** Called when the answer has been handed over; it can no longer be changed. */
  protected void onFinish() throws Exception {}

  /**
   * The client has gone before the answer was finished; may come while another method of the
   * handler awaits. Nothing that is written from now on is sent.
   */
  @Needs(Capability.CLOSE_DETECTION)
  protected void onConnectionClose() throws Exception {}

  /**
   * Whether all that is done for the request is given up when its client has gone: pending awaits
   * throw {@link java.util.concurrent.CancellationException}, coroutines that the handler has
   * spawned and fetches that it has begun are cancelled. What the handler lets out of that is not
   * logged as an error. What has to go on all the same is spawned in the loop's {@linkplain
   * org.waterspout.ioloop.IOLoop#rootContext() root context}. By default as the {@linkplain
   * Settings#cancelOnDisconnect setting} says.
   */
  @Needs(Capability.CLOSE_DETECTION)
  protected boolean cancelOnDisconnect() {
    return settings().cancelOnDisconnect();
  }

  /** Sets the headers of every answer; called again when an error page starts from scratch. */
  protected void setDefaultHeaders() {}

  /**
   * Writes an error page; status and headers are set. If it throws, the page is empty. Unless it is
   * overridden, the page shows status and reason phrase, and with the setting {@code
   * serveTraceback}, which {@code debug} turns on, where the error came from.
   *
   * @param cause what was thrown; null after {@link #sendError}
   */
  protected void writeError(int status, @Nullable Throwable cause) throws Exception {
    String reason = response("RequestHandler.writeError").reason();
    if (cause == null || !settings().serveTraceback()) {
      write(ErrorPage.html(status, reason));
    } else if (request().headers().get("Accept", "").contains("text/html")) {
      write(ErrorPage.html(status, reason, LogText.summary(request()), cause));
    } else {
      setHeader("Content-Type", "text/plain; charset=UTF-8");
      write(ErrorPage.traceback(cause));
    }
  }

  /** Logs what a method of the handler has thrown. */
  protected void logException(Throwable error) {
    LogText.logException(request(), error);
  }

  /** The path of a named route, see {@link Application#reverseUrl}, as the client has to ask it. */
  public final String reverseUrl(String name, Object... arguments) {
    return request().connection().contextPath() + application().reverseUrl(name, arguments);
  }

  /**
   * A setting of the user's, without which a feature cannot be used. An empty text and {@code
   * false} count as not set. Tornado: {@code require_setting}.
   *
   * @param feature what needs it, for the message
   * @throws IllegalStateException if it was not set, or is of another type
   */
  public final <T> T requireSetting(String name, Class<T> type, String feature) {
    var value = settings().get(name);
    if (value == null || value.equals("") || value.equals(false)) {
      throw new IllegalStateException("the setting \"" + name + "\" is needed for " + feature);
    }
    return settings().require(name, type);
  }

  /** {@link #staticUrl(String, boolean)}, as a path. */
  public String staticUrl(String path) {
    return staticUrl(path, false);
  }

  /**
   * The URL of a static file, with its version, so that browsers can keep it for long: {@code
   * /static/app.js?v=...}. Awaits where the version is not known yet; a file that cannot be read is
   * logged, and its URL has none. The version is that of the settings' static files: who serves
   * other content by {@link StaticFileHandler#findContent} overrides this method, too.
   *
   * @param path below the root of {@link Settings#staticFiles}, {@code "css/site.css"}
   * @param includeHost whether to begin with scheme and host
   * @throws IllegalStateException if the settings name no static files
   */
  public String staticUrl(String path, boolean includeHost) {
    String absolute = request().connection().contextPath() + StaticURL.of(settings(), path);
    return includeHost ? request().protocol() + "://" + request().host() + absolute : absolute;
  }

  // ---- for the framework

  /** Calls the method of a verb that is known. */
  final void dispatch(String method) throws Exception {
    switch (method) {
      case "GET" -> get();
      case "HEAD" -> head();
      case "POST" -> post();
      case "DELETE" -> delete();
      case "PATCH" -> patch();
      case "PUT" -> put();
      case "OPTIONS" -> options();
      default -> otherMethod(method);
    }
  }

  /** Whether there is a method for a verb, be it one that answers 405. */
  boolean takes(String method) {
    return Execution.METHODS.contains(method) || otherMethods().contains(method);
  }

  /** The value of the Allow header. */
  final String allow() {
    var others = otherMethods();
    if (others.isEmpty()) {
      return facts().allow();
    }
    Set<String> all = new TreeSet<>(others);
    all.addAll(facts().verbs());
    return String.join(", ", all);
  }

  final HandlerClass facts() {
    return facts;
  }
}
