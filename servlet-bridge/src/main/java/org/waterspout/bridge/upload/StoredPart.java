// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.upload;

import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.http.MultipartPart;

/** A part of a form that has arrived whole. */
final class StoredPart implements Part {
  private final MultipartPart head;
  private final Spool content;
  private final Path location;

  StoredPart(MultipartPart head, Spool content, Path location) {
    this.head = head;
    this.content = content;
    this.location = location;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return content.open();
  }

  @Override
  public @Nullable String getContentType() {
    return getHeader("Content-Type");
  }

  @Override
  public String getName() {
    return head.name();
  }

  /** As the client has sent it: it may be a path, or "..". */
  @Override
  public @Nullable String getSubmittedFileName() {
    return head.filename();
  }

  @Override
  public long getSize() {
    return content.size();
  }

  /**
   * Keeps the content as a file, which is not deleted with the part. A relative name that leads out
   * of the location is refused: it may well be one that the client has chosen.
   */
  @Override
  public void write(String fileName) throws IOException {
    content.keepAs(target(fileName));
  }

  private Path target(String fileName) throws IOException {
    Path target;
    try {
      target = location.resolve(fileName);
    } catch (InvalidPathException e) {
      throw new IOException("not the name of a file", e);
    }
    if (!Path.of(fileName).isAbsolute() && !target.normalize().startsWith(location)) {
      throw new IOException("the name leads out of the location of uploads: " + fileName);
    }
    return target;
  }

  @Override
  public void delete() throws IOException {
    content.delete();
  }

  @Override
  public @Nullable String getHeader(String name) {
    List<String> values = head.headers().getList(name);
    return values.isEmpty() ? null : text(values.getFirst());
  }

  @Override
  public Collection<String> getHeaders(String name) {
    return head.headers().getList(name).stream().map(StoredPart::text).toList();
  }

  @Override
  public Collection<String> getHeaderNames() {
    return head.headers().names();
  }

  /**
   * RFC 7578 section 5.1: what browsers send is UTF-8, of which the value has one character for
   * each byte. What is not UTF-8 stays so.
   */
  private static String text(String value) {
    try {
      return Escape.utf8(value.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      return value;
    }
  }
}
