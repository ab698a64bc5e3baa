// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.util.Jetty;

/** Jetty's client. */
final class JettyFetches {
  private static final int MOST_CONNECTIONS = 100;

  private JettyFetches() {}

  static void main(String[] args) throws Exception {
    Ready.keepQuiet();
    var target = new FetchTarget(args);
    var client = new HttpClient();
    client.setMaxConnectionsPerDestination(MOST_CONNECTIONS);
    client.start();
    new Fetches<ContentResponse>(
            Runnable::run,
            () -> new CompletableResponseListener(request(client, target)).send(),
            answer -> answer.getContent().length,
            target.length)
        .obey("Jetty " + Jetty.VERSION);
  }

  private static Request request(HttpClient client, FetchTarget target) {
    return target.body == null
        ? client.newRequest(target.uri)
        : client.POST(target.uri).body(new BytesRequestContent("text/plain", target.body));
  }
}
