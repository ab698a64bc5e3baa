// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Says what its request looks like; more of it to {@code ?client}. */
public final class LookServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    var facts = RequestFacts.of(request).put("servlet", getServletName());
    if ("client".equals(request.getQueryString())) {
      facts.add(RequestFacts.client(request));
    }
    facts.send(response);
  }
}
