// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** A servlet that does what the path info names. */
abstract class Cases extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** One of the things it does. */
  interface Case {
    void run(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException;
  }

  /** One that only says what it sees. */
  interface Seen {
    void look(HttpServletRequest request, HttpServletResponse response, Facts facts)
        throws ServletException, IOException;
  }

  private final transient Map<String, Case> cases = new HashMap<>();

  final void when(String name, Case what) {
    if (cases.put("/" + name, what) != null) {
      throw new IllegalStateException("two cases are called " + name);
    }
  }

  final void see(String name, Seen what) {
    when(
        name,
        (request, response) -> {
          var facts = new Facts();
          what.look(request, response, facts);
          facts.send(response);
        });
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    var found = cases.get(request.getPathInfo());
    if (found == null) {
      throw new ServletException("no case " + request.getPathInfo());
    }
    found.run(request, response);
  }
}
