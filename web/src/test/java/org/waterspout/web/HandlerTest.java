// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.RequestStartLine;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.routing.Rule;

/** A loop and requests in memory, for tests of handlers. */
abstract class HandlerTest {
  static final Duration DEADLINE = Duration.ofSeconds(20);

  private static final List<String> FORM =
      List.of("Content-Type", "application/x-www-form-urlencoded");

  final IOLoop loop = new IOLoop();
  final List<String> events = new ArrayList<>();
  private final List<String> requestHeaders = new ArrayList<>();
  private String host = "example.org";
  private Capability[] lacking = {};

  /** The build runs all tests with both carriers; each run has to be what it says. */
  @BeforeEach
  void checkCarrier() {
    String wanted = System.getProperty("waterspout.test.carrier", "");
    assertThat(loop.customCarrier()).isEqualTo(wanted.equals("custom"));
  }

  @AfterEach
  void closeLoop() {
    loop.close();
  }

  /** A header for the requests to come. */
  HandlerTest with(String name, String value) {
    requestHeaders.addAll(List.of(name, value));
    return this;
  }

  /** Forgets the headers for the requests to come. */
  HandlerTest withoutHeaders() {
    requestHeaders.clear();
    return this;
  }

  /** The Host of the requests to come. */
  HandlerTest from(String host) {
    this.host = host;
    return this;
  }

  /** What the deployment of the requests to come cannot offer. */
  HandlerTest lacking(Capability... capabilities) {
    lacking = capabilities;
    return this;
  }

  FakeConnection get(String target, Rule... rules) throws Exception {
    return request("GET", target, "", rules);
  }

  FakeConnection post(String target, String form, Rule... rules) throws Exception {
    requestHeaders.removeAll(FORM);
    requestHeaders.addAll(FORM);
    return request("POST", target, form, rules);
  }

  /** A whole request; returns when its answer has ended. */
  FakeConnection request(String method, String target, String body, Rule... rules)
      throws Exception {
    return request(new Application(rules), method, target, body);
  }

  FakeConnection request(Application application, String method, String target, String body)
      throws Exception {
    var connection = connection();
    return onLoop(
        () -> {
          var delegate = begin(application, connection, method, target);
          if (!body.isEmpty()) {
            var _ = delegate.dataReceived(body.getBytes(StandardCharsets.UTF_8));
          }
          delegate.finish();
          await(connection.ended);
          return connection;
        });
  }

  FakeConnection connection() {
    return new FakeConnection(loop, lacking);
  }

  /** A request whose headers have arrived. On the loop. */
  HTTPMessageDelegate begin(
      Application application, FakeConnection connection, String method, String target)
      throws Exception {
    var headers = new HTTPHeaders();
    headers.add("Host", host);
    for (int i = 0; i < requestHeaders.size(); i += 2) {
      headers.add(requestHeaders.get(i), requestHeaders.get(i + 1));
    }
    var delegate = application.startRequest(connection, connection);
    var _ = delegate.headersReceived(new RequestStartLine(method, target, "HTTP/1.1"), headers);
    return delegate;
  }

  <T> T onLoop(Callable<T> task) throws Exception {
    return loop.runSync(DEADLINE, task);
  }

  /** Notes which hooks are called. */
  class Traced extends RequestHandler {
    @Override
    protected void setDefaultHeaders() {
      events.add("setDefaultHeaders");
    }

    @Override
    protected void prepare() throws Exception {
      events.add("prepare");
    }

    @Override
    protected void get() throws Exception {
      events.add("get");
      write("got");
    }

    @Override
    protected void onFinish() throws Exception {
      events.add("onFinish " + getStatus());
    }
  }

  /** Throws what it is given. */
  class Failing extends Traced {
    private final Supplier<? extends Throwable> failure;

    Failing(Supplier<? extends Throwable> failure) {
      this.failure = failure;
    }

    @Override
    protected void get() throws Exception {
      switch (failure.get()) {
        case Error e -> throw e;
        case Exception e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }
}
