// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** The JDK's own client, for HTTP/1.1. */
final class JDKFetches {
  private JDKFetches() {}

  static void main(String[] args) throws IOException, InterruptedException {
    var target = new FetchTarget(args);
    var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    var builder = HttpRequest.newBuilder(target.uri);
    if (target.body != null) {
      builder.POST(BodyPublishers.ofByteArray(target.body)).header("Content-Type", "text/plain");
    }
    var request = builder.build();
    new Fetches<HttpResponse<byte[]>>(
            Runnable::run,
            () -> client.sendAsync(request, BodyHandlers.ofByteArray()),
            answer -> answer.body().length,
            target.length)
        .obey("");
  }
}
