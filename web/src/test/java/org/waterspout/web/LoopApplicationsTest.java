// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.web.Application.mount;
import static org.waterspout.web.Application.url;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;
import org.waterspout.web.ApplicationTest.FakeMount;

/** An application for each of several loops. */
class LoopApplicationsTest {
  private final IOLoop loop = new IOLoop();
  private final List<FakeMount> mounts = new ArrayList<>();
  private LogCapture access;
  private Thread runner;

  @BeforeEach
  void startLoop() {
    access = new LogCapture(Log.ACCESS);
    loop.makeCurrent();
    runner = Thread.ofPlatform().start(loop::start);
  }

  @AfterEach
  void closeLoop() throws Exception {
    loop.stop();
    runner.join();
    loop.close();
    IOLoop.clearCurrent();
    access.close();
  }

  /** Says which application it belongs to, and on which loop. */
  static class Telling extends RequestHandler {
    @Override
    protected void get() {
      write(System.identityHashCode(application()) + " " + IOLoop.current().hashCode());
    }
  }

  private Application application(FakeMount mount) {
    mounts.add(mount);
    return new Application(url("/", Telling::new), mount("/m", mount));
  }

  private <T> T onLoop(Callable<T> task) throws Exception {
    return loop.spawn(task).get(20, TimeUnit.SECONDS);
  }

  private static String ask(int port) throws Exception {
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(20_000);
      var request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
  }

  @Test
  void givesEachLoopAnApplicationOfItsOwn() throws Exception {
    var own = application(new FakeMount());
    HTTPServer server =
        onLoop(
            () -> {
              var made = own.server(HTTPServerOptions.defaults());
              made.bind(0, "127.0.0.1");
              made.start(3, () -> application(new FakeMount()));
              return made;
            });
    Map<String, String> applicationOfLoop = new HashMap<>();
    for (int i = 0; i < 40; i++) {
      var answer = ask(server.port()).split(" ");
      var before = applicationOfLoop.put(answer[1], answer[0]);
      assertThat(before == null || before.equals(answer[0])).isTrue();
    }

    assertThat(applicationOfLoop.values()).doesNotHaveDuplicates();
    var ofOwnLoop = applicationOfLoop.get("" + loop.hashCode());
    assertThat(ofOwnLoop == null || ofOwnLoop.equals("" + System.identityHashCode(own))).isTrue();
    assertThat(mounts).hasSize(3).allMatch(m -> m.events.getFirst().equals("start /m"));
  }

  @Test
  void startsAllOrNone() throws Exception {
    var own = application(new FakeMount());
    int port =
        onLoop(
            () -> {
              var server = own.server(HTTPServerOptions.defaults());
              server.bind(0, "127.0.0.1");
              int bound = server.port();
              var failures = List.of(true, false).iterator();
              assertThatThrownBy(
                      () ->
                          server.start(
                              3,
                              () ->
                                  application(
                                      failures.next()
                                          ? new FakeMount()
                                          : new FakeMount(new IllegalStateException("no disk")))))
                  .hasMessageContaining("no disk");
              return bound;
            });

    assertThat(mounts.get(0).events).containsExactly("start /m");
    assertThat(mounts.get(1).events).containsExactly("start /m", "stop");
    assertThatThrownBy(() -> ask(port)).isInstanceOf(IOException.class);
  }

  @Test
  void asksForNoFurtherApplicationOnOneLoop() throws Exception {
    var own = application(new FakeMount());
    HTTPServer server =
        onLoop(
            () -> {
              var made = own.server(HTTPServerOptions.defaults());
              made.bind(0, "127.0.0.1");
              made.start(
                  1,
                  () -> {
                    throw new AssertionError("asked");
                  });
              return made;
            });

    assertThat(ask(server.port())).startsWith(System.identityHashCode(own) + " ");
  }

  @Test
  void refusesToStartTwice() throws Exception {
    var own = application(new FakeMount());
    assertThatThrownBy(
            () ->
                onLoop(
                    () -> {
                      var server = own.server(HTTPServerOptions.defaults());
                      server.bind(0, "127.0.0.1");
                      server.start();
                      server.start(2, () -> application(new FakeMount()));
                      return null;
                    }))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("started before");
    assertThat(mounts.get(1).events).containsExactly("start /m", "stop");
  }
}
