// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.waterspout.integration.Step.form;
import static org.waterspout.integration.Step.get;
import static org.waterspout.integration.Step.of;

/** What JSPWiki is asked. */
final class JSPWikiRequests {
  private static final String EDIT = "/wiki/Edit.jsp?page=";

  /** What an editor's form has against robots; both parts of the second field are made up. */
  private static final String HIDDEN =
      "&action=save&encodingcheck=%E3%81%81&submit_auth=&{{hash}}={{change}}";

  private static final String HASH = "<input type='hidden' name='([a-z]{6})'";
  private static final String CHANGE = "<input type='hidden' name='[a-z]{6}' value='([-0-9]+)'";

  private static final String MULTIPART = "Content-Type: multipart/form-data; boundary=XX";

  private static final String UPLOAD =
      """
      --XX
      Content-Disposition: form-data; name="nextpage"

      /wiki/Upload.jsp?page=Storm
      --XX
      Content-Disposition: form-data; name="page"

      Storm
      --XX
      Content-Disposition: form-data; name="action"

      upload
      --XX
      Content-Disposition: form-data; name="files"; filename="k\u00c3\u00a4the.txt"
      Content-Type: text/plain

      wind
      --XX
      Content-Disposition: form-data; name="files"; filename="b.png"
      Content-Type: image/png

      no picture
      --XX
      Content-Disposition: form-data; name="changenote"

      two files
      --XX--
      """
          .replace("\n", "\r\n");

  private JSPWikiRequests() {}

  static void addTo(Suite suite) {
    suite.masking(
        "(?<=sortvalue=\")[0-9]{13}",
        "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "[-/\\w]+/differential/[-\\w]+",
        "[0-9]{1,2}[-/.][0-9A-Z][0-9a-z]{1,2}[-/.][0-9]{2,4},? [0-9:]{4,8}( [AP]M)?",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z",
        "[A-Z][a-z]{2} [A-Z][a-z]{2} [0-9]{2} [0-9:]{8} [A-Z]+ [0-9]{4}",
        "(?<=  >)[^<]+(?=</option>)"); // dates in all formats
    files(suite);
    pages(suite);
    editing(suite);
    attachments(suite);
    login(suite);
    administration(suite);
  }

  private static void files(Suite suite) {
    suite.each(
        get("/wiki/favicons/favicon.ico"),
        get("/wiki/scripts/haddock.js"),
        get("/wiki/scripts/haddock.js", "Range: bytes=0-9"),
        of("HEAD", "/wiki/scripts/haddock.js", ""),
        get("/wiki/scripts/haddock.js", "If-Modified-Since: Sun, 06 Nov 2044 08:49:37 GMT"),
        get("/wiki/templates/default/haddock.css"),
        get("/wiki/templates/default/fonts/FontJspwiki.woff"),
        get("/wiki/templates/default/images/jspwiki_logo_s.png"),
        get("/wiki/error/Forbidden.html"),
        get("/wiki/atom.css"),
        get("/wiki/none.css"),
        get("/wiki/WEB-INF/jspwiki.policy"),
        get("/wiki/WEB-INF/web.xml"));
  }

  private static void pages(Suite suite) {
    suite.each(
        get("/wiki"),
        get("/wiki/"),
        of("HEAD", "/wiki/", ""),
        get("/wiki/Wiki.jsp?page=Main"),
        get("/wiki/Wiki.jsp?page=Main", "Accept-Language: de"),
        get("/wiki/Wiki.jsp?page=Main", "Accept-Language: fr, de;q=0.5"),
        get("/wiki/Wiki.jsp?page=Main&skin=reader"),
        get("/wiki/Wiki.jsp?page=K%C3%A4the"),
        get("/wiki/wiki/Main"),
        get("/wiki/wiki/RecentChanges"),
        get("/wiki/wiki/No%20Such%20Page"),
        get("/wiki/wiki/"),
        get("/wiki/wiki"),
        get("/wiki/PageInfo.jsp?page=Main"),
        get("/wiki/Diff.jsp?page=Main&r1=2&r2=1"),
        get("/wiki/Search.jsp"),
        get("/wiki/Search.jsp?query=storm"),
        get("/wiki/UserPreferences.jsp"),
        get("/wiki/Install.jsp"),
        get("/wiki/rss.jsp"),
        get("/wiki/Error.jsp"),
        get("/wiki/NoSuch.jsp"),
        get("/wiki/templates/default/ViewTemplate.jsp"),
        get("/wiki/ajax/none"),
        get("/wiki/attach/none"),
        of("POST", "/wiki/Wiki.jsp", "page=Main"),
        of("OPTIONS", "/wiki/Wiki.jsp", ""),
        of("PUT", "/wiki/Wiki.jsp", "x"));
  }

