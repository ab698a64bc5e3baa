// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPServerRequest;

/** What a handler knows of its request. Its users see all this as methods of RequestHandler. */
abstract sealed class RequestSide permits ResponseSide {
  private @Nullable Execution execution; // null in the constructor

  /** The request. */
  public final HTTPServerRequest request() {
    return execution("RequestHandler.request").request();
  }

  /**
   * The request's name for logs, see {@link Settings#requestIdHeader}; made up when first asked
   * for, if the application does not name its requests.
   */
  public final String requestId() {
    return execution("RequestHandler.requestId").requestId();
  }

  /**
   * Says how long there is from now until the answer has to be finished, in place of {@link
   * Settings#requestDeadline} or what was said before. When that is over all that the request
   * awaits is cancelled, as by {@link RequestHandler#cancelOnDisconnect}. A handler that catches
   * the {@link java.util.concurrent.CancellationException} can finish at once with what it has;
   * otherwise the answer is 503, or is cut if its headers are out.
   *
   * @param fromNow zero: for ever
   */
  public final void setDeadline(Duration fromNow) {
    execution("RequestHandler.setDeadline").setDeadline(fromNow);
  }

  /** The application to which the handler belongs. From any thread. */
  public final Application application() {
    return bound("RequestHandler.application").route().application();
  }

  /** The application's settings. From any thread. */
  public final Settings settings() {
    return application().settings;
  }

  /**
   * The last value of an argument of query or body, without whitespace around it.
   *
   * @throws MissingArgumentError if it is not there
   */
  public final String getArgument(String name) {
    return Arguments.last(name, getArguments(name));
  }

  /** As {@link #getArgument(String)}, with what to return if it is not there. */
  public final String getArgument(String name, String defaultValue) {
    return Arguments.last(name, getArguments(name), Function.identity(), defaultValue);
  }

  /**
   * As {@link #getArgument(String)}, read as something else: {@code getArgument("page",
   * Integer::valueOf)}.
   *
   * @throws HTTPError with status 400 if the converter throws
   */
  public final <T> T getArgument(String name, Function<String, ? extends T> converter) {
    return Arguments.convert(name, getArgument(name), converter);
  }

  /** As {@link #getArgument(String, Function)}, with what to return if it is not there. */
  public final <T extends @Nullable Object> T getArgument(
      String name, Function<String, ? extends T> converter, T defaultValue) {
    return Arguments.last(name, getArguments(name), converter, defaultValue);
  }

  /** As {@link #getArgument(String)}, with the whitespace around it unless it is stripped. */
  public final String getArgument(String name, boolean strip) {
    return Arguments.last(name, getArguments(name, strip));
  }

  /**
   * As {@link #getArgument(String, String)}, with the whitespace around it unless it is stripped.
   */
  public final String getArgument(String name, String defaultValue, boolean strip) {
    return Arguments.last(name, getArguments(name, strip), Function.identity(), defaultValue);
  }

  /** All values of an argument, the query's first; empty if it is not there. */
  public final List<String> getArguments(String name) {
    return getArguments(name, true);
  }

  /** As {@link #getArguments(String)}, with the whitespace around them unless it is stripped. */
  public final List<String> getArguments(String name, boolean strip) {
    return Arguments.join(getQueryArguments(name, strip), getBodyArguments(name, strip));
  }

  /** As {@link #getArgument(String)}, of the query alone. */
  public final String getQueryArgument(String name) {
    return Arguments.last(name, getQueryArguments(name));
  }

  /** As {@link #getArgument(String, String)}, of the query alone. */
  public final String getQueryArgument(String name, String defaultValue) {
    return Arguments.last(name, getQueryArguments(name), Function.identity(), defaultValue);
  }

  /** As {@link #getArgument(String, Function)}, of the query alone. */
  public final <T> T getQueryArgument(String name, Function<String, ? extends T> converter) {
    return Arguments.convert(name, getQueryArgument(name), converter);
  }

  /** As {@link #getArgument(String, Function, Object)}, of the query alone. */
  public final <T extends @Nullable Object> T getQueryArgument(
      String name, Function<String, ? extends T> converter, T defaultValue) {
    return Arguments.last(name, getQueryArguments(name), converter, defaultValue);
  }

  /** As {@link #getArgument(String, boolean)}, of the query alone. */
  public final String getQueryArgument(String name, boolean strip) {
    return Arguments.last(name, getQueryArguments(name, strip));
  }

  /** As {@link #getArgument(String, String, boolean)}, of the query alone. */
  public final String getQueryArgument(String name, String defaultValue, boolean strip) {
    var values = getQueryArguments(name, strip);
    return Arguments.last(name, values, Function.identity(), defaultValue);
  }

  /** As {@link #getArguments(String)}, of the query alone. */
  public final List<String> getQueryArguments(String name) {
    return getQueryArguments(name, true);
  }

