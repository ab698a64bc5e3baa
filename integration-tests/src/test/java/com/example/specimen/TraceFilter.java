// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Chapter 6: adds its name to an attribute of the request, and to a header of the answer. */
public final class TraceFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    var before = request.getAttribute("specimen.trace");
    var own = getFilterName() + "-" + request.getDispatcherType();
    request.setAttribute("specimen.trace", before == null ? own : before + " " + own);
    response.addHeader("X-Trace", own);
    chain.doFilter(request, response);
  }
}
