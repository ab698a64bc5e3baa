// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What JSPWiki is told: to keep all in a folder, which knows an administrator. */
final class Wiki {
  /** The parameter of the context, or of the system, that names its settings. */
  static final String SETTINGS = "jspwiki.custom.config";

  /** The password is {@code storm}. */
  private static final String USERS =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <users>
        <user uid="1" loginName="admin" fullName="Administrator" wikiName="Administrator"
            email="admin@wiki.example" password="{SSHA}GJcnbzxKXMLtron9Iuxvy64DJ9tzYWx0c2FsdA=="
            created="2026.01.01 at 00:00:00:000 UTC" lastModified="2026.01.01 at 00:00:00:000 UTC"/>
      </users>
      """;

  private static final String GROUPS =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <groups>
        <group name="Admin" created="2026.01.01 at 00:00:00:000 UTC"
            lastModified="2026.01.01 at 00:00:00:000 UTC">
          <member principal="Administrator"/>
        </group>
      </groups>
      """;

  private Wiki() {}

  /** Writes its settings, and what they name. */
  static Path settings(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("users.xml"), USERS);
    Files.writeString(folder.resolve("groups.xml"), GROUPS);
    return Files.write(
        folder.resolve("wiki.properties"),
        List.of(
            "jspwiki.fileSystemProvider.pageDir=" + folder.resolve("pages"),
            "jspwiki.basicAttachmentProvider.storageDir=" + folder.resolve("files"),
            "jspwiki.workDir=" + folder.resolve("wiki"),
            "jspwiki.xmlUserDatabaseFile=" + folder.resolve("users.xml"),
            "jspwiki.xmlGroupDatabaseFile=" + folder.resolve("groups.xml"),
            "jspwiki.rss.generate=true",
            // The other one writes its index when it likes.
            "jspwiki.searchProvider=BasicSearchProvider"));
  }
}
