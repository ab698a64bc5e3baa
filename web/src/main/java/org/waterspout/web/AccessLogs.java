// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.AccessLog;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.log.Log;

/**
 * Forms of the access log. Without any, each answer of a handler is a line of the logger {@code
 * org.waterspout.access}, with the level that goes with its status:
 *
 * <pre>{@code
 * 200 GET /a?b=c (192.0.2.7) 1.25ms
 * }</pre>
 *
 * <p>The combined log is Apache's, which many programs read. Where no bytes were sent, and for the
 * users' names, it has a dash:
 *
 * <pre>{@code
 * 192.0.2.7 - - [21/Nov/2026:17:30:00 +0000] "GET /a?b=c HTTP/1.1" 200 12 "https://x/" "Firefox"
 * }</pre>
 *
 * <p>Whatever a client has sent, a line is one line, its fields are where they belong, and all
 * characters are visible ASCII.
 */
public final class AccessLogs {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss xx", Locale.ENGLISH)
          .withZone(ZoneId.systemDefault());

  private AccessLogs() {}

  /**
   * The combined log in the logger {@code org.waterspout.access}, level INFO: {@code
   * settings().logFunction(AccessLogs.combined())}.
   */
  public static Consumer<RequestHandler> combined() {
    return combined(line -> Log.ACCESS.log(Level.INFO, () -> line));
  }

  /**
   * The combined log of what handlers answer, in every deployment. The bytes are the body's, before
   * it is sent.
   *
   * @param lines takes each line, without its end; on the loop
   */
  public static Consumer<RequestHandler> combined(Consumer<String> lines) {
    return handler -> lines.accept(line(handler));
  }

  /**
   * The combined log of all that a native server answers, servlets and refusals too: {@code
   * HTTPServerOptions.builder().accessLog(AccessLogs.combinedOfServer(lines))}. The bytes are the
   * whole answer's, with its head. Of a request that was not understood, the line has a dash.
   *
   * @param lines takes each line, without its end; on the loop
   */
  public static AccessLog combinedOfServer(Consumer<String> lines) {
    return entry -> lines.accept(line(entry));
  }

  /** The line for those who chose nothing else. */
  static void log(RequestHandler handler) {
    int status = handler.getStatus();
    var level = status < 400 ? Level.INFO : status < 500 ? Level.WARNING : Level.ERROR;
    Log.ACCESS.log(level, () -> plainLine(status, handler.request()));
  }

  private static String plainLine(int status, HTTPServerRequest request) {
    long hundredths = request.requestTime().toNanos() / 10_000;
    String fraction = hundredths % 100 < 10 ? ".0" : ".";
    String time = hundredths / 100 + fraction + hundredths % 100 + "ms";
    return status + " " + LogText.summary(request) + " " + time;
  }

  private static String line(RequestHandler handler) {
    var request = handler.request();
    boolean head = request.method().equals("HEAD");
    return line(
        request.remoteIP(),
        request.startTime(),
        request.method() + " " + request.uri() + " " + request.version(),
        handler.getStatus(),
        head ? 0 : handler.response("AccessLogs.combined").bytesWritten(),
        request.headers());
  }

  private static String line(AccessLog.Entry entry) {
    var request = entry.startLine();
    return line(
        entry.context().remoteIP(),
        Instant.now().minus(entry.duration()),
        request == null ? "-" : request.method() + " " + request.target() + " " + request.version(),
        entry.status(),
        entry.bytesSent(),
        entry.headers());
  }

  private static String line(
      String ip,
      Instant time,
      String request,
      int status,
      long bytes,
      @Nullable HTTPHeaders headers) {
    return ip
        + " - - ["
        + TIME.format(time)
        + "] \""
        + LogText.quotable(request)
        + "\" "
        + status
        + " "
        + (bytes == 0 ? "-" : bytes)
        + field(headers, "Referer")
        + field(headers, "User-Agent");
  }

  private static String field(@Nullable HTTPHeaders headers, String name) {
    String value = headers == null ? null : headers.get(name);
    return " \"" + (value == null ? "-" : LogText.quotable(value)) + "\"";
  }
}
