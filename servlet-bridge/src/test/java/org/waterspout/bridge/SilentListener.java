// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;

/** A listener that does nothing. */
public class SilentListener implements AsyncListener {
  @Override
  public void onComplete(AsyncEvent event) throws IOException {}

  @Override
  public void onTimeout(AsyncEvent event) throws IOException {}

  @Override
  public void onError(AsyncEvent event) throws IOException {}

  @Override
  public void onStartAsync(AsyncEvent event) throws IOException {}
}
