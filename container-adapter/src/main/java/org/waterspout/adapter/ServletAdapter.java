// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.ErrorPage;
import org.waterspout.adapter.exchange.Exchange;
import org.waterspout.adapter.exchange.RequestHead;
import org.waterspout.http.HTTPInputException;
import org.waterspout.log.Log;
import org.waterspout.web.Application;

/**
 * Runs an {@link Application} inside a servlet container. Tornado: {@code WSGIAdapter}, which could
 * not keep what is asynchronous; this one does.
 *
 * <p>In {@code web.xml}, where the init-param names a public class that implements {@code
 * Supplier<Application>} and has a public constructor without parameters:
 *
 * <pre>{@code
 * <servlet>
 *   <servlet-name>app</servlet-name>
 *   <servlet-class>org.waterspout.adapter.ServletAdapter</servlet-class>
 *   <init-param>
 *     <param-name>application</param-name>
 *     <param-value>org.example.MyApplicationSupplier</param-value>
 *   </init-param>
 *   <load-on-startup>1</load-on-startup>
 *   <async-supported>true</async-supported>
 * </servlet>
 * <servlet-mapping>
 *   <servlet-name>app</servlet-name>
 *   <url-pattern>/*</url-pattern>
 * </servlet-mapping>
 * }</pre>
 *
 * <p>or in code, {@code new ServletAdapter(application)} with {@code setAsyncSupported(true)}. The
 * servlet and every filter in front of it must support async; requests that come without it are
 * answered with 500, and the log names whom to ask.
 *
 * <p><b>Paths.</b> Routes see the request's raw URI without the context path, whatever the
 * servlet's mapping: in a web application at {@code /app}, {@code /app/post/1} is {@code /post/1}
 * to them, for the mappings {@code /*}, {@code /} and {@code /post/*} alike. So the mappings choose
 * what the Application gets and never change what its routes are called, and one Application can
 * stand behind several. What was taken away is {@code HTTPConnection.contextPath}; links begin with
 * it. A path that the container decodes differently from us is answered with 400.
 *
 * <p><b>Life.</b> The web application gets one loop on a thread of its own: its {@code
 * IOLoop.instance()} if it brings our classes in WEB-INF/lib, else a new one. {@code init} starts
 * it and the Application, {@code destroy} ends exchanges that are still open, then the Application,
 * then the loop, and leaves no thread. What the Application needs and this deployment lacks fails
 * {@code init} with a message that says so.
 */
public final class ServletAdapter extends HttpServlet {
  /** The init-param that names the class that supplies the Application. */
  public static final String APPLICATION = "application";

  private static final long serialVersionUID = 1L;
  private static final long MAX_BODY_SIZE = 100L << 20;
  private static final long PATIENCE_SECONDS = 10;

  private final transient @Nullable Application given; // null: named by the init-param
  private transient volatile @Nullable Running running; // null before init and after destroy
  private final transient AtomicBoolean toldMissingAsync = new AtomicBoolean();

  /** What init has made. */
  private record Running(
      Application application, Quirks quirks, WebApplicationLoop webLoop, Set<Exchange> open) {}

  /** For containers: the Application is named by the init-param {@value #APPLICATION}. */
  public ServletAdapter() {
    this.given = null;
  }

  /** An adapter of this Application, which belongs to it from now on. */
  public ServletAdapter(Application application) {
    this.given = Objects.requireNonNull(application, "application");
  }

