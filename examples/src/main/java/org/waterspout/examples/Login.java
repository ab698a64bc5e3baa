// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.blocking;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;
import org.waterspout.web.Authenticated;
import org.waterspout.web.CookieAttributes;
import org.waterspout.web.RequestHandler;

/**
 * Users who log in: a signed cookie says who somebody is, and forms of other sites are refused.
 * With a certificate and its key, by HTTPS.
 *
 * <pre>
 *   GET  /          for users only; others are sent to the login page, and back afterwards
 *   GET  /login     the form
 *   POST /login     name and password
 *   POST /logout    forgets the cookie
 * </pre>
 */
final class Login {
  private static final String COOKIE = "user";

  private Login() {}

  /** What all handlers have in common: who the user is. */
  abstract static class BaseHandler extends RequestHandler {
    @Override
    protected @Nullable Object getCurrentUser() {
      return getSignedCookie(COOKIE);
    }

    /** The same for setting the cookie and for having it forgotten. */
    final CookieAttributes cookie() {
      var signed = CookieAttributes.SIGNED;
      return request().protocol().equals("https") ? signed.withSecure() : signed;
    }
  }

  static final class HomeHandler extends BaseHandler {
    @Override
    @Authenticated
    protected void get() {
      var name = Escape.xhtmlEscape(String.valueOf(currentUser()));
      setHeader("Cache-Control", "no-store"); // or it could be seen after the logout
      write(Page.filled("home.html", Map.of("name", name, "xsrf", xsrfFormHtml())));
    }
  }

  static final class LoginHandler extends BaseHandler {
    private final Users users;

    LoginHandler(Users users) {
      this.users = users;
    }

    @Override
    protected void get() {
      writeForm("");
    }

    @Override
    protected void post() {
      var name = getBodyArgument("name");
      var password = getBodyArguments("password", false).getLast(); // spaces count
      if (await(blocking(() -> users.know(name, password)))) { // slow, as it should be
        setSignedCookie(COOKIE, name, cookie());
        redirect(nextUrl("/"), 303);
      } else {
        setStatus(403);
        writeForm("There is no such user, or the password is another.");
      }
    }

    private void writeForm(String problem) {
      var next = Escape.xhtmlEscape(nextUrl("/"));
      setHeader("Cache-Control", "no-store");
      write(
          Page.filled(
              "login.html", Map.of("problem", problem, "next", next, "xsrf", xsrfFormHtml())));
    }
  }

  static final class LogoutHandler extends BaseHandler {
    @Override
    protected void post() {
      clearCookie(COOKIE, cookie());
      redirect("/login", 303);
    }
  }

  static Application application(Users users, String secret) {
    return new Application(
        settings().cookieSecret(secret).xsrfCookies(true).loginUrl("/login").build(),
        url("/", HomeHandler::new),
        url("/login", () -> new LoginHandler(users)),
        url("/logout", LogoutHandler::new));
  }

  /** Good until the program ends: then everybody has to log in again. */
  private static String randomSecret() {
    var bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  static void main(String[] args) {
    var options =
        Options.of("Users who log in: signed cookies, and no forged requests.")
            .serving(8888)
            .option("user", "guest", "the name of the one user that there is")
            .option("password", "waterspout", "the password of that user")
            .option("secret", "", "signs the cookies; empty: a random one, until the program ends")
            .parse(args);
    var users = new Users();
    users.add(options.text("user"), options.text("password"));
    var secret = options.text("secret");
    var _ = options.listen(application(users, secret.isEmpty() ? randomSecret() : secret));
    IOLoop.current().start();
  }
}
