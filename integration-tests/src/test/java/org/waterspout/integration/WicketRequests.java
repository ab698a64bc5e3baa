// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.waterspout.integration.Step.form;
import static org.waterspout.integration.Step.get;
import static org.waterspout.integration.Step.of;

/** What the examples of Wicket are asked. */
final class WicketRequests {
  private static final String AJAX = "Wicket-Ajax: true";
  private static final String BASE = "Wicket-Ajax-BaseURL: ";
  private static final String MULTIPART = "Content-Type: multipart/form-data; boundary=XX";
  private static final String SIGN_IN =
      "/wicket/authentication1/wicket/bookmarkable/"
          + "org.apache.wicket.examples.authentication1.SignIn";

  private WicketRequests() {}

  static void addTo(Suite suite) {
    suite.masking(
        "^http://127.0.0.1(?=/)", // section 5.5 wants locations absolute, others send the path
        "(?<=nonce(-|=\"))[-\\w]{24}",
        "(?<=rendering time\";dur=)[0-9]+",
        "-?[0-9]{2,}(\\+|%20)-?[0-9]{2,}(?=[&/\"])"); // two random numbers
    files(suite);
    pages(suite);
    forms(suite);
    uploads(suite);
    ajax(suite);
  }

  private static void files(Suite suite) {
    suite.each(
        get("/wicket"),
        get("/wicket/"),
        get("/wicket/index.html"),
        of("HEAD", "/wicket/", ""),
        get("/wicket/logo.png"),
        get("/wicket/logo.png", "Range: bytes=0-9"),
        of("HEAD", "/wicket/logo.png", ""),
        get("/wicket/logo.png", "If-Modified-Since: Sun, 06 Nov 2044 08:49:37 GMT"),
        get("/wicket/logo.png", "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT"),
        get("/wicket/staticpages/hello.html"),
        get("/wicket/staticpages/another/page.html?a=b"),
        get("/wicket/template/style.css"),
        get("/wicket/prototype.js"),
        get("/wicket/favicon.ico"),
        get("/wicket/none.gif"),
        get("/wicket/WEB-INF/web.xml"),
        get("/wicket/META-INF/velocity.properties"),
        get("/wicket/WEB-INF/templates/AlternativePageFromWebContext.html"));
  }

  private static void pages(Suite suite) {
    suite.each(
        get("/wicket/helloworld"),
        get("/wicket/helloworld/"),
        of("HEAD", "/wicket/helloworld/", ""),
        of("POST", "/wicket/helloworld/", ""),
        of("OPTIONS", "/wicket/helloworld/", ""),
        get("/wicket/helloworld/none"),
        get("/wicket/echo/"),
        get("/wicket/linkomatic/"),
        get("/wicket/navomatic/"),
        get("/wicket/niceurl/"),
        get("/wicket/niceurl/the/homepage/path"),
        get("/wicket/niceurl/a/nice/path/to/the/first/page"),
        get("/wicket/niceurl/path/to/page2?param1=a%20b&param2=%C3%BC"),
        get("/wicket/niceurl/path/to/page2pp/a%2Fb/c"),
        get("/wicket/niceurl/path/to/page2up/param1/a+b/param2/c%20d"),
        get("/wicket/niceurl/my/mounted/package/Page4"),
        get("/wicket/stateless/"),
        get("/wicket/stateless/foo"),
        get("/wicket/encodings/"),
        get("/wicket/frames/"),
        get("/wicket/repeater/"),
        get("/wicket/mappers/"),
        get("/wicket/spring/"),
        get("/wicket/guice/"),
        get("/wicket/cdi/"),
        get("/wicket/velocity/"),
        get("/wicket/events/"),
        get("/wicket/helloworldservlet/"));
  }

