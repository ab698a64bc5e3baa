// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.http.HttpServletResponse;
import org.waterspout.adapter.exchange.AnswerHead;
import org.waterspout.http.HTTPHeaders;

/** Tells a servlet response the head of an answer. The reason phrase cannot be told. */
record AnswerFields(HttpServletResponse response) implements AnswerHead.Fields {
  static void apply(
      HttpServletResponse response, int status, HTTPHeaders headers, long contentLength) {
    applyAllButLength(response, status, headers);
    if (contentLength != AnswerHead.NO_LENGTH && status != HttpServletResponse.SC_NO_CONTENT) {
      response.setContentLengthLong(contentLength);
    }
  }

  static void applyAllButLength(HttpServletResponse response, int status, HTTPHeaders headers) {
    response.setStatus(status);
    AnswerHead.fields(headers, new AnswerFields(response));
  }

  @Override
  public void set(String name, String value) {
    response.setHeader(name, value);
  }

  @Override
  public void add(String name, String value) {
    response.addHeader(name, value);
  }
}
