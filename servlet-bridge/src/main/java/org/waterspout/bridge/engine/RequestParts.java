// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.message.BadParametersException;
import org.waterspout.bridge.message.ContentType;
import org.waterspout.bridge.message.Parameters;
import org.waterspout.bridge.upload.MultipartForm;
import org.waterspout.bridge.upload.UploadRules;
import org.waterspout.http.HTTPHeaders;

/**
 * Reads the parts of a request's multipart form when they are first asked for, Servlet 6.1 section
 * 3.2. What goes wrong is thrown again by every further call.
 */
final class RequestParts {
  private static final String FORM = "multipart/form-data";

  private final WebApp app;
  private final Request request;
  private final HTTPHeaders headers;

  /** How the servlet takes parts that the request has come to; null if it takes none. */
  private @Nullable MultipartConfigElement config;

  /** Null until the parts are asked for. */
  private @Nullable MultipartForm form;

  /** Why they cannot be read; an IOException or an IllegalStateException. */
  private @Nullable Exception failure;

  RequestParts(WebApp app, Request request, HTTPHeaders headers) {
    this.app = app;
    this.request = request;
    this.headers = headers;
    this.config = app.routing().multipart(request.match().servletName());
  }

  /** The request has come to a servlet that takes parts. */
  void reaches(MultipartConfigElement config) {
    this.config = config;
  }

  /** Whether they have been asked for, and the body with them. */
  boolean taken() {
    return form != null || failure != null;
  }

  /** Whether the request is a form, and the servlet takes its parts. */
  boolean expected() {
    return config != null && isForm() && (form != null || !request.bodyTaken());
  }

  private boolean isForm() {
    String type = request.getContentType();
    return type != null && ContentType.parse(type).essence().equals(FORM);
  }

  List<Part> get() throws IOException, ServletException {
    if (!isForm()) {
      throw new ServletException("getParts: the request is not " + FORM);
    }
    MultipartForm known = form;
    if (known == null) {
      known = read();
      form = known;
    }
    return known.parts();
  }

  private MultipartForm read() throws IOException {
    throwFailure();
    MultipartConfigElement wanted = config;
    if (wanted == null) {
      throw new IllegalStateException("getParts: the servlet has no multipart configuration");
    }
    if (request.bodyTaken()) {
      throw new IllegalStateException("getParts: the body is being read by the application");
    }
    try {
      int maxParts = app.options().limits().maxParts();
      UploadRules rules = UploadRules.of(wanted, app.context().temporaryFiles(), maxParts);
      MultipartForm.checkSize(
          request.getContentLengthLong(), rules.maxRequestSize(), "a multipart form");
      return MultipartForm.read(headers, request.body(), rules);
    } catch (IOException | BadParametersException e) {
      failure = e;
      throw e;
    }
  }

  private void throwFailure() throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      default -> throw new AssertionError(failure);
    }
  }

  /**
   * Adds the parts that are no files as parameters.
   *
   * @param charset of those that name none
   */
  void addTo(Parameters parameters, Charset charset, int limit) {
    try {
      long total = 0;
      for (Part part : get()) {
        if (part.getSubmittedFileName() == null) {
          total += part.getSize();
          MultipartForm.checkSize(total, limit, "a form");
          parameters.add(part.getName(), text(part), charset(part, charset));
        }
      }
    } catch (IOException e) {
      throw new BadParametersException("the form could not be read", e);
    } catch (ServletException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] text(Part part) throws IOException {
    try (InputStream in = part.getInputStream()) {
      return in.readAllBytes();
    }
  }

  private static Charset charset(Part part, Charset otherwise) {
    String type = part.getContentType();
    String name = type == null ? null : ContentType.parse(type).charset();
    try {
      return name == null ? otherwise : Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new BadParametersException("a part of a form in an unknown charset", e);
    }
  }

  /** Whether no form was taken apart. */
  boolean isUnread() {
    return form == null;
  }

  /** The request is over. */
  void delete() {
    if (form != null) {
      form.delete();
    }
  }
}
