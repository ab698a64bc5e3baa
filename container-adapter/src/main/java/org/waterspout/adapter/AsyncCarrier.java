// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.waterspout.adapter.exchange.Carrier;
import org.waterspout.adapter.exchange.Exchange;
import org.waterspout.http.HTTPHeaders;

/**
 * Carries an exchange by the non-blocking streams of a request that was made asynchronous.
 *
 * <p>Request and response are touched by the reader, the writer and {@link #sendHead} only, all on
 * the loop, and only inside the {@link Funnel}.
 */
final class AsyncCarrier implements Carrier {
  private final Quirks quirks;
  private final HttpServletResponse response;
  private final Funnel funnel;
  private final BodyReader reader;
  private final AnswerWriter writer;

  AsyncCarrier(Exchange exchange, Quirks quirks, AsyncContext asyncContext) {
    this.quirks = quirks;
    this.response = (HttpServletResponse) asyncContext.getResponse();
    var request = (HttpServletRequest) asyncContext.getRequest();
    this.funnel = new Funnel(asyncContext, response, e -> exchange.post(() -> exchange.lost(e)));
    this.reader = new BodyReader(exchange, funnel, request);
    this.writer = new AnswerWriter(exchange, funnel, response);
    asyncContext.addListener(funnel);
  }

  @Override
  public void readMore() {
    reader.readMore();
  }

  /** Gives them to the container, which sends them with what comes next. */
  @Override
  public void sendHead(int status, HTTPHeaders headers, long contentLength) {
    var _ =
        funnel.ifOpen(
            () -> {
              AnswerFields.apply(response, status, headers, contentLength);
              return true;
            },
            false);
  }

  @Override
  public void answerQueued() {
    writer.queueStep();
  }

  @Override
  public void complete() {
    funnel.complete();
  }

  @Override
  public void cut() {
    funnel.cut(quirks.cut());
  }

  @Override
  public void abandon() {
    cut();
  }
}