  /** Two versions of a page and a comment, and what becomes of those who come too late. */
  private static void editing(Suite suite) {
    suite.script(
        edit("Storm").named("begin to edit"),
        save("Storm", "&ok=Save&changenote=first&_editedtext=!!!A+storm%0D%0A*+K%C3%A4the%0D%0A")
            .named("save"),
        get("/wiki/Wiki.jsp?page=Storm").named("what was saved"),
        get("/wiki/wiki/Storm").named("what was saved by its short path"),
        edit("Storm").named("edit again"),
        save("Storm", "&ok=Save&_editedtext=!!!A+storm%0D%0A*+Anna%0D%0A").named("save again"),
        get("/wiki/Diff.jsp?page=Storm&r1=2&r2=1"),
        get("/wiki/PageInfo.jsp?page=Storm"),
        get("/wiki/Wiki.jsp?page=Storm&version=1"),
        get("/wiki/wiki/Storm?skin=raw"),
        edit("Storm").named("edit for a preview"),
        save("Storm", "&preview=Preview&_editedtext=__bold__").named("to the preview"),
        get("/wiki/Preview.jsp?page=Storm"),
        save("Storm", "&cancel=Cancel&_editedtext=x").named("cancel"),
        form(EDIT + "Storm", "page=Storm&ok=Save&_editedtext=x").named("save like a robot"),
        form(
                EDIT + "Storm",
                "page=Storm" + HIDDEN.replace("{{change}}", "1") + "&ok=Save&_editedtext=late")
            .named("save too late"),
        get("/wiki/PageModified.jsp?page=Storm"),
        get("/wiki/Comment.jsp?page=Storm").taking("hash", HASH).taking("change", CHANGE),
        form(
                "/wiki/Comment.jsp?page=Storm",
                "page=Storm" + HIDDEN + "&ok=Save&author=Anna&_editedtext=a+comment")
            .named("comment"),
        get("/wiki/Wiki.jsp?page=Storm").named("with the comment"),
        get("/wiki/wiki/RecentChanges").named("what has changed"),
        get("/wiki/Delete.jsp?page=Storm"),
        get("/wiki/Rename.jsp?page=Storm&renameto=Wind"));
  }

  private static Step edit(String page) {
    return get(EDIT + page).taking("hash", HASH).taking("change", CHANGE);
  }

  private static Step save(String page, String fields) {
    return form(EDIT + page, "page=" + page + HIDDEN + fields);
  }

  private static void attachments(Suite suite) {
    suite.script(
        get("/wiki/Upload.jsp?page=Storm"),
        of("POST", "/wiki/attach?progressid=1", UPLOAD, MULTIPART).named("attach"),
        get("/wiki/Upload.jsp?page=Storm").named("what is attached"),
        get("/wiki/attach/Storm/b.png"),
        get("/wiki/attach/Storm/k%C3%A4the.txt"),
        get("/wiki/attach/Storm/k%C3%A4the.txt?version=1"),
        get("/wiki/attach/Storm/k%C3%A4the.txt?version=x"),
        of("HEAD", "/wiki/attach/Storm/b.png", ""),
        get("/wiki/attach/Storm/b.png", "If-Modified-Since: Sun, 06 Nov 2044 08:49:37 GMT"),
        get("/wiki/attach/Storm/none.txt"),
        get("/wiki/PageInfo.jsp?page=Storm/b.png"),
        of("OPTIONS", "/wiki/attach/Storm/b.png", ""),
        form("/wiki/attach", "page=Storm"),
        of("POST", "/wiki/attach?progressid=2", UPLOAD.replace("--XX--", ""), MULTIPART)
            .named("attach without an end"));
  }

  private static void login(Suite suite) {
    suite.script(
        get("/wiki/Login.jsp"),
        form("/wiki/Login.jsp", "j_username=anna&j_password=x&submitlogin=Login").named("nobody"),
        form(
                "/wiki/Login.jsp?tab=register",
                "redirect=Main&loginname=anna&password=wind-storm&password2=wind-storm"
                    + "&fullname=Anna+Wind&email=anna%40wiki.example&action=saveProfile&ok=Save")
            .named("register"),
        get("/wiki/Wiki.jsp?page=Main").named("after the registration"),
        get("/wiki/Logout.jsp").named("leave after the registration"),
        form(
                "/wiki/Login.jsp",
                "j_username=anna&j_password=wind-storm&j_remember=on&redirect=Main"
                    + "&submitlogin=Login")
            .named("log in"),
        get("/wiki/Wiki.jsp?page=Main").named("as Anna"),
        get("/wiki/UserPreferences.jsp").named("Anna's preferences"),
        get("/wiki/Login.jsp").named("log in twice"),
        get("/wiki/Logout.jsp"),
        get("/wiki/Wiki.jsp?page=Main").named("as nobody again"));
  }

  /** The administrator may do what for others needs a permission of the JVM's, which has none. */
  private static void administration(Suite suite) {
    suite.script(
        form("/wiki/Login.jsp", "j_username=admin&j_password=storm&redirect=Main&submitlogin=Login")
            .named("log in as administrator"),
        get("/wiki/Search.jsp?query=storm").named("search"),
        get("/wiki/Search.jsp?query=Anna&go=Go").named("search and go"),
        get("/wiki/UserPreferences.jsp").named("preferences"),
        form(
                "/wiki/UserPreferences.jsp",
                "action=setAssertedName&assertedName=Anna&redirect=Main&ok=Save")
            .named("save preferences"),
        get("/wiki/Install.jsp").named("settings"),
        get("/wiki/rss.jsp?page=Storm&mode=blog"),
        get("/wiki/rss.jsp?page=Storm&mode=wiki&type=atom"),
        get("/wiki/admin/Admin.jsp"),
        get("/wiki/NewGroup.jsp"),
        form("/wiki/NewGroup.jsp", "group=Storms&members=Administrator&action=save").named("group"),
        get("/wiki/Group.jsp?group=Storms"),
        form("/wiki/Rename.jsp", "page=Storm&renameto=Wind&references=on").named("rename"),
        get("/wiki/Wiki.jsp?page=Wind"),
        form("/wiki/Delete.jsp?page=Wind", "page=Wind&delete-all=Delete").named("delete"),
        get("/wiki/Wiki.jsp?page=Wind").named("what is deleted"));
  }
}
