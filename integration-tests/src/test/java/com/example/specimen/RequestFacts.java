// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package com.example.specimen;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a request says of itself, wherever it has come to. */
final class RequestFacts {
  private static final List<String> SPOKEN = List.of("jakarta.servlet.", "specimen.");

  private RequestFacts() {}

  /** Named by the kind of dispatch. */
  static Facts of(HttpServletRequest request) {
    var facts = new Facts(request.getDispatcherType() + " ");
    path(request, facts);
    attributes(request, facts);
    return facts;
  }

  static void path(HttpServletRequest request, Facts facts) {
    var mapping = request.getHttpServletMapping();
    facts
        .put("method", request.getMethod())
        .put("requestURI", request.getRequestURI())
        .put("contextPath", request.getContextPath())
        .put("servletPath", request.getServletPath())
        .put("pathInfo", request.getPathInfo())
        .put("queryString", request.getQueryString())
        .put("mapping match", mapping.getMappingMatch())
        .put("mapping pattern", mapping.getPattern())
        .put("mapping value", mapping.getMatchValue())
        .put("mapping servlet", mapping.getServletName())
        .call("parameters", request::getParameterMap)
        .put("requestURL", request.getRequestURL().toString().replaceFirst(":[0-9]+", ":PORT"));
  }

  static void attributes(HttpServletRequest request, Facts facts) {
    for (var name : Collections.list(request.getAttributeNames()).stream().sorted().toList()) {
      if (SPOKEN.stream().anyMatch(name::startsWith)) {
        facts.put("attribute " + name, attribute(request, name));
      }
    }
  }

  private static Object attribute(HttpServletRequest request, String name) {
    return switch (request.getAttribute(name)) {
      case null -> "null";
      case jakarta.servlet.http.HttpServletMapping mapping ->
          mapping.getMappingMatch() + " " + mapping.getPattern() + " " + mapping.getMatchValue();
      case Class<?> type -> type.getName();
      case Object any -> any;
    };
  }

  /** All that does not depend on the dispatch. */
  static Facts client(HttpServletRequest request) {
    var names = Collections.list(request.getHeaderNames());
    return new Facts()
        .put("protocol", request.getProtocol())
        .put("scheme", request.getScheme())
        .put("secure", request.isSecure())
        .put("serverName", request.getServerName())
        .put("remoteAddr", request.getRemoteAddr())
        .put("localAddr", request.getLocalAddr())
        .put("characterEncoding", request.getCharacterEncoding())
        .put("contentType", request.getContentType())
        .put("contentLength", request.getContentLength())
        .put("contentLengthLong", request.getContentLengthLong())
        .put("locale", request.getLocale())
        .put("locales", request.getLocales())
        .put("header names", names.stream().map(String::toLowerCase).sorted().toList())
        .put(
            "headers",
            names.stream()
                .filter(name -> !name.equalsIgnoreCase("Host"))
                .collect(
                    Collectors.toMap(
                        String::toLowerCase,
                        name -> Collections.list(request.getHeaders(name)),
                        (first, second) -> first)))
        .put("no headers", request.getHeaders("X-None"))
        .put("no header", request.getHeader("X-None"))
        .put("no int", request.getIntHeader("X-None"))
        .put("no date", request.getDateHeader("X-None"))
        .call("int", () -> request.getIntHeader("X-Int"))
        .call("date", () -> request.getDateHeader("X-Date"))
        .put("cookies", cookies(request.getCookies()))
        .put("authType", request.getAuthType())
        .put("remoteUser", request.getRemoteUser())
        .put("principal", request.getUserPrincipal())
        .put("in role", request.isUserInRole("any"))
        .put("requestedSessionId", request.getRequestedSessionId())
        .put("session from cookie", request.isRequestedSessionIdFromCookie())
        .put("session from URL", request.isRequestedSessionIdFromURL())
        .put("session valid", request.isRequestedSessionIdValid())
        .put("session", request.getSession(false))
        .put("async supported", request.isAsyncSupported())
        .put("async started", request.isAsyncStarted())
        .call("async context", request::getAsyncContext)
        .put("trailers ready", request.isTrailerFieldsReady())
        .call("trailers", request::getTrailerFields)
        .put("translated", request.getPathTranslated() != null)
        .put("request id", request.getRequestId() != null)
        .put("protocol request id", request.getProtocolRequestId())
        .put("connection", request.getServletConnection().getProtocol())
        .put("connection secure", request.getServletConnection().isSecure())
        .put("context same", request.getServletContext().getContextPath())
        .put("parameter names", Collections.list(request.getParameterNames()))
        .put("no parameter", request.getParameter("none"))
        .put("no values", request.getParameterValues("none"))
        .run("changes parameters", () -> request.getParameterMap().put("a", new String[0]));
  }

  private static List<String> cookies(Cookie[] cookies) {
    return Stream.ofNullable(cookies)
        .flatMap(Arrays::stream)
        .map(each -> each.getName() + "=" + each.getValue() + " " + each.getAttributes())
        .toList();
  }
}
