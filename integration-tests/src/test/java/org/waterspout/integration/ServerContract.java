// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import org.junit.jupiter.api.Timeout;

/**
 * What every deployment of one application promises. Implemented once for each, over {@link
 * org.waterspout.integration.contract.ContractApplication}.
 *
 * <p>The requests come from the JDK's client and from a socket that is written to byte by byte, not
 * from our own client: what that gets wrong our server might take, and the same requests go to
 * containers, which nothing of ours starts. So it is only our own server that runs by {@link
 * org.waterspout.web.testing.ApplicationExtension}.
 */
@Timeout(60)
interface ServerContract
    extends AnswerContract,
        PathContract,
        BodyContract,
        StreamContract,
        WaitingContract,
        ConnectionContract,
        CapabilityContract {}
