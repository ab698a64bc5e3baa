// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.office;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Old, and stays: {@code POST /desk} calls the next number. */
public final class DeskServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/html; charset=UTF-8");
    response
        .getWriter()
        .printf(
            "<!DOCTYPE html><title>Desk</title><p>Number %d<form method=post><button>Next</button>"
                + "</form>%n",
            Numbers.CALLED.current());
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Numbers.CALLED.callNext();
    response.sendRedirect("desk");
  }
}
