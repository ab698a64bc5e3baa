// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.waterspout.escape.Escape.xhtmlEscape;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.mount;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import jakarta.servlet.http.HttpSession;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.waterspout.bridge.OnStartFailure;
import org.waterspout.bridge.ServletContainer;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;
import org.waterspout.web.HTTPError;
import org.waterspout.web.RequestHandler;

/**
 * An old application at {@code /}, of which routes are taken over one by one by handlers in front
 * of it. Each is given back, and taken again, while the server runs, and the visitors' sessions are
 * the same on both sides.
 *
 * <p>The switches are a page of their own on another port, for this machine only:
 *
 * <pre>
 *   GET  /               what is new and what is old
 *   POST name=cart&on=…  takes a route over ("true"), or gives it back ("false")
 * </pre>
 */
final class Strangler {
  /** Of the old application's sessions: a list of names. */
  private static final String CART = "cart";

  private final ServletContainer old;
  private final Takeover cart = new Takeover("cart");
  private final Takeover terms = new Takeover("terms");

  Strangler(Path war) {
    old = ServletContainer.builder().war(war).onStartFailure(OnStartFailure.FAIL).build();
  }

  /** The first rule that wants a request gets it; what nobody has taken over is the old WAR's. */
  Application application() {
    return new Application(
        cart.rule(url("/cart", () -> new CartHandler(old))),
        terms.rule(url("/terms.html", TermsHandler::new)),
        mount("", old));
  }

  /** The page with the switches. */
  Application switches() {
    var all = List.of(cart, terms);
    return new Application(
        settings().xsrfCookies(true).build(), url("/", () -> new SwitchesHandler(all)));
  }

  /** Signs what the new handlers answer, so that one sees who did. */
  abstract static class NewHandler extends RequestHandler {
    @Override
    protected void setDefaultHeaders() {
      setHeader("X-Answered-By", "the new handler");
    }
  }

  /** The cart: shows how many of each there are, which the old page does not. */
  static final class CartHandler extends NewHandler {
    private final ServletContainer old;

    CartHandler(ServletContainer old) {
      this.old = old;
    }

    @Override
    protected void get() {
      var counts = new TreeMap<String, Integer>();
      for (String item : await(old.inSession(this, CartHandler::items))) {
        counts.merge(item, 1, Integer::sum);
      }
      write("<!DOCTYPE html><html lang=en><title>Cart</title><link rel=stylesheet href=shop.css>");
      write("<h1>Cart</h1><ul>");
      counts.forEach((item, count) -> write("<li>" + count + " × " + xhtmlEscape(item)));
      write("</ul><p><a href=/>Shelf</a></html>");
    }

    @Override
    protected void post() {
      String item = getArgument("item");
      if (item.length() > 100) {
        throw new HTTPError(400, "too long for an item");
      }
      await(old.inSession(this, session -> add(session, item)));
      redirect("/cart");
    }

    private static List<String> items(HttpSession session) {
      return session.getAttribute(CART) instanceof List<?> items
          ? items.stream().map(String::valueOf).toList()
          : List.of();
    }

    /** Off the loop, with the lock that the old servlet takes for this. */
    private static List<String> add(HttpSession session, String item) {
      synchronized (session.getServletContext()) {
        var all = new ArrayList<>(items(session));
        all.add(item);
        session.setAttribute(CART, List.copyOf(all));
        return all;
      }
    }
  }

  /** A page that was a file of the WAR. */
  static final class TermsHandler extends NewHandler {
    @Override
    protected void get() {
      write("<!DOCTYPE html><html lang=en><title>Terms</title><link rel=stylesheet href=shop.css>");
      write("<h1>Terms</h1><p>As before, and written anew.<p><a href=/>Shelf</a></html>");
    }
  }

  /** Shows the switches, and turns them. */
  static final class SwitchesHandler extends RequestHandler {
    private final List<Takeover> takeovers;

    SwitchesHandler(List<Takeover> takeovers) {
      this.takeovers = takeovers;
    }

    @Override
    protected void get() {
      var rows = new StringBuilder();
      for (Takeover takeover : takeovers) {
        rows.append(
            """
            <form method="post">%s<input type="hidden" name="name" value="%s">
            <span><b>%s</b> is %s</span><button name="on" value="%s">%s</button></form>
            """
                .formatted(
                    xsrfFormHtml(),
                    takeover.name,
                    takeover.name,
                    takeover.on() ? "new" : "old",
                    !takeover.on(),
                    takeover.on() ? "Give back" : "Take over"));
      }
      write(Page.filled("switches.html", Map.of("rows", rows.toString())));
    }

    @Override
    protected void post() {
      String name = getArgument("name");
      boolean on = getArgument("on").equals("true");
      takeovers.stream()
          .filter(takeover -> takeover.name.equals(name))
          .findFirst()
          .orElseThrow(() -> new HTTPError(404, "no such route"))
          .turn(on);
      redirect("/");
    }
  }

  static void main(String[] args) {
    var options =
        Options.of("An old WAR, of which handlers take over one route after the other.")
            .serving(8888)
            .port("switches", 8889, "the port of the switches, for this machine only")
            .option("war", "examples/shop-war/target/shop.war", "the old application, the shop")
            .parse(args);
    var strangler = new Strangler(options.path("war"));
    try {
      int port = options.listen(strangler.application()).port();
      int switches = strangler.switches().listen(options.port("switches"), "127.0.0.1").port();
      System.out.println(
          "http://localhost:" + port + "/, switches at http://localhost:" + switches + "/");
    } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException e) {
      Options.fail(String.valueOf(e.getMessage()));
    }
    IOLoop.current().start();
  }
}
