// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.StartLine;

/** Stands in for an application that did not start: every request is answered 503. */
public record FailedApp(String prefix) implements Served {
  @Override
  public HTTPMessageDelegate startRequest(Object serverConnection, HTTPConnection connection) {
    return new HTTPMessageDelegate() {
      @Override
      public @Nullable CompletionStage<?> headersReceived(StartLine line, HTTPHeaders headers) {
        PlainAnswer.send(connection, 503, new HTTPHeaders());
        return null;
      }

      // Nobody reads the body.
      @Override
      public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
        return null;
      }

      @Override
      public void finish() {}
    };
  }

  /** There is nothing to stop. */
  @Override
  public void stop() {}
}
