// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Section 2.1: what HttpServlet itself does with methods; it was last modified in 1994. */
public final class MethodServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final long MODIFIED = 784111777000L;

  @Override
  protected long getLastModified(HttpServletRequest request) {
    return MODIFIED;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain;charset=UTF-8");
    response.getWriter().print("get " + request.getMethod());
  }

  @Override
  protected void doPut(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setStatus(201);
    response.getOutputStream().print("put " + request.getInputStream().readAllBytes().length);
  }
}
