// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.office;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Old, and answers again where the filter is taken out: a page that is reloaded all the time. */
public final class DisplayServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/html; charset=UTF-8");
    response.setHeader("Refresh", "5");
    response
        .getWriter()
        .printf("<!DOCTYPE html><title>Display</title><h1>%d</h1>%n", Numbers.CALLED.current());
  }
}
