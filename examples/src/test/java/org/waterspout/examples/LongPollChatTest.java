// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The chat by long polling, with the JDK's client in the place of browsers. */
@Timeout(60)
final class LongPollChatTest {
  private static final Pattern CURSOR = Pattern.compile("\"cursor\":\"([^\"]*)\"");
  private static final Pattern TEXT = Pattern.compile("\"text\":\"([^\"]*)\"");
  private static final Duration LONG = Duration.ofMinutes(5);

  private final HttpClient client = HttpClient.newHttpClient();
  private final LongPollChat.Room room = new LongPollChat.Room();
  private Serving serving;

  @BeforeEach
  void serve() throws Exception {
    serving = new Serving(() -> LongPollChat.application(room, LONG));
  }

  @AfterEach
  void stop() throws Exception {
    client.shutdownNow();
    serving.close();
  }

  private CompletableFuture<HttpResponse<String>> poll(String cursor) {
    var request =
        HttpRequest.newBuilder(serving.uri("/messages?after=" + cursor))
            .timeout(Duration.ofSeconds(20))
            .build();
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  private static String answer(CompletableFuture<HttpResponse<String>> poll) throws Exception {
    var answer = poll.get(20, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().map()).containsEntry("cache-control", List.of("no-store"));
    return answer.body();
  }

  private int say(String name, String text) throws Exception {
    var form =
        "name="
            + URLEncoder.encode(name, StandardCharsets.UTF_8)
            + "&text="
            + URLEncoder.encode(text, StandardCharsets.UTF_8);
    var request =
        HttpRequest.newBuilder(serving.uri("/messages"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .timeout(Duration.ofSeconds(20))
            .POST(BodyPublishers.ofString(form))
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  private static String cursor(String json) {
    var found = CURSOR.matcher(json);
    assertThat(found.find()).as(json).isTrue();
    return found.group(1);
  }

  private static List<String> texts(String json) {
    return TEXT.matcher(json).results().map(found -> found.group(1)).toList();
  }

  /** Until so many polls wait in the room. */
  private void awaitWaiting(int count) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (serving.loop.spawn(room::waiting).get(20, TimeUnit.SECONDS) != count) {
      assertThat(System.nanoTime()).as("not %s polls", count).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void tellsAllWhoWait() throws Exception {
    var polls = List.of(poll(""), poll(""), poll("nonsense-7"));
    awaitWaiting(3);
    assertThat(say(" Ann ", "<b>\"hello\"</b>")).isEqualTo(204);
    for (var poll : polls) {
      assertThat(answer(poll))
          .contains("\"name\":\"Ann\"", "\"text\":\"<b>\\\"hello\\\"<\\/b>\"", "\"missed\":0");
    }
    awaitWaiting(0);
  }

  @Test
  void losesNothingBetweenTwoPolls() throws Exception {
    say("Ann", "0");
    var cursor = cursor(answer(poll("")));
    say("Ann", "1");
    say("Bob", "2");
    var caughtUp = answer(poll(cursor));
    assertThat(texts(caughtUp)).containsExactly("1", "2");
    var next = poll(cursor(caughtUp));
    awaitWaiting(1);
    say("Ann", "3");
    assertThat(texts(answer(next))).containsExactly("3");
    assertThat(texts(answer(poll("")))).containsExactly("0", "1", "2", "3");
  }

  @Test
  void severalClientsGetAllOfManyMessagesOnceAndInOrder() throws Exception {
    say("Ann", "begin");
    var start = cursor(answer(poll("")));
    var heard = new ArrayList<CompletableFuture<List<String>>>();
    for (int i = 0; i < 4; i++) {
      heard.add(CompletableFuture.supplyAsync(() -> hearUntil(start, "end")));
    }
    for (int i = 0; i < 100; i++) {
      say("Ann", "m" + i);
    }
    say("Ann", "end");
    for (var texts : heard) {
      assertThat(texts.get(20, TimeUnit.SECONDS))
          .hasSize(101)
          .startsWith("m0", "m1")
          .endsWith("m99", "end");
    }
  }

  private List<String> hearUntil(String start, String last) {
    var all = new ArrayList<String>();
    var cursor = start;
    try {
      while (!all.contains(last)) {
        var json = answer(poll(cursor));
        all.addAll(texts(json));
        cursor = cursor(json);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return all;
  }

  @Test
  void keepsSoManyAndSaysHowManyAClientHasMissed() throws Exception {
    say("Ann", "0");
    var cursor = cursor(answer(poll("")));
    for (int i = 1; i <= 210; i++) {
      say("Ann", "m" + i);
    }
    var json = answer(poll(cursor));
    assertThat(json).contains("\"missed\":10");
    assertThat(texts(json)).hasSize(200).startsWith("m11").endsWith("m210");
    assertThat(answer(poll(""))).contains("\"missed\":0");
  }

  @Test
  void aCursorOfAnotherRoomCountsForNothing() throws Exception {
    say("Ann", "0");
    var cursor = cursor(answer(poll("")));
    var other = cursor.replaceFirst("^.", cursor.startsWith("0") ? "1" : "0");
    var beyond = cursor.replaceFirst("[0-9]+$", "99");
    var huge = cursor.replaceFirst("[0-9]+$", "9".repeat(30));
    for (var wrong : List.of(other, beyond, huge, cursor.replace("-", ""), "-1")) {
      assertThat(texts(answer(poll(wrong)))).as(wrong).containsExactly("0");
    }
  }

  @Test
  void forgetsClientsThatHaveGone() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (var gone = serving.connect()) {
        gone.send("GET /messages HTTP/1.1\r\nHost: a\r\n\r\n");
        awaitWaiting(1);
      }
      awaitWaiting(0);
    }
    assertThat(say("Ann", "nobody?")).isEqualTo(204);
  }

  @Test
  void endsAPollInWhichNothingWasSaid() throws Exception {
    serving.close();
    serving = new Serving(() -> LongPollChat.application(room, Duration.ofMillis(50)));
    var json = answer(poll(""));
    assertThat(texts(json)).isEmpty();
    awaitWaiting(0);
    say("Ann", "1");
    assertThat(texts(answer(poll(cursor(json))))).containsExactly("1");
  }

  @Test
  void refusesWhatIsTooLongOrEmpty() throws Exception {
    assertThat(say("", "x")).isEqualTo(400);
    assertThat(say("x".repeat(31), "x")).isEqualTo(400);
    assertThat(say("Ann", " \n ")).isEqualTo(400);
    assertThat(say("Ann", "x".repeat(2001))).isEqualTo(400);
    assertThat(say("Ann", "x".repeat(2000))).isEqualTo(204);
  }

  @Test
  void thePageIsThere() throws Exception {
    var request = HttpRequest.newBuilder(serving.uri("/")).timeout(Duration.ofSeconds(20)).build();
    assertThat(client.send(request, BodyHandlers.ofString()).body())
        .contains("<!DOCTYPE html>", "fetch(\"messages", "textContent = text")
        .doesNotContain("SCRIPT */", "innerHTML");
  }
}
