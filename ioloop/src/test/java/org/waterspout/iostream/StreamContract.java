// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every stream does, whatever carries its bytes. The tests are in one interface for each
 * subject; each kind of stream has a class that is all of them.
 */
abstract class StreamContract
    implements ReadContract,
        CancelContract,
        StreamingReadContract,
        LimitContract,
        WriteContract,
        FileContract,
        CloseContract,
        VanishContract {
  private StreamEnds ends;
  private final List<StreamEnds> opened = Collections.synchronizedList(new ArrayList<>());

  /** A new pair. */
  abstract StreamEnds connect(StreamLimits limits) throws Exception;

  @BeforeEach
  void connect() throws Exception {
    ends = open(StreamLimits.DEFAULT);
  }

  @AfterEach
  void close() throws Exception {
    for (var pair : opened) {
      pair.close();
    }
  }

  @Override
  public StreamEnds ends() {
    return ends;
  }

  @Override
  public StreamEnds open(StreamLimits limits) throws Exception {
    var pair = connect(limits);
    opened.add(pair);
    return pair;
  }
}
