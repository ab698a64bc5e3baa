// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Section 2.3.3.3: asynchronous processing. */
public final class AsyncCases extends Cases {
  private static final long serialVersionUID = 1L;
  private static final String DONE = "specimen.done";
  private static final int SHORT_MILLIS = 100;

  /** Answers later. */
  public AsyncCases() {
    when(
        "complete",
        (request, response) -> {
          var async = request.startAsync();
          inThread(
              () -> {
                response.setContentType("text/plain");
                response.getWriter().print("later");
                async.complete();
              });
        });
    when(
        "complete-at-once",
        (request, response) -> {
          var async = request.startAsync();
          response.setContentType("text/plain");
          response.getWriter().print("at once");
          async.complete();
        });
    when(
        "start",
        (request, response) -> {
          var async = request.startAsync();
          async.start(
              () -> {
                try {
                  response.setContentType("text/plain");
                  response.getWriter().print("in its thread");
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
                async.complete();
              });
        });
    when("dispatch", (request, response) -> once(request, response, AsyncContext::dispatch));
    when(
        "dispatch-in-thread",
        (request, response) -> once(request, response, async -> inThread(async::dispatch)));
    when(
        "dispatch-to",
        (request, response) -> {
          var async = request.startAsync();
          async.dispatch(request.getParameter("to"));
        });
    when(
        "dispatch-wrapped",
        (request, response) -> {
          var async = request.startAsync(request, new HttpServletResponseWrapper(response));
          request.setAttribute("specimen.original", async.hasOriginalRequestAndResponse());
          async.dispatch("/look/wrapped");
        });
    when(
        "original",
        (request, response) -> {
          var async = request.startAsync();
          var facts =
              new Facts()
                  .put("original", async.hasOriginalRequestAndResponse())
                  .put("same request", async.getRequest() == request)
                  .put("same response", async.getResponse() == response)
                  .put("timeout", async.getTimeout())
                  .put("started", request.isAsyncStarted())
                  .put("same context", request.getAsyncContext() == async)
                  .run("again", request::startAsync);
          facts.send(response);
          async.complete();
          response.flushBuffer();
        });
    when(
        "after-complete",
        (request, response) -> {
          var async = request.startAsync();
          async.complete();
          var facts =
              new Facts()
                  .put("started", request.isAsyncStarted())
                  .run("complete", async::complete)
                  .run("dispatch", async::dispatch)
                  .run("timeout", () -> async.setTimeout(5));
          facts.send(response);
        });
    when(
        "after-dispatch",
        (request, response) -> {
          if (request.getAttribute(DONE) != null) {
            ((Facts) request.getAttribute(DONE))
                .put("started in dispatch", request.isAsyncStarted())
                .put("type", request.getDispatcherType())
                .call("context", request::getAsyncContext)
                .send(response);
            return;
          }
          var async = request.startAsync();
          var facts = new Facts();
          request.setAttribute(DONE, facts);
          async.dispatch();
          facts
              .put("started", request.isAsyncStarted())
              .run("dispatch again", async::dispatch)
              .run("complete", async::complete)
              .run("start again", request::startAsync);
        });
    when(
        "start-again",
        (request, response) -> {
          if (request.getAttribute(DONE) == null) {
            request.setAttribute(DONE, "x");
            var async = request.startAsync();
            async.addListener(new Told(request, response, ""));
            async.dispatch();
          } else {
            var async = request.startAsync();
            inThread(
                () -> {
                  response.setContentType(Facts.TYPE);
                  response.getWriter().print(new Facts().put("told", told(request)));
                  async.complete();
                });
          }
        });
    when("timeout", (request, response) -> request.startAsync().setTimeout(SHORT_MILLIS));
    when("timeout-complete", (request, response) -> timeout(request, response, "complete"));
    when("timeout-dispatch", (request, response) -> timeout(request, response, "dispatch"));
    when("timeout-error", (request, response) -> timeout(request, response, "error"));
    when("timeout-nothing", (request, response) -> timeout(request, response, ""));
    when("timeout-throws", (request, response) -> timeout(request, response, "throw"));
    when(
        "throws",
        (request, response) -> {
          var async = request.startAsync();
          async.addListener(new Told(request, response, ""));
          throw new ErrorCases.Mapped("after startAsync");
        });
    when(
        "throws-complete",
        (request, response) -> {
          var async = request.startAsync();
          async.addListener(new Told(request, response, "complete"));
          throw new ErrorCases.Mapped("after startAsync");
        });
    when(
        "throws-in-dispatch",
        (request, response) -> once(request, response, async -> async.dispatch("/errors/mapped")));
    when(
        "error-later",
        (request, response) -> {
          var async = request.startAsync();
          inThread(
              () -> {
                response.sendError(409, "later");
                async.complete();
              });
        });
    when(
        "error-then-dispatch",
        (request, response) -> {
          var async = request.startAsync();
          inThread(() -> async.dispatch("/errors/code?status=410"));
        });
    when(
        "forwarded",
        (request, response) ->
            request.getRequestDispatcher("/async/dispatch").forward(request, response));
    when(
        "forwarded-complete",
        (request, response) ->
            request.getRequestDispatcher("/async/complete").forward(request, response));
    when(
        "included",
        (request, response) -> {
          response.setContentType("text/plain");
          request.getRequestDispatcher("/async/start").include(request, response);
          response.getWriter().print("outer");
        });
    when(
        "encoded",
        (request, response) ->
            once(request, response, async -> async.dispatch("/look/a%20b;c=d/e?x=%41")));
    when(
        "listeners",
        (request, response) -> {
          if (request.getAttribute(DONE) != null) {
            new Facts().put("told", told(request)).send(response);
            return;
          }
          request.setAttribute(DONE, "x");
          var async = request.startAsync();
          async.addListener(new Told(request, response, "first"));
          async.addListener(new Told(request, response, "second"));
          async.dispatch();
        });
  }

  private static void once(
      HttpServletRequest request, HttpServletResponse response, ThrowingConsumer then)
      throws IOException {
    if (request.getAttribute(DONE) != null) {
      RequestFacts.of(request).send(response);
      return;
    }
    request.setAttribute(DONE, "x");
    then.accept(request.startAsync());
  }

  /** What is done with the context. */
  interface ThrowingConsumer {
    void accept(AsyncContext async) throws IOException;
  }

  private static void inThread(Facts.Action action) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                action.run();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private static void timeout(
      HttpServletRequest request, HttpServletResponse response, String how) {
    if (request.getAttribute(DONE) != null) {
      return;
    }
    var async = request.startAsync();
    async.setTimeout(SHORT_MILLIS);
    async.addListener(new Told(request, response, how), request, response);
  }

  @SuppressWarnings("unchecked")
  private static List<String> told(HttpServletRequest request) {
    var told = (List<String>) request.getAttribute("specimen.told");
    if (told == null) {
      told = new CopyOnWriteArrayList<>();
      request.setAttribute("specimen.told", told);
    }
    return told;
  }

  /** Keeps what it was told in the request, and ends the request if it is to. */
  private record Told(HttpServletRequest request, HttpServletResponse response, String how)
      implements AsyncListener {
    private void note(String what, AsyncEvent event) {
      told(request).add((how + " " + what + " " + (event.getThrowable() != null)).strip());
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      note("start", event);
    }

    @Override
    public void onComplete(AsyncEvent event) {
      note("complete", event);
    }

    @Override
    public void onError(AsyncEvent event) throws IOException {
      note("error", event);
      end(event);
    }

    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
      note("timeout", event);
      end(event);
    }

    private void end(AsyncEvent event) throws IOException {
      switch (how) {
        case "complete" -> {
          new Facts()
              .put("told", told(request))
              .put("supplied", event.getSuppliedRequest() != null)
              .send(response);
          event.getAsyncContext().complete();
        }
        case "dispatch" -> event.getAsyncContext().dispatch("/look/timeout");
        case "error" -> {
          response.sendError(418);
          event.getAsyncContext().complete();
        }
        case "throw" -> throw new IllegalStateException("in the listener");
        default -> {
          // leaves it to the container
        }
      }
    }
  }
}
