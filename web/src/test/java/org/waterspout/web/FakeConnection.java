// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.waterspout.http.Capability;
import org.waterspout.http.ConnectionContext;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.MissingCapabilityException;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.WriteLoan;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamClosedException;

/** An exchange in memory: writes down what it is told, and can lack any capability. */
final class FakeConnection implements HTTPConnection {
  final List<String> calls = new ArrayList<>();
  final LoopFuture<Void> ended;

  /** Whether writes fail, as they do when the client has gone. */
  boolean broken;

  private final IOLoop loop;
  private final Set<Capability> capabilities;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private ResponseStartLine startLine;
  private HTTPHeaders headers;

  FakeConnection(IOLoop loop, Capability... lacking) {
    this.loop = loop;
    this.ended = new LoopFuture<>(loop);
    this.capabilities = EnumSet.allOf(Capability.class);
    this.capabilities.removeAll(List.of(lacking));
  }

  int status() {
    return startLine.status();
  }

  String reason() {
    return startLine.reason();
  }

  HTTPHeaders headers() {
    return headers;
  }

  String header(String name) {
    return headers.get(name);
  }

  String body() {
    return body.toString(StandardCharsets.UTF_8);
  }

  @Override
  public IOLoop loop() {
    return loop;
  }

  @Override
  public ConnectionContext context() {
    return new ConnectionContext("192.0.2.7", 49152, "192.0.2.1", 80, "http");
  }

  @Override
  public String contextPath() {
    return "/app";
  }

  @Override
  public Set<Capability> capabilities() {
    return capabilities;
  }

  @Override
  public String deployment() {
    return "Test 1.0";
  }

  @Override
  public LoopFuture<Void> writeHeaders(
      ResponseStartLine startLine, HTTPHeaders headers, ByteBuffer chunk) {
    if (this.startLine != null) {
      throw new IllegalStateException("headers were written");
    }
    this.startLine = startLine;
    this.headers = headers.copy();
    calls.add("headers");
    if (broken) {
      return LoopFuture.failed(loop, new StreamClosedException(null));
    }
    return chunk == null ? done() : write(chunk);
  }

  @Override
  public LoopFuture<Void> write(ByteBuffer chunk) {
    byte[] bytes = new byte[chunk.remaining()];
    chunk.get(bytes);
    body.writeBytes(bytes);
    calls.add("write " + new String(bytes, StandardCharsets.UTF_8));
    return done();
  }

  @Override
  public LoopFuture<Void> finish() {
    calls.add("finish");
    ended.complete(null);
    return done();
  }

  @Override
  public LoopFuture<Void> finish(HTTPHeaders trailers) {
    calls.add("trailers " + trailers.getAll());
    return finish();
  }

  @Override
  public LoopFuture<Void> writeInformational(ResponseStartLine startLine, HTTPHeaders headers) {
    if (this.startLine != null) {
      throw new IllegalStateException("headers were written");
    }
    calls.add(startLine.status() + " " + startLine.reason() + " " + headers.getAll());
    return done();
  }

  @Override
  public void abort() {
    calls.add("abort");
    ended.complete(null);
  }

  @Override
  public void setMaxBodySize(long bytes) {}

  @Override
  public void setBodyTimeout(Duration timeout) {}

  @Override
  public IOStream detach() {
    throw new MissingCapabilityException(Capability.DETACH, "detach", deployment());
  }

  @Override
  public WriteLoan lendWriteSide() {
    return null;
  }

  private LoopFuture<Void> done() {
    return LoopFuture.completed(loop, null);
  }
}
