// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.routing.Rule;

/** What answers pass through on their way. */
class OutputTransformTest extends HandlerTest {
  /** Shouts, and notes what it is asked. */
  private final class Shouting implements OutputTransform {
    @Override
    public byte[] transformFirstChunk(
        int status, HTTPHeaders headers, byte[] chunk, boolean finishing) {
      events.add("first " + status + " " + new String(chunk, StandardCharsets.UTF_8) + finishing);
      headers.set("X-Shouted", "yes");
      return shouted(chunk);
    }

    @Override
    public byte[] transformChunk(byte[] chunk, boolean finishing) {
      events.add("chunk " + new String(chunk, StandardCharsets.UTF_8) + finishing);
      return shouted(chunk);
    }

    @Override
    public void close() {
      events.add("close");
    }

    private byte[] shouted(byte[] chunk) {
      String text = new String(chunk, StandardCharsets.UTF_8);
      return text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Ends an answer with a mark. */
  private static final class Marking implements OutputTransform {
    @Override
    public byte[] transformFirstChunk(
        int status, HTTPHeaders headers, byte[] chunk, boolean finishing) {
      headers.remove("Content-Length");
      return transformChunk(chunk, finishing);
    }

    @Override
    public byte[] transformChunk(byte[] chunk, boolean finishing) {
      String text = new String(chunk, StandardCharsets.UTF_8) + (finishing ? "!" : "");
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  private FakeConnection get(Settings.Builder settings, Rule rule) throws Exception {
    return request(new Application(settings.build(), rule), "GET", "/", "");
  }

  private static final class Flushing extends RequestHandler {
    @Override
    protected void get() {
      write("a");
      var _ = flush();
      write("b");
      var _ = flush();
      var _ = flush(); // nothing
      write("c");
    }
  }

  @Test
  void seesEachPieceAndTheEnd() throws Exception {
    var answer =
        get(
            settings().addTransform(_ -> new Shouting()),
            url("/", OutputTransformTest.Flushing::new));
    assertThat(events).containsExactly("first 200 afalse", "chunk bfalse", "chunk ctrue", "close");
    assertThat(answer.body()).isEqualTo("ABC");
    assertThat(answer.header("X-Shouted")).isEqualTo("yes");
  }

  @Test
  void transformsStandOneBehindTheOther() throws Exception {
    var settings =
        settings().addTransform(_ -> new Marking()).addTransform(request -> new Shouting());
    var answer = get(settings, url("/", Traced::new));
    assertThat(answer.body()).isEqualTo("GOT!");
    assertThat(answer.headers().contains("Content-Length")).isFalse();
    assertThat(events).contains("first 200 got!true");
  }

  @Test
  void errorPagesPassThroughToo() throws Exception {
    var answer =
        get(
            settings().addTransform(_ -> new Shouting()),
            url("/", () -> new Failing(() -> new HTTPError(403))));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("FORBIDDEN");
  }

  @Test
  void ofAFailedTransformTheErrorPageKnowsNothing() throws Exception {
    class Broken implements OutputTransform {
      @Override
      public byte[] transformFirstChunk(
          int status, HTTPHeaders headers, byte[] chunk, boolean finishing) {
        throw new HTTPError(503);
      }

      @Override
      public byte[] transformChunk(byte[] chunk, boolean finishing) {
        return chunk;
      }

      @Override
      public void close() {
        events.add("close");
      }
    }

    var answer = get(settings().addTransform(_ -> new Broken()), url("/", Traced::new));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("503");
    assertThat(events).containsOnlyOnce("close");
  }

  @Test
  void anAnswerThatIsCutClosesItsTransforms() throws Exception {
    class Cut extends RequestHandler {
      @Override
      protected void get() {
        write("a");
        var _ = flush();
        throw new HTTPError(500);
      }
    }

    var answer = get(settings().addTransform(_ -> new Shouting()), url("/", Cut::new));
    assertThat(answer.calls).contains("abort");
    assertThat(events).containsExactly("first 200 afalse", "close");
  }

  @Test
  void aClientThatHasGoneClosesTheTransforms() throws Exception {
    class Waiting extends RequestHandler {
      @Override
      @Asynchronous
      protected void get() {
        write("a");
        var _ = flush();
      }
    }

    var application =
        new Application(
            settings().addTransform(_ -> new Shouting()).build(), url("/", Waiting::new));
    var connection = connection();
    onLoop(
        () -> {
          var delegate = begin(application, connection, "GET", "/");
          delegate.finish();
          delegate.onConnectionClose();
          return null;
        });
    assertThat(events).containsExactly("first 200 afalse", "close");
  }
}
