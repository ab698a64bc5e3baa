// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.MissingCapabilityException;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopClosedException;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.log.Log;

/**
 * The one way out for whatever the code of a request throws, also in callbacks that it has stored:
 * an error page, or an answer that is cut. On the loop.
 */
final class ErrorRoute implements Consumer<Throwable> {
  private final Execution execution;
  private final Response response;
  private @Nullable Duration overdue; // what the request had, if it is over
  private boolean answering; // an error page is on its way

  ErrorRoute(Execution execution, Response response) {
    this.execution = execution;
    this.response = response;
  }

  /** Says that the deadline is over: what is cancelled from here on was too late. */
  void overdue(Duration limit) {
    overdue = limit;
  }

  /** Answers in place of a handler that has let its deadline pass, and does not now. */
  void answerOverdue() {
    var limit = overdue;
    if (limit != null && isOpen()) {
      accept(late(limit));
    }
  }

  private static HTTPError late(Duration limit) {
    return new HTTPError(503, "Not answered within " + limit);
  }

  /** What the deadline has cancelled is late; everything else is what it is. */
  private Throwable orLate(Throwable error) {
    var limit = overdue;
    boolean cancelled = error instanceof CancellationException;
    return limit != null && cancelled && isOpen() ? late(limit) : error;
  }

  private boolean isOpen() {
    return !response.finished() && !answering;
  }

  @Override
  public void accept(Throwable thrown) {
    var error = orLate(thrown);
    try {
      answerFailure(error);
    } catch (Throwable again) {
      if (error instanceof Finish) {
        accept(again); // the answer is not fit to be finished
      } else {
        logged(execution.handler(), again);
        giveUp();
      }
      IOLoop.rethrowIfFatal(again);
    }
  }

  /** The error page has failed too. An answer without any, if its headers are not out. */
  private void giveUp() {
    try {
      if (!response.finished() && !response.headersWritten()) {
        response.clear();
        response.setStatus(500, null);
        var _ = execution.end();
      }
    } catch (Throwable e) {
      logged(execution.handler(), e);
      IOLoop.rethrowIfFatal(e);
    } finally {
      execution.cut();
    }
  }

  private void answerFailure(Throwable error) {
    if (error instanceof Finish finish) {
      if (!response.finished()) {
        finish.writeTo(execution.handler());
        var _ = execution.end();
      }
      return;
    }
    if (isEndOfRequest(error)) {
      Log.GENERAL.log(
          System.Logger.Level.DEBUG,
          () ->
              "Not answered: " + LogText.summary(execution.request()) + ": " + Log.cleaned(error));
      execution.abandon();
      return;
    }
    logged(execution.handler(), error);
    if (!response.finished()) {
      sendError(statusOf(error), error);
    }
  }

  private boolean isEndOfRequest(Throwable error) {
    return error instanceof LoopClosedException
        || (error instanceof CancellationException && execution.scope().isCancelled())
        || (error instanceof StreamClosedException && response.clientGone());
  }

  /** Answers with an error page, or cuts an answer whose headers are out. */
  void sendError(int status, @Nullable Throwable cause) {
    if (response.headersWritten()) {
      if (cause == null) {
        Log.GENERAL.log(
            System.Logger.Level.ERROR,
            () ->
                "Cannot send error "
                    + status
                    + " after headers: "
                    + LogText.summary(execution.request()));
      }
      execution.cut();
      return;
    }
    answering = true;
    beginError(status, cause);
    if (response.mayHaveBody()) {
      writeError(status, cause);
    }
    if (!response.finished()) {
      var _ = execution.end();
    }
  }

  private void beginError(int status, @Nullable Throwable cause) {
    execution.clear();
    response.setStatus(status, cause instanceof HTTPError e ? e.reason() : null);
    if (status == 405) {
      response.headers().set("Allow", execution.handler().allow());
    }
  }

  private void writeError(int status, @Nullable Throwable cause) {
    var handler = execution.handler();
    try {
      handler.writeError(status, cause);
    } catch (Throwable e) {
      logged(handler, e);
      IOLoop.rethrowIfFatal(e);
      if (response.headersWritten()) {
        execution.cut();
      } else if (!response.finished()) {
        beginError(status, cause); // half a page is none
      }
    }
  }

  private static int statusOf(Throwable error) {
    return switch (error) {
      case HTTPError e -> e.status();
      case HTTPInputException e -> e.status();
      case MissingCapabilityException _ -> 501;
      default -> 500;
    };
  }

  static void logged(RequestHandler handler, Throwable error) {
    try {
      handler.logException(error);
    } catch (Throwable e) {
      Log.APPLICATION.log(System.Logger.Level.ERROR, "Exception in logException", Log.cleaned(e));
      Log.APPLICATION.log(
          System.Logger.Level.ERROR, "... which was to log this one", Log.cleaned(error));
    }
  }
}
