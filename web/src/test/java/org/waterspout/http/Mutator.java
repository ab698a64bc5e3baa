// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes a few bytes of good input, and cuts it into pieces. */
final class Mutator {
  private final Random random;
  private final byte[] spice;

  /** Mutations are made of what the parsers look for. */
  Mutator(Random random, String spice) {
    this.random = random;
    this.spice = spice.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** With one to three changes. */
  byte[] mutated(String good) {
    return mutated(good.getBytes(StandardCharsets.ISO_8859_1));
  }

  byte[] mutated(byte[] good) {
    byte[] bytes = good.clone();
    for (int n = random.nextInt(1, 4); n > 0; n--) {
      bytes = mutatedOnce(bytes);
    }
    return bytes;
  }

  private byte[] mutatedOnce(byte[] bytes) {
    if (bytes.length == 0) {
      return bytes;
    }
    int at = random.nextInt(bytes.length);
    byte one = spice[random.nextInt(spice.length)];
    return switch (random.nextInt(5)) {
      case 0 -> Arrays.copyOf(bytes, at); // cut
      case 1 -> joined(bytes, at, new byte[0], at + 1); // without one
      case 2 -> joined(bytes, at, new byte[] {one}, at); // with one more
      case 3 ->
          joined(bytes, at, Arrays.copyOfRange(bytes, at, random.nextInt(at, bytes.length)), at);
      default -> {
        bytes[at] = one;
        yield bytes;
      }
    };
  }

  private static byte[] joined(byte[] bytes, int end, byte[] between, int start) {
    byte[] joined = Arrays.copyOf(bytes, end + between.length + bytes.length - start);
    System.arraycopy(between, 0, joined, end, between.length);
    System.arraycopy(bytes, start, joined, end + between.length, bytes.length - start);
    return joined;
  }

  /** Pieces of less than so many bytes, some of them empty. */
  List<byte[]> pieces(byte[] body, int bound) {
    List<byte[]> pieces = new ArrayList<>();
    int start = 0;
    while (start < body.length) {
      int end = Math.min(body.length, start + random.nextInt(bound));
      pieces.add(Arrays.copyOfRange(body, start, end));
      start = end;
    }
    return pieces;
  }
}
