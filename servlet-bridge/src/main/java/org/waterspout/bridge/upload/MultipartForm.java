// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.upload;

import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.waterspout.bridge.message.BadParametersException;
import org.waterspout.http.FormLimits;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.MultipartPart;
import org.waterspout.http.MultipartReader;
import org.waterspout.log.Log;

/**
 * The parts of a multipart form, Servlet 6.1 section 3.2.
 *
 * <p>Life: {@link #read} to the end of the body, by one thread that waits for it; {@link #delete}
 * at the end of the request, which takes the temporary files along.
 */
public final class MultipartForm {
  private static final int PIECE = 16 * 1024;

  /** A field that is no file stays in memory up to this, for it is about to become a string. */
  private static final int FIELD_THRESHOLD = 8 * 1024;

  private final UploadRules rules;
  private final List<StoredPart> parts = new ArrayList<>();

  private MultipartForm(UploadRules rules) {
    this.rules = rules;
  }

  /**
   * Reads a body to its end.
   *
   * @throws BadParametersException if it is no form, or too much: nothing of it is kept then
   * @throws IOException if the rest of the body does not come, or the parts cannot be stored
   */
  public static MultipartForm read(HTTPHeaders headers, InputStream body, UploadRules rules)
      throws IOException {
    var form = new MultipartForm(rules);
    try {
      form.fill(headers, body);
      return form;
    } catch (Throwable e) {
      form.delete();
      throw e;
    }
  }

  private void fill(HTTPHeaders headers, InputStream body) throws IOException {
    try {
      FormLimits limits = FormLimits.DEFAULT.withMaxParts(Integer.MAX_VALUE); // see partBegins
      var reader = new MultipartReader(headers, limits, new Filling());
      byte[] buffer = new byte[PIECE];
      long total = 0;
      for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
        total += count;
        checkSize(total, rules.maxRequestSize(), "a multipart form");
        reader.feed(Arrays.copyOf(buffer, count));
      }
      reader.finish();
    } catch (HTTPInputException e) {
      throw new BadParametersException(e.status(), "a malformed multipart form: " + e.getMessage());
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /**
   * Refuses what is too large. Frameworks tell that from other failures by the words of the
   * message, as all containers word it: that a size "exceeds" its maximum.
   *
   * @param limit negative for none
   * @throws BadParametersException with status 413
   */
  public static void checkSize(long size, long limit, String what) {
    if (limit >= 0 && size > limit) {
      throw new BadParametersException(
          413, what + " exceeds the maximum size of " + limit + " bytes");
    }
  }

  /** The parts in the order in which they came. */
  public List<Part> parts() {
    return List.copyOf(parts);
  }

  /** Deletes what has not been kept. */
  public void delete() {
    for (StoredPart part : parts) {
      try {
        part.delete();
      } catch (IOException e) {
        Log.GENERAL.log(Level.WARNING, "a temporary file of an upload stays: {0}", e.toString());
      }
    }
  }

  /** Takes the parts as they come. */
  private final class Filling implements MultipartReader.Listener {
    private Spool content = new Spool(0, rules.location());

    @Override
    public void partBegins(MultipartPart head) {
      if (parts.size() == rules.maxParts()) {
        throw new BadParametersException(413, "a form of more than " + rules.maxParts() + " parts");
      }
      boolean file = head.filename() != null;
      int threshold = file ? rules.threshold() : Math.max(rules.threshold(), FIELD_THRESHOLD);
      content = new Spool(threshold, rules.location());
      parts.add(new StoredPart(head, content, rules.location()));
    }

    @Override
    public void partData(byte[] chunk) throws IOException {
      checkSize(content.size() + chunk.length, rules.maxFileSize(), "a part of a form");
      content.write(chunk);
    }

    @Override
    public void partEnds() throws IOException {
      content.end();
    }
  }
}
