// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.UnavailableException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.deployment.Component;
import org.waterspout.bridge.deployment.ServletDeclaration;
import org.waterspout.log.Log;

/**
 * The life of one servlet: not initialised; in service; out of service for a time or for good. A
 * failed initialisation is tried again by the next request unless the servlet said that it is
 * unavailable.
 */
final class ServletHolder {
  private final ServletDeclaration declaration;
  private final ServletContext context;
  private final ClassLoader loader;
  private final ReentrantLock initialising = new ReentrantLock();

  /** Null until it is initialised, and when it has been taken out of service for good. */
  private volatile @Nullable Servlet servlet;

  /** Null while it is available. */
  private volatile @Nullable UnavailableException unavailable;

  private volatile long unavailableUntil;

  ServletHolder(ServletDeclaration declaration, ServletContext context, ClassLoader loader) {
    this.declaration = declaration;
    this.context = context;
    this.loader = loader;
  }

  String name() {
    return declaration.name();
  }

  boolean asyncSupported() {
    return declaration.asyncSupported();
  }

  int loadOnStartup() {
    return declaration.loadOnStartup();
  }

  /** How it takes the parts of a form; null if it takes none. */
  @Nullable MultipartConfigElement multipart() {
    return declaration.multipart();
  }

  void service(ServletRequest request, ServletResponse response)
      throws ServletException, IOException {
    Servlet ready = servlet;
    if (ready == null || unavailable != null) {
      ready = initialise();
    }
    MultipartConfigElement takesParts = multipart();
    if (takesParts != null) {
      Request.reachesMultipart(request, takesParts);
    }
    try {
      ready.service(request, response);
    } catch (UnavailableException e) {
      takeOutOfService(e);
      throw e;
    }
  }

  /** The servlet, initialised. */
  Servlet initialise() throws ServletException {
    initialising.lock();
    try {
      checkAvailable();
      Servlet ready = servlet;
      if (ready == null) {
        ready = create();
        ready.init(new ComponentConfig(name(), context, declaration.initParameters()));
        servlet = ready;
      }
      return ready;
    } catch (UnavailableException e) {
      markUnavailable(e);
      throw e;
    } finally {
      initialising.unlock();
    }
  }

  private Servlet create() throws ServletException {
    try {
      return declaration.component().create(loader, Servlet.class);
    } catch (ReflectiveOperationException e) {
      throw new ServletException("its class cannot be used: " + Component.reason(e), e);
    }
  }

  private void checkAvailable() throws UnavailableException {
    UnavailableException known = unavailable;
    if (known == null) {
      return;
    }
    if (known.isPermanent()) {
      throw new UnavailableException(known.getMessage());
    }
    long left = unavailableUntil - System.nanoTime();
    if (left > 0) {
      throw new UnavailableException(known.getMessage(), (int) (left / 1_000_000_000L) + 1);
    }
    unavailable = null;
  }

  private void takeOutOfService(UnavailableException e) {
    initialising.lock();
    try {
      if (unavailable == null) {
        markUnavailable(e);
        if (e.isPermanent()) {
          destroy();
        }
      }
    } finally {
      initialising.unlock();
    }
  }

  private void markUnavailable(UnavailableException e) {
    if (unavailable == null) {
      unavailableUntil =
          System.nanoTime() + Math.max(0, e.getUnavailableSeconds()) * 1_000_000_000L;
      unavailable = e;
    }
  }

  /** Ends the servlet if it was ever in service. What it throws is logged. */
  void destroy() {
    Servlet ended = servlet;
    servlet = null;
    if (ended == null) {
      return;
    }
    try {
      ended.destroy();
    } catch (RuntimeException | Error e) {
      Log.APPLICATION.log(Level.ERROR, "servlet " + name() + " failed in destroy", e);
    }
  }
}
