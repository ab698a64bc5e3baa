// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;
import org.waterspout.web.Application;

/**
 * Puts an {@link Application} in front of an existing web application: what one of its routes is
 * for it answers, everything else goes on to the filters and servlets behind, untouched.
 *
 * <p>As {@link ServletAdapter}, but mapped as a filter, best the first one and for {@code /*}:
 *
 * <pre>{@code
 * <filter>
 *   <filter-name>app</filter-name>
 *   <filter-class>org.waterspout.adapter.ServletFilterAdapter</filter-class>
 *   <async-supported>true</async-supported>
 *   <init-param>
 *     <param-name>application</param-name>
 *     <param-value>org.example.MyApplicationSupplier</param-value>
 *   </init-param>
 * </filter>
 * <filter-mapping>
 *   <filter-name>app</filter-name>
 *   <url-pattern>/*</url-pattern>
 * </filter-mapping>
 * }</pre>
 *
 * <p>Routes are asked on the container's thread before anything of the request is consumed, see
 * {@link Application#hasRoute}. A path that the container and our routes could read differently
 * ({@code /x;jsessionid=1}, {@code /%78}, {@code //x}) is for no route: it goes on, or is answered
 * with 400 where a route is for its plain spelling, so that none passes by a route to what was
 * there before. Forwards, includes and errors of the web application behind go on. What a route
 * answers, no filter behind this one sees: filters that are to guard the routes stand in front of
 * it.
 */
public final class ServletFilterAdapter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Application given; // null: named by the init-param
  private final transient AdapterOptions options; // unless init-params say others
  private transient volatile @Nullable Site site; // null before init and after destroy

  /** For containers: the Application is named by the init-param {@code application}. */
  public ServletFilterAdapter() {
    this.given = null;
    this.options = AdapterOptions.defaults();
  }

  /** An adapter of this Application, which belongs to it from now on. */
  public ServletFilterAdapter(Application application) {
    this(application, AdapterOptions.defaults());
  }

  /** An adapter with these options, unless init-params say others. */
  public ServletFilterAdapter(Application application, AdapterOptions options) {
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
    var config = getFilterConfig();
    String where = "filter " + config.getFilterName();
    try {
      var chosen = OptionParameters.override(options, config::getInitParameter, where);
      var application =
          given != null
              ? given
              : ApplicationParameter.load(
                  config.getInitParameter(ServletAdapter.APPLICATION), where);
      var quirks = Quirks.of(getServletContext().getServerInfo()).inFilter();
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
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request.getDispatcherType() != DispatcherType.REQUEST
        || !Site.serveIfRouted(site, request, response)) {
      chain.doFilter(request, response);
    }
  }
}
