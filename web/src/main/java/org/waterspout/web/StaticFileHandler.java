// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.blocking;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.ByteRange;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPUtil;
import org.waterspout.ioloop.LoopFuture;

/**
 * Answers GET and HEAD with files. The group of the route's pattern that is named {@code path}, or
 * the first, is the path below the root:
 *
 * <pre>{@code
 * url("/static/(?<path>.*)", () -> new StaticFileHandler(Path.of("static")))
 * }</pre>
 *
 * <p>What can be found, and what not, {@link StaticFiles} says. A path that leads out of the root
 * is refused with 403, a folder too unless there is a default file; what is not there is answered
 * with 404. Files are looked for, opened and read off the loop. Small ones are sent at one go,
 * others piece by piece as the client takes them; where nothing changes the bytes on their way (no
 * TLS, no transform) the system copies them from its cache to the socket, which waits on the loop
 * for a disk whose data is not there yet. If a file shrinks while it is sent, the answer is cut.
 *
 * <p>Answers have Last-Modified and a strong ETag, made of the content (read once, as long as size
 * and time of the file stay the same), or, above 16 MiB, of size and time. If the file was changed
 * within the last two seconds the ETag is weak, and what is appended meanwhile is not sent.
 * Conditions and ranges are those of RFC 9110. Where the argument {@code v} is the content's
 * version, as in URLs of {@link RequestHandler#staticUrl}, it may be kept for ten years.
 *
 * <p>Subclasses add headers ({@link #setExtraHeaders}), know other types and times ({@link
 * #getContentType}, {@link #getCacheTime}), or find other content ({@link #findContent}).
 */
@Prefers(Capability.STREAMING_RESPONSE)
public class StaticFileHandler extends RequestHandler {
  /** For how long a version may be kept: ten years. */
  public static final Duration CACHE_MAX_AGE = Duration.ofDays(3650);

  private final StaticFiles files;
  private @Nullable FoundContent found; // null until it is

  /** Serves the files of a folder. */
  public StaticFileHandler(Path folder) {
    this(StaticFiles.folder(folder));
  }

  /** Serves these files. */
  public StaticFileHandler(StaticFiles files) {
    this.files = Objects.requireNonNull(files, "files");
  }

  @Override
  protected void get() throws Exception {
    answer(true);
  }

  @Override
  protected void head() throws Exception {
    answer(false);
  }

  // ---- hooks

  /** The path below the root, out of what the route's pattern has matched, decoded. */
  protected String parseUrlPath(String path) {
    return path;
  }

  /**
   * Finds the content of a path, by default in the files of the constructor. Called off the loop,
   * and may block; of this object's methods it can call none that belong on the loop. {@link
   * RequestHandler#staticUrl} does not ask it: a URL with the version of what only this finds has
   * to be made by an override of that method.
   *
   * @return null for 404
   * @throws HTTPError to answer with another error
   */
  protected @Nullable StaticContent findContent(String path) throws IOException {
    return files.find(path);
  }

  /** The value of Content-Type, by default after the end of the name. */
  protected String getContentType(String filename) {
    return ContentTypes.of(filename);
  }

  /**
   * For how long the answer may be kept without asking again; zero: the client decides. By default
   * {@link #CACHE_MAX_AGE} for a version that the URL names, and zero else.
   */
  protected Duration getCacheTime(String path, @Nullable Instant modified, String contentType) {
    String version = found == null ? null : found.plainVersion();
    return version != null && getQueryArgument("v", "").equals(version)
        ? CACHE_MAX_AGE
        : Duration.ZERO;
  }

  /** Sets more headers; called for every answer but error pages. */
  protected void setExtraHeaders(String path) {}

  @Override
  protected @Nullable String computeEtag() {
    return found == null ? null : found.etag();
  }

  // ---- the answer

  private void answer(boolean wanted) throws Exception {
    String path = parseUrlPath(urlPath());
    var headers = request().headers();
    var content = awaitOrClose(blocking(() -> find(path, headers, wanted)));
    if (finished()) { // by an error page, meanwhile
      content.ifPresent(FoundContent::close);
    } else if (content.isEmpty()) {
      addSlash();
    } else {
      try (var there = content.get()) {
        found = there;
        files.replaceVersion(path, there.plainVersion());
        answer(path, there, wanted);
      }
    }
  }

