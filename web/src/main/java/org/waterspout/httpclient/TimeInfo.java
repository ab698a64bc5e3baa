// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.time.Duration;

/**
 * How long the parts of a request took, the last one if there were redirects. Tornado: {@code
 * time_info}.
 *
 * @param queue waiting for its turn, see {@link ClientOptions#maxClients}
 * @param nameLookup looking up the host; zero on a kept connection
 * @param connect connecting, without the look-up, the proxy's tunnel included; zero on a kept
 *     connection
 * @param secure TLS's handshake; zero on a kept connection, and without TLS
 * @param startTransfer from the end of the wait in the queue to the head of the answer
 * @param total from the end of the wait in the queue to the end of the answer
 */
public record TimeInfo(
    Duration queue,
    Duration nameLookup,
    Duration connect,
    Duration secure,
    Duration startTransfer,
    Duration total) {}
