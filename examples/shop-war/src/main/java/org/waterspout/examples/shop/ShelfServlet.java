// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.shop;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Shows what can be bought. */
public final class ShelfServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/html; charset=UTF-8");
    var page = response.getWriter();
    page.print("<!DOCTYPE html><html lang=en><title>Shelf</title>");
    page.print("<link rel=stylesheet href=shop.css><h1>Shelf</h1><ul>");
    for (String item : Shelf.ITEMS) {
      page.printf(
          "<li><form method=post action=cart><button name=item value=%1$s>%1$s</button></form>",
          item);
    }
    page.print(
        "</ul><p><a href=cart>Cart</a> · <a href=votes.jsp>Votes</a> · <a"
            + " href=terms.html>Terms</a></html>");
  }
}
