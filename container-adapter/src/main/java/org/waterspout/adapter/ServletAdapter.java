// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
 * servlet and every filter in front of it should support async. A request that comes without it is
 * served by {@link Mode}: synchronously as long as nothing else is asked for, and the log names
 * whom to ask.
 *
 * <p><b>Paths.</b> Routes see the request's raw URI without the context path, whatever the
 * servlet's mapping: in a web application at {@code /app}, {@code /app/post/1} is {@code /post/1}
 * to them, for the mappings {@code /*}, {@code /} and {@code /post/*} alike. So the mappings choose
 * what the Application gets and never change what its routes are called, and one Application can
 * stand behind several. What was taken away is {@code HTTPConnection.contextPath}; links begin with
 * it. A path that the container decodes differently from us is answered with 400.
 *
 * <p><b>WebSockets</b> are the container's jakarta.websocket, which has to be there: in a
 * stand-alone container it is by default, in an embedded one it is an artifact of its own, and
 * whoever starts without it is told which. In Jetty a client that sends more than its handler takes
 * keeps a thread of the container; others are held back without.
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

  private final transient @Nullable Application given; // null: named by the init-param
  private final transient AdapterOptions options; // unless init-params say others
  private transient volatile @Nullable Site site; // null before init and after destroy

  /** For containers: the Application is named by the init-param {@value #APPLICATION}. */
  public ServletAdapter() {
    this.given = null;
    this.options = AdapterOptions.defaults();
  }

  /** An adapter of this Application, which belongs to it from now on. */
  public ServletAdapter(Application application) {
    this(application, AdapterOptions.defaults());
  }

  /** An adapter with these options, unless init-params say others. */
  public ServletAdapter(Application application, AdapterOptions options) {
    this.given = Objects.requireNonNull(application, "application");
    this.options = Objects.requireNonNull(options, "options");
  }

  /**
   * Starts the web application's loop and the Application.
   *
   * @throws ServletException if there is no Application, or if it needs what this container lacks
   */
  @Override
  public void init() throws ServletException {
    var config = getServletConfig();
    String where = "servlet " + config.getServletName();
    try {
      var chosen = OptionParameters.override(options, config::getInitParameter, where);
      var application =
          given != null
              ? given
              : ApplicationParameter.load(config.getInitParameter(APPLICATION), where);
      var quirks = Quirks.of(getServletContext().getServerInfo());
      site = Site.start(getServletContext(), where, application, chosen, quirks);
    } catch (ServletException e) {
      // what the container logs of it may be the cause alone
      Log.GENERAL.log(System.Logger.Level.ERROR, e.getMessage());
      throw e;
    }
  }

  /** Ends open exchanges, the Application and the web application's loop. */
  @Override
  public void destroy() {
    var stopping = site;
    site = null;
    if (stopping != null) {
      stopping.stop();
    }
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Site.serve(site, request, response);
  }
}
