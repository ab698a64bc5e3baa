// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.blocking;
import static org.waterspout.web.Application.url;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.MultipartPart;
import org.waterspout.http.MultipartReader;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;
import org.waterspout.web.HTTPError;
import org.waterspout.web.RequestHandler;
import org.waterspout.web.StreamRequestBody;

/**
 * Takes files of any size into a directory, a piece at a time: from the form of its page, or as the
 * body of a PUT.
 *
 * <pre>
 *   curl -F file=@picture.jpg http://localhost:8888/upload
 *   curl -T picture.jpg http://localhost:8888/files/
 * </pre>
 */
final class FileUpload {
  private static final long MAX_SIZE = 10L << 30;

  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en">
        <head>
          <meta charset="utf-8">
          <title>File upload</title>
        </head>
        <body>
          <h1>File upload</h1>
          <form action="/upload" method="post" enctype="multipart/form-data">
            <input type="file" name="file" multiple>
            <button>Upload</button>
          </form>
        </body>
      </html>
      """;

  private FileUpload() {}

  static final class PageHandler extends RequestHandler {
    @Override
    protected void get() {
      write(PAGE);
    }
  }

  /**
   * What both ways have in common. The disk is waited for off the loop, and as long as a piece is
   * on its way there, no other one is read from the client.
   */
  abstract static class ReceivingHandler extends RequestHandler {
    private final Path directory;
    private final String method;
    private final List<Map<String, Object>> stored = new ArrayList<>();
    private @Nullable IncomingFile file; // null between files
    private boolean gone;

    ReceivingHandler(Path directory, String method) {
      this.directory = directory;
      this.method = method;
    }

    @Override
    protected void prepare() throws Exception {
      if (!request().method().equals(method)) {
        throw new HTTPError(405); // before anything is received
      }
      request().connection().setMaxBodySize(MAX_SIZE);
    }

    final void begin(String name) {
      file = await(blocking(() -> IncomingFile.create(directory, name)));
      if (gone) {
        discard();
      }
    }

    final void take(byte[] chunk) {
      var receiving = file;
      if (receiving != null) {
        await(blocking(() -> receiving.write(chunk)));
      }
    }

    final void end() {
      var received = file;
      if (received != null) {
        file = null;
        var name = await(blocking(received::keep));
        stored.add(Map.of("file", name, "size", received.size()));
      }
    }

    final void answer() {
      setStatus(201);
      writeJSON(stored);
    }

    @Override
    protected void onFinish() {
      discard(); // there is something left where the answer is an error
    }

    @Override
    protected void onConnectionClose() {
      gone = true;
      discard();
    }

    private void discard() {
      var unfinished = file;
      if (unfinished != null) {
        file = null;
        var _ = blocking(unfinished::discard);
      }
    }
  }

  /** The files of a form; its other fields are read past. */
  @StreamRequestBody
  static final class FormHandler extends ReceivingHandler implements MultipartReader.Listener {
    private MultipartReader reader;

    @SuppressWarnings("NullAway.Init") // prepare makes the reader
    FormHandler(Path directory) {
      super(directory, "POST");
    }

    @Override
    protected void prepare() throws Exception {
      super.prepare();
      reader = new MultipartReader(request(), this);
    }

    @Override
    protected void dataReceived(byte[] chunk) throws Exception {
      reader.feed(chunk);
    }

    @Override
    public void partBegins(MultipartPart part) {
      var name = part.filename();
      if (name != null && !name.isEmpty()) {
        begin(name);
      }
    }

    @Override
    public void partData(byte[] chunk) {
      take(chunk);
    }

    @Override
    public void partEnds() {
      end();
    }

    @Override
    protected void post() {
      reader.finish();
      answer();
    }
  }

  /** One file as it is. */
  @StreamRequestBody
  static final class BodyHandler extends ReceivingHandler {
    BodyHandler(Path directory) {
      super(directory, "PUT");
    }

    @Override
    protected void prepare() throws Exception {
      super.prepare();
      begin(pathArgument(0));
    }

    @Override
    protected void dataReceived(byte[] chunk) {
      take(chunk);
    }

    @Override
    protected void put() {
      end();
      answer();
    }
  }

  /** The example, with its files in a directory that is there. */
  static Application application(Path directory) {
    return new Application(
        url("/", PageHandler::new),
        url("/upload", () -> new FormHandler(directory)),
        url("/files/(.+)", () -> new BodyHandler(directory)));
  }

  static void main(String[] args) {
    var options =
        Options.of("Takes files of any size into a directory, by a form or by PUT.")
            .serving(8888)
            .option("directory", "uploads", "where files are put; it is made if it is not there")
            .parse(args);
    var directory = options.path("directory");
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      Options.fail("cannot make the directory " + directory + ": " + e.getMessage());
    }
    var _ = options.listen(application(directory));
    IOLoop.current().start();
  }
}