  /** Pages of a session have numbers; a form that is sent makes the next one, or not. */
  private static void forms(Suite suite) {
    suite.script(
        get("/wicket/forminput/"),
        get("/wicket/forminput/?0").taking("form", action("inputForm")),
        form(
                "/wicket/forminput/{{form}}",
                "localeSelect=1&stringProperty=K%C3%A4the+%3Cb%3E&integerProperty=7"
                    + "&doubleProperty=1.5&lines:0:lineEdit=a&lines:1:lineEdit=b"
                    + "&lines:2:lineEdit=c&booleanProperty=on&multiply:left=3&multiply:right=4"
                    + "&integerInRangeProperty=50&urlProperty=http://wicket.apache.org"
                    + "&phoneNumberUS=(123)+456-1234&numberRadioChoice=1&numbersGroup=radio1"
                    + "&numbersCheckGroup=check4&siteSelection=1&siteSelection=2&saveButton=save")
            .named("put in"),
        get("/wicket/forminput/?1").taking("form", action("inputForm")),
        form("/wicket/forminput/{{form}}", "integerProperty=x&saveButton=save")
            .named("put in nonsense"),
        get("/wicket/forminput/?2").named("what is wrong with it"),
        get("/wicket/forminput/?9").named("an unknown page"));
    suite.script(
        get("/wicket/guestbook/").named("guests"),
        get("/wicket/guestbook/?0").named("guests' page").taking("form", action("commentForm")),
        form("/wicket/guestbook/{{form}}", "text=A+storm%0D%0A%E2%82%AC&comment=")
            .named("a guest writes"),
        get("/wicket/guestbook/?0")
            .named("what a guest wrote")
            .taking("form", action("commentForm")),
        form("/wicket/guestbook/{{form}}", "text=buy&comment=spam").named("a robot writes"),
        get("/wicket/guestbook/?0").named("what a robot did not write"));
    suite.script(
        get("/wicket/echo/").named("echo"),
        get("/wicket/echo/?0").taking("form", action("form")),
        form("/wicket/echo/{{form}}", "msgInput=%22storm%22"),
        get("/wicket/echo/?1"));
    suite.script(
        get("/wicket/authentication1/"), get(SIGN_IN), get(SIGN_IN + "?1").named("sign in"));
    suite.each(
        get("/wicket/stateless/query"),
        form("/wicket/stateless/query?-1.-statelessform", "textfield=11"),
        form("/wicket/stateless/query?-1.-statelessform", "textfield=x"));
  }

  /** Where the form of a name is sent to, behind the folder of its page. */
  private static String action(String form) {
    return "action=\"\\./([^\"]*-" + form + ")\"";
  }

  private static void uploads(Suite suite) {
    suite.script(
        get("/wicket/upload/single"),
        get("/wicket/upload/single?0").taking("form", action("simpleUpload")),
        upload(file("a.txt", "wind")).named("upload"),
        get("/wicket/upload/single?1").taking("form", action("html5Upload")),
        upload(file("a.txt", "x") + file("\u00c3\u00a4", "y")).named("upload two files"),
        get("/wicket/upload/single?2").taking("form", action("simpleUpload")),
        upload(file("b.txt", "w".repeat(95_000))).named("upload too large a file"),
        get("/wicket/upload/single?3").taking("form", action("simpleUpload")),
        upload(file("", "")).named("upload no file"),
        get("/wicket/upload/single?3").named("what is no file"));
  }

  private static Step upload(String files) {
    return of("POST", "/wicket/upload/{{form}}", files + "--XX--\r\n", MULTIPART);
  }

  private static String file(String name, String content) {
    return "--XX\r\nContent-Disposition: form-data; name=\"fileInput\"; filename=\""
        + name
        + "\"\r\nContent-Type: text/plain\r\n\r\n"
        + content
        + "\r\n";
  }

  private static void ajax(Suite suite) {
    suite.script(
        get("/wicket/ajax/links"),
        get("/wicket/ajax/links?0"),
        get("/wicket/ajax/links?0-1.0-c1~link&_=1", AJAX, BASE + "links?0").named("click"),
        get("/wicket/ajax/links?0-1.0-c2~link&_=2", AJAX, BASE + "links?0").named("click again"),
        get("/wicket/ajax/links?0-1.0-c2~link").named("click without a script"),
        get("/wicket/ajax/links?0").named("what was clicked"),
        get("/wicket/ajax/links?0-1.0-set~response~page", AJAX, BASE + "links?0")
            .named("click for another page"),
        get("/wicket/ajax/links?0-1.0-exception", AJAX, BASE + "links?0").named("click and fail"),
        get("/wicket/ajax/links?0-1.0-failure~link", AJAX, BASE + "links?0")
            .named("click and fail otherwise"));
    suite.script(
        get("/wicket/ajax/form"),
        get("/wicket/ajax/form?0"),
        form("/wicket/ajax/form?0-1.0-form-name", "p::name=x&email=", AJAX, BASE + "form?0"),
        form(
            "/wicket/ajax/form?0-1.0-form-name",
            "p::name=K%C3%A4the&email=k@wind.example",
            AJAX,
            BASE + "form?0"));
    suite.script(
        get("/wicket/ajax/autocomplete"),
        get("/wicket/ajax/autocomplete?0"),
        get("/wicket/ajax/autocomplete?0-1.1-form-ac&q=ice", AJAX, BASE + "autocomplete?0")
            .named("complete"),
        form(
            "/wicket/ajax/autocomplete?0-1.0-form-ac",
            "ac=Iceland",
            AJAX,
            BASE + "autocomplete?0"));
    suite.script(
        get("/wicket/ajax/upload"),
        get("/wicket/ajax/upload?0"),
        of(
                "POST",
                "/wicket/ajax/upload?0-1.0-form-ajaxSubmit",
                "--XX\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nstorm\r\n"
                    + file("a.txt", "wind").replace("fileInput", "file")
                    + "--XX--\r\n",
                MULTIPART,
                AJAX,
                BASE + "upload?0")
            .named("upload with a script"));
  }
}
