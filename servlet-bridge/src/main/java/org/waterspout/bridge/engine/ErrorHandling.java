// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.UnavailableException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.deployment.ErrorPage;
import org.waterspout.bridge.message.BadParametersException;
import org.waterspout.bridge.message.ErrorPages;
import org.waterspout.bridge.message.UnknownCharsetException;
import org.waterspout.log.Log;

/**
 * What becomes of errors, Servlet 6.1 section 10.9: the page that the application declares, else
 * one of ours. An exception is logged once, here, and nothing of it reaches the client but its
 * status.
 */
final class ErrorHandling {
  private final WebApp app;
  private final Exchange exchange;
  private final Request request;
  private final Response response;

  ErrorHandling(WebApp app, Exchange exchange, Request request) {
    this.app = app;
    this.exchange = exchange;
    this.request = request;
    this.response = request.response();
  }

  /** Shows the error that the application asked for, if it did. */
  void showRequested() {
    Response.RequestedError error = response.requestedError();
    if (error != null) {
      ErrorPage page = ErrorPage.find(pages(), error.status());
      show(error.status(), error.message(), null, page);
    }
  }

  /** Shows that the time of an asynchronous request is over. */
  void showTimeout() {
    if (response.requestedError() != null) {
      showRequested();
    } else if (response.headersSent()) {
      cut();
    } else {
      Log.GENERAL.log(
          Level.INFO, "timed out: {0} {1}", request.getMethod(), request.getRequestURI());
      show(500, null, null, ErrorPage.find(pages(), 500));
    }
  }

  private void cut() {
    if (!response.finished()) {
      exchange.abort();
    }
  }

  /** Shows what an exception leads to. */
  void show(Throwable failure) {
    if (ClientGoneException.causes(failure) || exchange.interruption().happened()) {
      Log.GENERAL.log(Level.DEBUG, "client gone: {0}", request.getRequestURI());
      exchange.abort();
      return;
    }
    int status = status(failure);
    if (status >= 500 && !(failure instanceof StoppingException)) {
      Log.APPLICATION.log(
          Level.ERROR,
          "failed: " + request.getMethod() + " " + request.getRequestURI(),
          Log.cleaned(failure));
    } else {
      String reason = Log.cleaned(failure).getMessage();
      Log.GENERAL.log(Level.INFO, "{0}: {1}", request.getRequestURI(), reason);
    }
    if (response.headersSent()) {
      cut();
    } else {
      showPage(status, failure);
    }
  }

  private static int status(Throwable failure) {
    return switch (failure) {
      case BadParametersException e -> e.status();
      case UnknownCharsetException _ -> 400;
      case UnavailableException e -> e.isPermanent() ? 404 : 503;
      case ServletException e when e.getRootCause() instanceof BadParametersException bad ->
          bad.status();
      default -> 500;
    };
  }

  /** Section 10.9.2: if there is no page for a ServletException, its cause has a second chance. */
  private void showPage(int status, Throwable failure) {
    ErrorPage page = ErrorPage.find(pages(), failure);
    Throwable root = failure instanceof ServletException e ? e.getRootCause() : null;
    ErrorPage rootPage = page == null && root != null ? ErrorPage.find(pages(), root) : null;
    if (rootPage != null) {
      show(status, null, root, rootPage);
    } else {
      show(status, null, failure, page != null ? page : ErrorPage.find(pages(), status));
    }
  }

  private List<ErrorPage> pages() {
    return app.deployment().errorPages();
  }

  private void show(
      int status, @Nullable String message, @Nullable Throwable failure, @Nullable ErrorPage page) {
    response.resetForError(status);
    if (failure instanceof UnavailableException e && !e.isPermanent()) {
      response.setIntHeader("Retry-After", Math.max(1, e.getUnavailableSeconds()));
    }
    try {
      if (page == null || !dispatched(page, status, message, failure)) {
        Response.RequestedError ofPage = response.requestedError();
        if (ofPage == null) {
          writePage(status, message);
        } else {
          writePage(ofPage.status(), ofPage.message());
        }
      }
    } catch (IOException e) {
      Log.GENERAL.log(Level.DEBUG, "client gone: {0}", request.getRequestURI());
      exchange.abort();
    }
  }

  /** Whether the page was shown; if it fails itself, ours takes its place. */
  private boolean dispatched(
      ErrorPage page, int status, @Nullable String message, @Nullable Throwable failure) {
    Dispatcher dispatcher = app.routing().dispatcher(page.location(), "/");
    if (dispatcher == null) {
      return false;
    }
    setAttributes(status, message, failure);
    try {
      dispatcher.error(request, response);
      return response.requestedError() == null;
    } catch (Throwable e) {
      Log.APPLICATION.log(Level.ERROR, "error page failed: " + page.location(), Log.cleaned(e));
      if (response.headersSent()) {
        exchange.abort();
        return true;
      }
      return false;
    }
  }

  private void setAttributes(int status, @Nullable String message, @Nullable Throwable failure) {
    request.setAttribute(RequestDispatcher.ERROR_STATUS_CODE, status);
    request.setAttribute(RequestDispatcher.ERROR_REQUEST_URI, request.getRequestURI());
    request.setAttribute(RequestDispatcher.ERROR_QUERY_STRING, request.getQueryString());
    request.setAttribute(RequestDispatcher.ERROR_METHOD, request.getMethod());
    request.setAttribute(RequestDispatcher.ERROR_SERVLET_NAME, request.match().servletName());
    if (failure != null) {
      request.setAttribute(RequestDispatcher.ERROR_EXCEPTION, failure);
      request.setAttribute(RequestDispatcher.ERROR_EXCEPTION_TYPE, failure.getClass());
    }
    String text = message != null ? message : failure != null ? failure.getMessage() : null;
    request.setAttribute(RequestDispatcher.ERROR_MESSAGE, text == null ? "" : text);
  }

  private void writePage(int status, @Nullable String message) throws IOException {
    response.resetForError(status);
    response.setContentType("text/html;charset=UTF-8");
    response
        .getOutputStream()
        .write(ErrorPages.error(status, message).getBytes(StandardCharsets.UTF_8));
  }
}
