// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What an asynchronous application would be, written for servlets by hand: a request is copied, its
 * body read without blocking, and one thread, which is the same for all requests, decides what is
 * answered. The container's threads write that without blocking.
 */
final class AsynchronousServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient ExecutorService application = Executors.newSingleThreadExecutor();

  /** What the application gets to see. */
  private record Request(
      String method, String target, String remoteAddress, Map<String, List<String>> fields) {}

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    var method = request.getMethod();
    var query = request.getQueryString();
    var target = query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query;
    var address = request.getRemoteAddr();
    Map<String, List<String>> fields = new HashMap<>();
    for (var names = request.getHeaderNames(); names.hasMoreElements(); ) {
      String name = names.nextElement();
      List<String> values = new ArrayList<>();
      request.getHeaders(name).asIterator().forEachRemaining(values::add);
      fields.put(name, values);
    }
    var copy = new Request(method, target, address, fields);
    var async = request.startAsync(request, response);
    async.setTimeout(0);
    if (request.getContentLengthLong() <= 0) {
      hop(async, copy, new byte[0]);
    } else {
      var in = request.getInputStream();
      in.setReadListener(new Reader(in, async, body -> hop(async, copy, body)));
    }
  }

  private void hop(AsyncContext async, Request request, byte[] body) {
    application.execute(() -> answer(async, request, body));
  }

  /** On the one thread. */
  private static void answer(AsyncContext async, Request request, byte[] received) {
    byte[] body =
        switch (request.target()) {
          case "/hello" -> Workload.HELLO_BODY;
          case "/echo" -> received;
          default -> throw new IllegalArgumentException(request.toString());
        };
    var response = (HttpServletResponse) async.getResponse();
    response.setContentType("text/plain");
    response.setContentLength(body.length);
    try {
      var out = response.getOutputStream();
      out.setWriteListener(new Writer(out, async, body));
    } catch (IOException e) {
      async.complete();
    }
  }

  @FunctionalInterface
  private interface Receiver {
    void receive(byte[] body);
  }

  /** Reads the whole body, on threads of the container. */
  private static final class Reader implements ReadListener {
    private final ServletInputStream in;
    private final AsyncContext async;
    private final Receiver receiver;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(Workload.POST_SIZE);
    private final byte[] buffer = new byte[8192];

    Reader(ServletInputStream in, AsyncContext async, Receiver receiver) {
      this.in = in;
      this.async = async;
      this.receiver = receiver;
    }

    @Override
    public void onDataAvailable() throws IOException {
      while (in.isReady()) {
        int count = in.read(buffer);
        if (count < 0) {
          return;
        }
        body.write(buffer, 0, count);
      }
    }

    @Override
    public void onAllDataRead() {
      receiver.receive(body.toByteArray());
    }

    @Override
    public void onError(Throwable failure) {
      async.complete();
    }
  }

  /** Writes a whole body, on threads of the container. */
  private static final class Writer implements WriteListener {
    private final ServletOutputStream out;
    private final AsyncContext async;
    private final byte[] body;
    private boolean written;

    Writer(ServletOutputStream out, AsyncContext async, byte[] body) {
      this.out = out;
      this.async = async;
      this.body = body;
    }

    @Override
    public void onWritePossible() throws IOException {
      while (out.isReady()) {
        if (written) {
          async.complete();
          return;
        }
        written = true;
        out.write(body);
      }
    }

    @Override
    public void onError(Throwable failure) {
      async.complete();
    }
  }
}
