// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.time.Duration;

/**
 * What an {@link HTTPServer} has done since it was made, over all of its loops. The figures are
 * read one after the other while the server goes on.
 *
 * @param connections that were accepted, whatever became of TLS on them
 * @param openConnections of those, less the ones whose stream was detached
 * @param requests whose head was understood
 * @param openRequests of those
 * @param bytesReceived of requests; before TLS, and as all bytes here without those of streams that
 *     were detached
 * @param bytesSent of answers; what a borrower of a write side sends is added when it is done
 * @param clientErrors answers with a status from 400 to 499, also to what was not understood
 * @param serverErrors answers with a status from 500
 * @param lostRequests whose answer did not leave as a whole: the peer has gone, or the answer was
 *     cut
 * @param loopLag the longest of its loops' {@link org.waterspout.ioloop.IOLoop#lag}
 */
public record ServerCounters(
    long connections,
    long openConnections,
    long requests,
    long openRequests,
    long bytesReceived,
    long bytesSent,
    long clientErrors,
    long serverErrors,
    long lostRequests,
    Duration loopLag) {
  static final ServerCounters NONE = new ServerCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO);

  ServerCounters plus(ServerCounters other) {
    return new ServerCounters(
        connections + other.connections,
        openConnections + other.openConnections,
        requests + other.requests,
        openRequests + other.openRequests,
        bytesReceived + other.bytesReceived,
        bytesSent + other.bytesSent,
        clientErrors + other.clientErrors,
        serverErrors + other.serverErrors,
        lostRequests + other.lostRequests,
        loopLag.compareTo(other.loopLag) < 0 ? other.loopLag : loopLag);
  }
}
