// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

/**
 * What a request's arguments may cost. Tornado: {@code ParseBodyConfig} and {@code
 * ParseMultipartConfig}.
 *
 * <pre>{@code
 * settings().formLimits(FormLimits.DEFAULT.withMaxParts(1000)).build()
 * }</pre>
 *
 * @param maxArguments how many arguments a query or an urlencoded body may have; with more, the
 *     request is refused with 400
 * @param maxFormSize how many bytes an urlencoded body may have; a larger one is refused with 413
 * @param maxParts how many parts a multipart body may have, none if this is 0; with more, the
 *     request is refused with 400
 * @param maxPartHeaderSize how many bytes the headers of one part may have; with more, the request
 *     is refused with 400
 */
public record FormLimits(int maxArguments, int maxFormSize, int maxParts, int maxPartHeaderSize) {
  /** 1,000 arguments, 10 MiB, 100 parts, 10 KiB. */
  public static final FormLimits DEFAULT = new FormLimits(1000, 10 * 1024 * 1024, 100, 10 * 1024);

  public FormLimits {
    checkNotNegative("maxArguments", maxArguments);
    checkNotNegative("maxFormSize", maxFormSize);
    checkNotNegative("maxParts", maxParts);
    checkNotNegative("maxPartHeaderSize", maxPartHeaderSize);
  }

  /** The same for another number of arguments. */
  public FormLimits withMaxArguments(int arguments) {
    return new FormLimits(arguments, maxFormSize, maxParts, maxPartHeaderSize);
  }

  /** The same for urlencoded bodies of another size. */
  public FormLimits withMaxFormSize(int bytes) {
    return new FormLimits(maxArguments, bytes, maxParts, maxPartHeaderSize);
  }

  /** The same for another number of parts. */
  public FormLimits withMaxParts(int parts) {
    return new FormLimits(maxArguments, maxFormSize, parts, maxPartHeaderSize);
  }

  /** The same for headers of parts of another size. */
  public FormLimits withMaxPartHeaderSize(int bytes) {
    return new FormLimits(maxArguments, maxFormSize, maxParts, bytes);
  }

  private static void checkNotNegative(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " " + value + " is negative");
    }
  }
}