  /** If the wait is given up, what is found afterwards does not stay open. */
  private static Optional<FoundContent> awaitOrClose(LoopFuture<Optional<FoundContent>> finding) {
    boolean done = false;
    try {
      var content = await(finding);
      done = true;
      return content;
    } finally {
      if (!done) {
        var _ = finding.thenAccept(late -> late.ifPresent(FoundContent::close));
      }
    }
  }

  private String urlPath() {
    var execution = execution("StaticFileHandler");
    var named = execution.pathKwargs();
    if (!named.isEmpty()) {
      return Objects.requireNonNullElse(named.get("path"), "");
    }
    var positional = execution.pathArgs();
    if (positional.isEmpty()) {
      throw new IllegalStateException(
          "no group in the pattern of the route: " + execution.route().pattern());
    }
    return Objects.requireNonNullElse(positional.getFirst(), "");
  }

  /** Off the loop. Empty for a folder whose path lacks the slash at its end. */
  private Optional<FoundContent> find(String path, HTTPHeaders headers, boolean wanted)
      throws IOException {
    if (files.lacksSlash(path)) {
      return Optional.empty();
    }
    String file = files.precompressed() ? files.filename(path) : null;
    return Optional.of(FoundContent.find(this::findContent, path, file, headers, wanted));
  }

  /** Relative links of an index file are meant from inside of its folder. */
  private void addSlash() {
    String path = request().path();
    if (!Locations.isPath(path) || path.startsWith("/\\")) {
      throw new HTTPError(403, "a redirect to another host");
    }
    String url = request().connection().contextPath() + Locations.escaped(path + "/");
    redirect(Locations.withQuery(url, request().query()), 301);
  }

  private void answer(String path, FoundContent content, boolean wanted) throws Exception {
    String type = setHeaders(path, content);
    var modified = content.content().modified();
    long size = content.content().size();
    var response = response("StaticFileHandler");
    String etag = response.headers().get("ETag");
    var conditions = Conditions.of(request().headers(), etag, modified);
    if (conditions == Conditions.FAILED) {
      refuse(412);
      return;
    }
    setHeader("Content-Length", size);
    if (conditions == Conditions.NOT_MODIFIED) {
      response.withholdBody(304);
      return;
    }
    if (!wanted) {
      return;
    }
    var ranges = ranges(size, etag, modified);
    if (ranges == null) {
      new StaticBody(this, content).send(0, size);
    } else if (ranges.isEmpty()) {
      setHeader("Content-Range", "bytes */" + size);
      refuse(416);
    } else {
      setStatus(206);
      new StaticBody(this, content).send(ranges, size, type);
    }
  }

  /** Nobody shall keep this for as long as the content. */
  private void refuse(int status) {
    clearHeader("Cache-Control");
    clearHeader("Expires");
    response("StaticFileHandler").withholdBody(status);
  }

  private String setHeaders(String path, FoundContent content) {
    String type = getContentType(files.filename(path));
    setHeader("Content-Type", type);
    setHeader("Accept-Ranges", "bytes");
    var modified = content.content().modified();
    if (modified != null) {
      setHeader("Last-Modified", modified);
    }
    if (content.coding() != null) {
      setHeader("Content-Encoding", content.coding());
    }
    if (content.varies()) {
      addHeader("Vary", "Accept-Encoding");
    }
    setEtagHeader();
    var time = getCacheTime(path, modified, type);
    if (time.isPositive()) {
      setHeader("Expires", Instant.now().plus(time));
      setHeader("Cache-Control", "max-age=" + time.toSeconds() + ", immutable");
    }
    setExtraHeaders(path);
    return type;
  }

  /** RFC 9110 section 14.2: null for the whole, empty for 416. */
  private @Nullable List<ByteRange> ranges(
      long size, @Nullable String etag, @Nullable Instant modified) {
    String range = request().headers().get("Range");
    String ifRange = request().headers().get("If-Range");
    if (range == null || (ifRange != null && !isSame(ifRange, etag, modified))) {
      return null;
    }
    return ByteRange.parse(range, size);
  }

  /**
   * RFC 9110 section 13.1.5. A date is only good if the file did not change twice in its second.
   */
  private static boolean isSame(String ifRange, @Nullable String etag, @Nullable Instant modified) {
    var date = HTTPUtil.parseTimestamp(ifRange);
    if (date == null) {
      return etag != null && !EntityTag.isAny(ifRange) && EntityTag.matchesStrongly(ifRange, etag);
    }
    return modified != null
        && date.equals(modified.truncatedTo(ChronoUnit.SECONDS))
        && modified.isBefore(Instant.now().minusSeconds(2));
  }
}