  /** As {@link #getArguments(String, boolean)}, of the query alone. */
  public final List<String> getQueryArguments(String name, boolean strip) {
    return Arguments.decode(this, name, request().queryArguments(), strip);
  }

  /** As {@link #getArgument(String)}, of the body alone. */
  public final String getBodyArgument(String name) {
    return Arguments.last(name, getBodyArguments(name));
  }

  /** As {@link #getArgument(String, String)}, of the body alone. */
  public final String getBodyArgument(String name, String defaultValue) {
    return Arguments.last(name, getBodyArguments(name), Function.identity(), defaultValue);
  }

  /** As {@link #getArgument(String, Function)}, of the body alone. */
  public final <T> T getBodyArgument(String name, Function<String, ? extends T> converter) {
    return Arguments.convert(name, getBodyArgument(name), converter);
  }

  /** As {@link #getArgument(String, Function, Object)}, of the body alone. */
  public final <T extends @Nullable Object> T getBodyArgument(
      String name, Function<String, ? extends T> converter, T defaultValue) {
    return Arguments.last(name, getBodyArguments(name), converter, defaultValue);
  }

  /** As {@link #getArgument(String, boolean)}, of the body alone. */
  public final String getBodyArgument(String name, boolean strip) {
    return Arguments.last(name, getBodyArguments(name, strip));
  }

  /** As {@link #getArgument(String, String, boolean)}, of the body alone. */
  public final String getBodyArgument(String name, String defaultValue, boolean strip) {
    var values = getBodyArguments(name, strip);
    return Arguments.last(name, values, Function.identity(), defaultValue);
  }

  /** As {@link #getArguments(String)}, of the body alone. */
  public final List<String> getBodyArguments(String name) {
    return getBodyArguments(name, true);
  }

  /** As {@link #getArguments(String, boolean)}, of the body alone. */
  public final List<String> getBodyArguments(String name, boolean strip) {
    return Arguments.decode(this, name, request().bodyArguments(), strip);
  }

  /**
   * The body, which is JSON, as a record or anything else of which {@link
   * org.waterspout.escape.Escape#jsonDecode(String, Class)} can make one. What the record's
   * constructor throws means that the client has sent what is none; an {@link HTTPError} says with
   * which status that is answered.
   *
   * @throws IllegalStateException where the body is streamed
   * @throws HTTPError with status 415 if Content-Type is not that of JSON, 400 if the body is no
   *     JSON or does not fit
   */
  public final <T> T getJSONBody(Class<T> type) {
    var execution = execution("RequestHandler.getJSONBody");
    if (execution.handler().facts().streamsBody()) {
      throw new IllegalStateException("getJSONBody: the body is streamed");
    }
    return JSONBody.read(execution.request(), type);
  }

  /**
   * Turns the bytes of an argument into text, by default as strict UTF-8.
   *
   * @param name null for a group of the path without a name
   * @throws HTTPError with status 400 if that cannot be
   */
  protected String decodeArgument(byte[] value, @Nullable String name) {
    return Arguments.utf8(value, name);
  }

  /**
   * What a named group of the route's pattern matched, decoded.
   *
   * @throws MissingArgumentError if the group is optional and took no part
   * @throws IllegalArgumentException if the pattern has no such group
   */
  public final String pathArgument(String name) {
    return Arguments.required(name, group(name));
  }

  /** What a group without a name matched, from 0; as {@link #pathArgument(String)}. */
  public final String pathArgument(int i) {
    return Arguments.required("#" + i + " of the path", group(i));
  }

  /** As {@link #pathArgument(String)}, with what to return if the group took no part. */
  public final String pathArgument(String name, String defaultValue) {
    return Objects.requireNonNullElse(group(name), defaultValue);
  }

  /** As {@link #pathArgument(int)}, with what to return if the group took no part. */
  public final String pathArgument(int i, String defaultValue) {
    return Objects.requireNonNullElse(group(i), defaultValue);
  }

  private @Nullable String group(String name) {
    return Arguments.group(name, execution("RequestHandler.pathArgument").pathKwargs());
  }

  private @Nullable String group(int i) {
    return Arguments.group(i, execution("RequestHandler.pathArgument").pathArgs());
  }

  /** A cookie that the client sent; null if it did not. */
  public final @Nullable String getCookie(String name) {
    return request().cookies().get(name);
  }

  /** A cookie that the client sent, with what to return if it did not. */
  public final String getCookie(String name, String defaultValue) {
    return request().cookies().getOrDefault(name, defaultValue);
  }

  // ---- for the framework

  final void attach(Execution execution) {
    if (this.execution != null) {
      throw new IllegalStateException(
          getClass().getName() + " was used before: the supplier has to make one per request");
    }
    this.execution = execution;
  }

  final Execution execution(String method) {
    var bound = bound(method);
    bound.request().connection().loop().checkOnLoop(method);
    return bound;
  }

  final Execution bound(String method) {
    if (execution == null) {
      throw new IllegalStateException(
          method + ": the request is not known in the constructor; override prepare()");
    }
    return execution;
  }
}
