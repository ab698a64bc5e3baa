// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import org.waterspout.http.Capability;

/** What the parts of {@link ServerContract} have in common: a deployment and clients for it. */
interface Contract {
  HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(20))
          .build();

  Deployment deployment();

  default boolean offers(Capability capability) {
    return deployment().capabilities().contains(capability);
  }

  /** A path of the application as the server knows it. */
  default String path(String path) {
    return deployment().contextPath() + path;
  }

  default HttpRequest.Builder request(String path) {
    var uri = "http://127.0.0.1:" + deployment().port() + path(path);
    return HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(20));
  }

  default HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(request(path).build(), BodyHandlers.ofString());
  }

  default HttpResponse<String> post(String path, HttpRequest.BodyPublisher body) throws Exception {
    return CLIENT.send(request(path).POST(body).build(), BodyHandlers.ofString());
  }

  default RawClient connect() throws IOException {
    return new RawClient(deployment().port());
  }

  /**
   * All that comes until the server closes the connection.
   *
   * @param target as it is sent, behind the context path
   * @param fields header lines, each with its end
   */
  default String rawGet(String target, String... fields) throws IOException {
    try (var client = connect()) {
      client.send(
          "GET "
              + path(target)
              + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
              + String.join("", fields)
              + "\r\n");
      return client.readToEnd();
    }
  }

  default void release(String word) throws Exception {
    assertThat(post("/release", BodyPublishers.ofString(word)).statusCode()).isEqualTo(200);
  }

  /** What a handler has noted under this id. */
  default String observed(String id) throws Exception {
    return get("/observed?id=" + id).body();
  }

  /** As the last act of a test that used the capability, or saw its refusal. */
  default void measured(Capability capability) {
    Measurements.add(deployment().column(), capability, offers(capability));
  }

  /** Opens the gate until the answer that waits for it is there. */
  default String releaseUntilDone(CompletableFuture<HttpResponse<String>> waiting, String word)
      throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!waiting.isDone()) {
      assertThat(System.nanoTime()).as("no answer").isLessThan(end);
      release(word); // the waiting request may arrive after the first
    }
    return waiting.get(20, TimeUnit.SECONDS).body();
  }

  /** Asks again and again until the answer is as wanted. */
  static <T> T until(Callable<T> ask, Predicate<T> wanted) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      var answer = ask.call();
      if (wanted.test(answer)) {
        return answer;
      }
      assertThat(System.nanoTime()).as("still " + answer).isLessThan(end);
    }
  }

  static byte[] randomBytes(int size) {
    var bytes = new byte[size];
    new Random(42).nextBytes(bytes);
    return bytes;
  }

  static long sum(byte[] bytes) {
    var sum = new CRC32();
    sum.update(bytes);
    return sum.getValue();
  }
}
