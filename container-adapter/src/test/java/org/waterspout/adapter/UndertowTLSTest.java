// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.url;

import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.waterspout.adapter.undertow.UndertowAdapter;
import org.waterspout.web.Application;
import org.xnio.XnioIoThread;
import org.xnio.conduits.Conduit;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;

/** Undertow's TLS is not for several threads. */
class UndertowTLSTest {
  private final Set<Thread> users = ConcurrentHashMap.newKeySet();

  @Test
  void usesAnExchangeOnTheThreadOfItsConnectionAlone() throws Exception {
    var adapter = new UndertowAdapter(new Application(url("/", NativeTLSTest.Mirror::new)));
    adapter.start();
    var undertow = started(watched(adapter));
    try (adapter;
        var client = connect(undertow)) {
      byte[] body = new byte[1 << 18];
      assertThat(client.post("/", body).body()).isEqualTo(body);
      assertThat(client.post("/", body).body()).isEqualTo(body);
    } finally {
      undertow.stop();
    }
    assertThat(users).hasSize(1).allMatch(XnioIoThread.class::isInstance);
  }

  @Test
  void failsWhatIsOpenWhenUndertowStopsFirst() throws Exception {
    var handlers = new TestHandlers();
    var adapter = new UndertowAdapter(handlers.application());
    adapter.start();
    var undertow = started(adapter);
    try (adapter;
        var client = connect(undertow)) {
      client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
      handlers.parked.poll(20, TimeUnit.SECONDS).complete("one");
      client.head();
      assertThat(client.chunk()).isEqualTo("one".getBytes(US_ASCII));
      undertow.stop();
      handlers.parked.poll(20, TimeUnit.SECONDS).complete("two");
      assertThat(handlers.events.poll(20, TimeUnit.SECONDS))
          .isEqualTo("failed StreamClosedException");
    }
  }

  private static Undertow started(HttpHandler handler) throws Exception {
    var undertow =
        Undertow.builder()
            .addHttpsListener(0, "127.0.0.1", TLS.server())
            .setIoThreads(1)
            .setWorkerThreads(1)
            .setHandler(handler)
            .build();
    undertow.start();
    return undertow;
  }

  private static Client connect(Undertow undertow) throws Exception {
    var address = (InetSocketAddress) undertow.getListenerInfo().getFirst().getAddress();
    return new Client(TLS.connect(address.getPort(), false));
  }

  private HttpHandler watched(HttpHandler handler) {
    return http -> {
      http.addRequestWrapper((factory, _) -> watched(StreamSourceConduit.class, factory.create()));
      http.addResponseWrapper((factory, _) -> watched(StreamSinkConduit.class, factory.create()));
      handler.handleRequest(http);
    };
  }

  private <C extends Conduit> C watched(Class<C> type, C conduit) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              users.add(Thread.currentThread());
              try {
                return method.invoke(conduit, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
