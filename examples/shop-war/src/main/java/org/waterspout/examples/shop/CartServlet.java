// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.shop;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.List;

/** What a visitor has taken, in the session: {@code POST item=Rope} takes something. */
public final class CartServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** The session's attribute: a {@code List<String>}, never changed, only replaced. */
  private static final String CART = "cart";

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/html; charset=UTF-8");
    var page = response.getWriter();
    page.print("<!DOCTYPE html><html lang=en><title>Cart</title>");
    page.print("<link rel=stylesheet href=shop.css><h1>Cart</h1><ul>");
    for (String item : cart(request.getSession())) {
      page.printf("<li>%s", item);
    }
    page.print("</ul><p><a href=./>Shelf</a></html>");
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String item = request.getParameter("item");
    if (item == null || !Shelf.ITEMS.contains(item)) {
      response.sendError(HttpServletResponse.SC_BAD_REQUEST, "not on the shelf");
      return;
    }
    var session = request.getSession();
    synchronized (session.getServletContext()) { // two requests of one visitor
      session.setAttribute(CART, with(cart(session), item));
    }
    response.sendRedirect("cart");
  }

  private static List<String> cart(HttpSession session) {
    return session.getAttribute(CART) instanceof List<?> items
        ? items.stream().map(String::valueOf).toList()
        : List.of();
  }

  private static List<String> with(List<String> items, String item) {
    var all = new java.util.ArrayList<>(items);
    all.add(item);
    return List.copyOf(all);
  }
}