  /**
   * Starts the web application's loop and the Application.
   *
   * @throws ServletException if there is no Application, or if it needs what this container lacks
   */
  @Override
  public void init() throws ServletException {
    var context = getServletContext();
    var quirks = Quirks.of(context.getServerInfo());
    Set<Exchange> open = ConcurrentHashMap.newKeySet();
    var webLoop = WebApplicationLoop.acquire(context, () -> open.forEach(Exchange::abandon));
    try {
      running = new Running(startApplication(quirks), quirks, webLoop, open);
    } catch (ServletException e) {
      // what the container logs of it may be the cause alone
      Log.GENERAL.log(System.Logger.Level.ERROR, e.getMessage());
      throw e;
    } finally {
      if (running == null) {
        webLoop.release();
      }
    }
    Log.GENERAL.log(
        System.Logger.Level.INFO,
        "{0} runs in {1} at {2}/, bodies up to {3} bytes; without {4}",
        where(),
        quirks.async().name(),
        context.getContextPath(),
        Long.toString(MAX_BODY_SIZE),
        EnumSet.complementOf(EnumSet.copyOf(quirks.async().capabilities())));
    if (!quirks.measured()) {
      Log.GENERAL.log(
          System.Logger.Level.WARNING, "{0} is not among the containers tried", quirks.container());
    }
  }

  private Application startApplication(Quirks quirks) throws ServletException {
    var application = given != null ? given : ApplicationParameter.load(parameter(), where());
    try {
      application.start(quirks.async().name(), quirks.async().capabilities());
    } catch (Exception e) {
      throw new ServletException(where() + " cannot start: " + e.getMessage(), e);
    }
    return application;
  }

  /** Ends open exchanges, the Application and the web application's loop. */
  @Override
  public void destroy() {
    var stopping = running;
    running = null;
    if (stopping != null) {
      endExchanges(stopping);
      stopping.application.stop();
      stopping.webLoop.release();
    }
  }

  /** Copies the request and hands it to the loop, as the last act of the container's thread. */
  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getAttribute(CutException.ATTRIBUTE) != null) {
      throw new CutException();
    }
    var running = this.running;
    if (running == null || running.webLoop.ended()) {
      answer(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    } else if (!request.isAsyncSupported()) {
      tellMissingAsync(request);
      answer(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    } else {
      serve(running, request, response);
    }
  }

  private static void serve(
      Running running, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    RequestHead head;
    try {
      head = RequestCopy.of(request);
    } catch (HTTPInputException e) {
      Log.GENERAL.log(
          System.Logger.Level.INFO,
          "{0} refused with {1}: {2}",
          request.getMethod(),
          e.status(),
          e.getMessage());
      answer(response, e.status());
      return;
    }
    var loop = running.webLoop.loop();
    // The request as filters have wrapped it, not the container's own.
    var asyncContext = request.startAsync(request, response);
    asyncContext.setTimeout(0);
    var exchange =
        new Exchange(
            loop,
            running.quirks.async(),
            head,
            MAX_BODY_SIZE,
            self -> new AsyncCarrier(self, running.quirks, asyncContext),
            running.open::remove);
    running.open.add(exchange);
    exchange.post(() -> exchange.begin(running.application));
    if (running.webLoop.ended()) {
      exchange.abandon();
    }
  }

  /** On the container's thread, which may block. */
  private static void answer(HttpServletResponse response, int status) throws IOException {
    var page = ErrorPage.of(status);
    AnswerFields.apply(response, status, page.headers(), page.length());
    response.getOutputStream().write(page.body().array());
  }

  private void endExchanges(Running stopping) {
    var loop = stopping.webLoop.loop();
    var done = new CompletableFuture<Void>();
    stopping.open.forEach(exchange -> loop.addCallback(exchange::shutDown));
    loop.addCallback(() -> done.complete(null));
    try {
      if (!stopping.webLoop.ended()) {
        done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      Log.GENERAL.log(System.Logger.Level.ERROR, where() + ": the loop does not answer", e);
    }
  }

  /** Once, since it concerns every request. The container does not tell who it was. */
  private void tellMissingAsync(HttpServletRequest request) {
    if (toldMissingAsync.compareAndSet(false, true)) {
      Log.GENERAL.log(System.Logger.Level.ERROR, MissingAsync.explain(where(), request));
    }
  }

  private @Nullable String parameter() {
    return getServletConfig().getInitParameter(APPLICATION);
  }

  private String where() {
    return "servlet " + getServletConfig().getServletName();
  }
}
