// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.SessionTask;
import org.waterspout.bridge.deployment.SessionConfig;
import org.waterspout.bridge.message.Cookies;
import org.waterspout.bridge.session.Session;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.CookieAttributes;
import org.waterspout.web.HTTPError;
import org.waterspout.web.RequestHandler;

/**
 * The sessions of an application, for handlers of the same server. What a handler does with one
 * counts as a request of the application: it runs off the loop, with the application's class
 * loader, and the application does not stop before it has ended.
 *
 * <p>Safe for all threads; called on the handler's loop.
 */
public final class HandlerSessions {
  private final WebApp app;

  /** The ids that handlers have told their clients and that the next request will have. */
  private final Map<HTTPServerRequest, String> told =
      Collections.synchronizedMap(new WeakHashMap<>());

  HandlerSessions(WebApp app) {
    this.app = app;
  }

  /** As {@link org.waterspout.bridge.ServletContainer#inSession} says. */
  public <T> CompletableFuture<T> run(RequestHandler handler, SessionTask<T> task) {
    var use = new Use(handler);
    return use.tell(loop(handler).runInExecutor(() -> use.run(task)));
  }

  /** As {@link org.waterspout.bridge.ServletContainer#inSessionIfAny} says. */
  public <T> CompletableFuture<Optional<T>> runIfAny(RequestHandler handler, SessionTask<T> task) {
    var use = new Use(handler);
    return use.tell(loop(handler).runInExecutor(() -> use.runIfAny(task)));
  }

  /** As {@link org.waterspout.bridge.ServletContainer#changeSessionId} says. */
  public CompletableFuture<String> changeId(RequestHandler handler) {
    var use = new Use(handler);
    return use.tell(loop(handler).runInExecutor(use::changeId));
  }

  private static IOLoop loop(RequestHandler handler) {
    return handler.request().connection().loop();
  }

  /** What is done with a session, which is null where there is none. */
  private interface Action<T> {
    T run(@Nullable Session session) throws Exception;
  }

  /** One use of a session: made on the loop, run off it, and told to the client on the loop. */
  private final class Use {
    private final RequestHandler handler;
    private final List<String> ids = new ArrayList<>();

    /** The id that the client is to be told; null if it knows it. */
    private volatile @Nullable String news;

    Use(RequestHandler handler) {
      this.handler = handler;
      if (!app.deployment().session().byCookie()) {
        throw new IllegalStateException("the sessions of this mount are not tracked by cookie");
      }
      String known = told.get(handler.request());
      if (known != null) {
        ids.add(known);
      }
      for (String field : handler.request().headers().getList("Cookie")) {
        for (Cookie cookie : Cookies.parse(field)) {
          boolean named = cookie.getName().equals(app.deployment().session().cookieName());
          if (named && ids.size() < SessionTracking.MAX_COOKIES) {
            ids.add(cookie.getValue());
          }
        }
      }
    }

    <T> T run(SessionTask<T> task) throws Exception {
      return inApp(
          session -> {
            if (session != null) {
              return task.run(session);
            }
            Session begun = app.sessions().create();
            news = begun.getId();
            try {
              return task.run(begun);
            } finally {
              begun.leave();
            }
          });
    }

    <T> Optional<T> runIfAny(SessionTask<T> task) throws Exception {
      return inApp(
          session -> session == null ? Optional.empty() : Optional.ofNullable(task.run(session)));
    }

    String changeId() throws Exception {
      return inApp(
          session -> {
            if (session == null) {
              throw new IllegalStateException("changeSessionId: there is no session");
            }
            app.sessions().changeId(session);
            news = session.getId();
            return session.getId();
          });
    }

    /** Runs what runs code of the application, as that has to be run. */
    private <T> T inApp(Action<T> action) throws Exception {
      if (!app.admission().enter()) {
        throw new HTTPError(503, "the application is full or stopping");
      }
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      app.running().add(thread, () -> {});
      thread.setContextClassLoader(app.deployment().classLoader());
      try {
        Session session = join();
        try {
          return action.run(session);
        } finally {
          if (session != null) {
            session.leave();
          }
        }
      } finally {
        thread.setContextClassLoader(before);
        app.running().remove(thread);
        app.admission().leave();
      }
    }

    private @Nullable Session join() {
      try {
        for (String id : ids) {
          Session session = app.sessions().join(id);
          if (session != null) {
            return session;
          }
        }
        return null;
      } catch (IOException e) {
        throw new HTTPError(503, "the session store failed", e);
      }
    }

    /** The same result, once the client has been told what it has to know. */
    <T> CompletableFuture<T> tell(CompletableFuture<T> result) {
      return result.whenComplete(
          (value, failure) -> {
            String id = news;
            if (id != null) {
              told.put(handler.request(), id);
              setCookie(id);
            }
          });
    }

    private void setCookie(String id) {
      SessionConfig config = app.deployment().session();
      HTTPServerRequest request = handler.request();
      String contextPath = request.connection().contextPath() + app.prefix();
      boolean secure = request.protocol().equals("https");
      CookieAttributes attributes = SessionCookie.attributes(config, contextPath, secure);
      handler.setCookie(config.cookieName(), id, attributes);
    }
  }
}
