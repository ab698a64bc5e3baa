// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.multi;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.waterspout.httpclient.AsyncHTTPClient;
import org.waterspout.httpclient.HTTPRequest;
import org.waterspout.httpclient.HTTPResponse;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/** Our client with other people's servers. */
@Timeout(60)
class ForeignServersTest {
  /** A test of a client whose loop runs. */
  private interface Body {
    void run(AsyncHTTPClient client, String url) throws Exception;
  }

  private static void with(ForeignServer.Kind kind, Body body) throws Exception {
    try (var server = kind.start();
        var loop = new IOLoop()) {
      Callable<Integer> test =
          () -> {
            try (var client = new AsyncHTTPClient()) {
              body.run(client, "http://127.0.0.1:" + server.port());
            }
            return 0;
          };
      loop.makeCurrent();
      try {
        loop.runSync(test);
      } finally {
        IOLoop.clearCurrent();
      }
    }
  }

  private static HTTPRequest.Builder post(String url, int size) {
    return HTTPRequest.builder(url).method("POST").body("x".repeat(size));
  }

  @ParameterizedTest
  @EnumSource
  void sendsAndGetsBodiesOfAnySizeOnOneConnection(ForeignServer.Kind kind) throws Exception {
    with(
        kind,
        (client, url) -> {
          var first = true;
          for (int size : new int[] {1, 100, 100_000, 5_000_000, 0}) {
            for (var path : new String[] {"/length", "/chunks"}) {
              var response = await(client.fetch(post(url + path, size).build()));
              assertThat(response.text()).isEqualTo("x".repeat(size));
              assertThat(response.timeInfo().connect().isZero()).isEqualTo(!first);
              first = false;
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void sendsWhatAProducerWrites(ForeignServer.Kind kind) throws Exception {
    with(
        kind,
        (client, url) -> {
          var request =
              HTTPRequest.builder(url + "/length")
                  .method("PUT")
                  .bodyProducer(
                      body -> {
                        for (int i = 0; i < 100; i++) {
                          await(body.write("y".repeat(10_000)));
                        }
                      })
                  .build();
          assertThat(await(client.fetch(request)).text()).isEqualTo("y".repeat(1_000_000));
        });
  }

  @ParameterizedTest
  @EnumSource
  void waitsUntilABodyIsWanted(ForeignServer.Kind kind) throws Exception {
    with(
        kind,
        (client, url) -> {
          for (int i = 0; i < 3; i++) {
            var request = post(url + "/length", 1000).expect100Continue(true).build();
            assertThat(await(client.fetch(request)).body()).hasSize(1000);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void followsRedirectsWithTheBody(ForeignServer.Kind kind) throws Exception {
    with(
        kind,
        (client, url) -> {
          var response = await(client.fetch(post(url + "/redirect", 10).build()));
          assertThat(response.text()).isEqualTo("x".repeat(10));
          assertThat(response.effectiveUrl()).isEqualTo(url + "/elsewhere");
        });
  }

  @ParameterizedTest
  @EnumSource
  void knowsThatHEADHasNoBody(ForeignServer.Kind kind) throws Exception {
    with(
        kind,
        (client, url) -> {
          for (int i = 0; i < 3; i++) {
            var request = HTTPRequest.builder(url + "/length").method("HEAD").build();
            assertThat(await(client.fetch(request)).body()).isEmpty();
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void fetchesManyAtOnce(ForeignServer.Kind kind) throws Exception {
    with(
        kind,
        (client, url) -> {
          var fetches = new ArrayList<LoopFuture<HTTPResponse>>();
          for (int i = 0; i < 200; i++) {
            fetches.add(client.fetch(post(url + (i % 2 == 0 ? "/length" : "/chunks"), i).build()));
          }
          var responses = await(multi(fetches));
          for (int i = 0; i < 200; i++) {
            assertThat(responses.get(i).body()).hasSize(i);
          }
        });
  }
}
