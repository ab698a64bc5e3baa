// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.demo;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.Capability;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.Timeout;
import org.waterspout.web.Asynchronous;
import org.waterspout.web.Prefers;

/**
 * Long polling, in callback style: the answer comes with the next message, or says after a while
 * that there was none. Where a client's disappearance is not noticed, it waits until then.
 */
@Prefers(Capability.CLOSE_DETECTION)
final class PollHandler extends DemoHandler {
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private final Messages messages;
  private final Consumer<String> receiver =
      this::received; // one object, so that it can be forgotten
  private @Nullable Timeout timeout; // from get on

  PollHandler(Messages messages) {
    this.messages = messages;
  }

  @Override
  @Asynchronous
  protected void get() {
    messages.onNext(receiver);
    timeout = IOLoop.current().callLater(PATIENCE, this::nothingCame);
  }

  private void received(String message) {
    stopTimeout();
    var _ = finish(Map.of("message", message));
  }

  private void nothingCame() {
    messages.forget(receiver);
    setStatus(204);
    var _ = finish();
  }

  @Override
  protected void onConnectionClose() {
    messages.forget(receiver);
    stopTimeout();
  }

  private void stopTimeout() {
    if (timeout != null) {
      IOLoop.current().removeTimeout(timeout);
    }
  }
}
