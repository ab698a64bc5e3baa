// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The response of an include: what would change status or headers is ignored. */
final class IncludedResponse extends HttpServletResponseWrapper {
  IncludedResponse(HttpServletResponse response) {
    super(response);
  }

  @Override
  public void setContentLength(int length) {}

  @Override
  public void setContentLengthLong(long length) {}

  @Override
  public void setContentType(@Nullable String type) {}

  @Override
  public void setCharacterEncoding(@Nullable String encoding) {}

  @Override
  public void setCharacterEncoding(@Nullable Charset encoding) {}

  @Override
  public void setLocale(@Nullable Locale locale) {}

  @Override
  public void setBufferSize(int size) {}

  @Override
  public void reset() {}

  @Override
  public void setStatus(int status) {}

  @Override
  public void setHeader(@Nullable String name, @Nullable String value) {}

  @Override
  public void addHeader(@Nullable String name, @Nullable String value) {}

  @Override
  public void setIntHeader(@Nullable String name, int value) {}

  @Override
  public void addIntHeader(@Nullable String name, int value) {}

  @Override
  public void setDateHeader(@Nullable String name, long date) {}

  @Override
  public void addDateHeader(@Nullable String name, long date) {}

  @Override
  public void addCookie(Cookie cookie) {}

  @Override
  public void setTrailerFields(@Nullable Supplier<Map<String, String>> supplier) {}

  @Override
  public void sendError(int status) {}

  @Override
  public void sendError(int status, @Nullable String message) {}

  @Override
  public void sendRedirect(String location) {}

  @Override
  public void sendRedirect(String location, boolean clearBuffer) {}

  @Override
  public void sendRedirect(String location, int status) {}

  @Override
  public void sendRedirect(String location, int status, boolean clearBuffer) {}
}
