// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.upload;

import jakarta.servlet.MultipartConfigElement;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How a servlet takes the parts of a form.
 *
 * @param location where files are kept, and relative names of {@code Part.write} start; it exists
 * @param threshold bytes of a part that are kept in memory
 * @param maxFileSize bytes of a part; negative for no limit
 * @param maxRequestSize bytes of the whole body; negative for no limit
 * @param maxParts how many parts there may be
 */
public record UploadRules(
    Path location, int threshold, long maxFileSize, long maxRequestSize, int maxParts) {
  /**
   * The rules of a servlet's declaration.
   *
   * @param temporary the application's directory for temporary files, where relative locations
   *     start; they are made if they are not there
   * @throws IOException if the location is no directory
   */
  public static UploadRules of(MultipartConfigElement config, Path temporary, int maxParts)
      throws IOException {
    Path location = temporary;
    if (!config.getLocation().isEmpty()) {
      // Servlet 6.1 section 8.1.5 wants this test.
      boolean absolute = new File(config.getLocation()).isAbsolute();
      location = temporary.resolve(config.getLocation()).toAbsolutePath().normalize();
      if (!absolute) {
        Files.createDirectories(location);
      }
    }
    if (!Files.isDirectory(location)) {
      throw new IOException("the location of multipart uploads is no directory: " + location);
    }
    return new UploadRules(
        location,
        Math.max(0, config.getFileSizeThreshold()),
        config.getMaxFileSize(),
        config.getMaxRequestSize(),
        maxParts);
  }
}
