// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

import java.io.IOException;

/** Chapter 5: the buffer, lengths, the end of an answer. */
public final class BufferCases extends Cases {
  private static final long serialVersionUID = 1L;

  /** Says what it answers. */
  public BufferCases() {
    see(
        "states",
        (request, response, facts) -> {
          facts.put("has size", response.getBufferSize() > 0);
          response.setBufferSize(20_000);
          facts.put("size", response.getBufferSize() >= 20_000);
          var out = response.getWriter();
          out.print("dropped");
          facts.put("committed", response.isCommitted());
          facts.run("setBufferSize", () -> response.setBufferSize(40_000));
          response.setHeader("X-Kept", "x");
          response.resetBuffer();
          facts.put("kept", response.containsHeader("X-Kept"));
          facts.run("stream", response::getOutputStream);
          response.setStatus(202);
        });
    see(
        "reset-chooses-again",
        (request, response, facts) -> {
          response.getOutputStream().print("dropped");
          facts.run("writer", response::getWriter);
          response.reset();
          facts.run("writer after reset", response::getWriter);
        });
    see(
        "buffer-reset-keeps-choice",
        (request, response, facts) -> {
          response.getWriter().print("dropped");
          response.resetBuffer();
          facts.run("stream after reset", response::getOutputStream);
        });
    when(
        "exact-length",
        (request, response) -> {
          response.setContentLength(4);
          response.getOutputStream().print("four");
          response.setHeader("X-Committed", String.valueOf(response.isCommitted()));
        });
    when(
        "too-long",
        (request, response) -> {
          response.setContentLength(4);
          try {
            response.getOutputStream().print("fourteen");
            response.getOutputStream().flush();
          } catch (IOException e) {
            // some say so
          }
        });
    when(
        "too-short",
        (request, response) -> {
          response.setContentLength(10);
          response.getOutputStream().print("four");
        });
    when(
        "length-zero",
        (request, response) -> {
          response.setContentLength(0);
          response.setHeader("X-Committed", String.valueOf(response.isCommitted()));
        });
    when(
        "length-long",
        (request, response) -> {
          response.setContentLengthLong(5);
          response.getWriter().print("hello");
        });
    when(
        "closed-writer",
        (request, response) -> {
          response.setContentType("text/plain");
          var out = response.getWriter();
          out.print("all");
          out.close();
          out.print("more");
          response.setHeader("X-Late", "x");
        });
    when(
        "closed-stream",
        (request, response) -> {
          var out = response.getOutputStream();
          out.print("all");
          out.close();
          try {
            out.print("more");
          } catch (IOException e) {
            // as the specification wants it
          }
        });
    when(
        "prints",
        (request, response) -> {
          response.setContentType("text/plain");
          var out = response.getOutputStream();
          out.print(true);
          out.print('c');
          out.print(1);
          out.print(2L);
          out.print(1.5f);
          out.print(2.5);
          out.println();
          out.println("line");
          out.println(false);
          out.println(3);
        });
    when(
        "lines",
        (request, response) -> {
          response.setContentType("text/plain");
          var out = response.getWriter();
          out.println("line");
          out.printf("%s|%d%n", "text", 5);
          out.println(1.0);
        });
    see(
        "not-latin",
        (request, response, facts) -> {
          facts.run("stream", () -> response.getOutputStream().print("\u20ac"));
          response.reset();
        });
    when(
        "large",
        (request, response) -> {
          response.setContentType("text/plain;charset=UTF-8");
          for (int i = 0; i < 20_000; i++) {
            response.getWriter().print("line " + i + "\n");
          }
        });
    when(
        "flushed",
        (request, response) -> {
          response.setContentType("text/plain;charset=UTF-8");
          response.getWriter().print("a");
          response.getWriter().flush();
          response.setHeader("X-Committed", String.valueOf(response.isCommitted()));
          response.getWriter().print("b");
        });
    see(
        "writer-flush-commits",
        (request, response, facts) -> {
          response.setContentType(Facts.TYPE);
          response.getWriter().flush();
          facts.put("committed", response.isCommitted());
        });
    see(
        "written-over-buffer",
        (request, response, facts) -> {
          response.setContentType(Facts.TYPE);
          response.setBufferSize(8192);
          response.getWriter().print(("x: " + "y".repeat(100) + "\n").repeat(1000));
          facts.put("committed", response.isCommitted());
          facts.put("error", response.getWriter().checkError());
        });
  }
}
