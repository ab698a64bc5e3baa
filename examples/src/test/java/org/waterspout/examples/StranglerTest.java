// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StranglerTest {
  private static final Pattern XSRF = Pattern.compile("name=\"_xsrf\" value=\"([^\"]+)\"");

  private final Strangler strangler = new Strangler(MountTest.SHOP);
  private Serving serving;
  private Serving switches;

  @BeforeEach
  void start() throws Exception {
    serving = new Serving(strangler::application);
    switches = new Serving(strangler::switches);
  }

  @AfterEach
  void stop() throws Exception {
    switches.close();
    serving.close();
  }

  @Test
  void oneCartIsFilledByTheOldAndTheNew() throws Exception {
    try (var visitor = visitor()) {
      assertThat(post(visitor, serving.uri("/cart"), "item=Rope").statusCode()).isEqualTo(302);
      assertThat(get(visitor, "/cart").body()).contains("1 × Rope");
      turn("cart", false);
      assertThat(get(visitor, "/cart").body()).contains("<li>Rope").doesNotContain("×");
      assertThat(post(visitor, serving.uri("/cart"), "item=Rope").statusCode()).isEqualTo(302);
      turn("cart", true);
      assertThat(get(visitor, "/cart").body()).contains("2 × Rope");
    }
  }

  @Test
  void aRouteIsTakenAndGivenBackUnderLoadWithoutAnErrorAndNothingIsLost() throws Exception {
    int visitors = 8;
    var over = new AtomicBoolean();
    var answered = new ConcurrentHashMap<String, AtomicInteger>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> work = new ArrayList<>();
      for (int i = 0; i < visitors; i++) {
        work.add(() -> shop(over, answered));
      }
      var shopping = work.stream().map(threads::submit).toList();
      for (int turns = 0; turns < 60; turns++) {
        awaitAnswers(answered, turns % 2 == 0 ? "the new handler" : "the old shop");
        turn("cart", turns % 2 != 0);
      }
      over.set(true);
      for (var visit : shopping) {
        assertThat(visit.get(30, TimeUnit.SECONDS)).isPositive();
      }
    }
  }

  /** Takes things until all is over, looks each time whether all are there; how many there are. */
  private int shop(AtomicBoolean over, Map<String, AtomicInteger> answered) throws Exception {
    int taken = 0;
    try (var visitor = visitor()) {
      while (!over.get()) {
        assertThat(post(visitor, serving.uri("/cart"), "item=Rope").statusCode()).isEqualTo(302);
        taken++;
        var cart = get(visitor, "/cart");
        assertThat(cart.statusCode()).isEqualTo(200);
        var by = cart.headers().firstValue("X-Answered-By").orElseThrow();
        if (by.equals("the old shop")) {
          assertThat(cart.body().split("<li>Rope", -1)).hasSize(taken + 1);
        } else {
          assertThat(cart.body()).contains("<li>" + taken + " × Rope");
        }
        answered.computeIfAbsent(by, _ -> new AtomicInteger()).incrementAndGet();
      }
    }
    return taken;
  }

  /** Until this side has answered some more. */
  private static void awaitAnswers(Map<String, AtomicInteger> answered, String by) {
    var count = answered.computeIfAbsent(by, _ -> new AtomicInteger());
    int enough = count.get() + 3;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (count.get() < enough) {
      assertThat(System.nanoTime()).as("nothing is answered by " + by).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void nobodyTurnsASwitchByAForgedForm() throws Exception {
    try (var visitor = visitor()) {
      assertThat(post(visitor, switches.uri("/"), "name=cart&on=false").statusCode())
          .isEqualTo(403);
      assertThat(get(visitor, "/cart").headers().firstValue("X-Answered-By"))
          .contains("the new handler");
    }
  }

  private void turn(String name, boolean on) throws Exception {
    try (var operator = visitor()) {
      var page = operator.send(request(switches.uri("/")).build(), BodyHandlers.ofString()).body();
      var xsrf = XSRF.matcher(page);
      assertThat(xsrf.find()).as(page).isTrue();
      String form = "name=" + name + "&on=" + on + "&_xsrf=" + xsrf.group(1);
      assertThat(post(operator, switches.uri("/"), form).statusCode()).isEqualTo(302);
    }
  }

  private static HttpClient visitor() {
    return HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
  }

  private HttpResponse<String> get(HttpClient visitor, String path) throws Exception {
    return visitor.send(request(serving.uri(path)).build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(HttpClient visitor, URI uri, String form)
      throws Exception {
    var request =
        request(uri)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form));
    return visitor.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(URI uri) {
    return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
  }
}
