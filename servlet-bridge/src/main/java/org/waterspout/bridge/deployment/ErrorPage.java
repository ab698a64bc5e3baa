// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an error is shown.
 *
 * @param status the status it is for; null for any, or if it is for an exception
 * @param exception the exception it is for, by class; null if it is for a status
 * @param location a path in the context, with a leading slash
 */
public record ErrorPage(
    @Nullable Integer status, @Nullable Class<? extends Throwable> exception, String location) {
  public ErrorPage {
    if (!location.startsWith("/")) {
      throw new IllegalArgumentException("an error page begins with a slash: " + location);
    }
  }

  /** The page for a status, else the page for any error, else null. */
  public static @Nullable ErrorPage find(List<ErrorPage> pages, int status) {
    ErrorPage any = null;
    for (ErrorPage page : pages) {
      if (page.status() != null && page.status() == status) {
        return page;
      }
      if (page.status() == null && page.exception() == null) {
        any = page;
      }
    }
    return any;
  }

  /** The page for the nearest class of an exception, or null. */
  public static @Nullable ErrorPage find(List<ErrorPage> pages, Throwable failure) {
    for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
      for (ErrorPage page : pages) {
        if (page.exception() == type) {
          return page;
        }
      }
    }
    return null;
  }
}
