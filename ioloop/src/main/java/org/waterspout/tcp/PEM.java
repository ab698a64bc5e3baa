// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** The blocks of a PEM file: RFC 7468, and the headers of RFC 1421 that old private keys have. */
final class PEM {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*+(?:-[^-]++)*+)-----END \\1-----");

  /** One block; {@code encrypted} if its body is, by the headers of OpenSSL's old format. */
  @SuppressWarnings("ArrayRecordComponent") // passed on within this package, never compared
  record Block(String type, boolean encrypted, byte[] body) {}

  private PEM() {}

  /** All blocks of a file, in their order; text around them is no part of any. */
  static List<Block> read(Path file) {
    var text = new String(bytesOf(file), StandardCharsets.ISO_8859_1);
    var blocks = new ArrayList<Block>();
    for (var found = BLOCK.matcher(text); found.find(); ) {
      blocks.add(block(file, found.group(1), found.group(2)));
    }
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException(
          file + " is not a PEM file: it has no -----BEGIN ...----- line with its END");
    }
    return blocks;
  }

  private static Block block(Path file, String type, String content) {
    int headersEnd = content.contains(":") ? content.replace("\r", "").indexOf("\n\n") : -1;
    if (headersEnd >= 0) {
      return new Block(type, content.contains("ENCRYPTED"), new byte[0]);
    }
    try {
      return new Block(type, false, Base64.getMimeDecoder().decode(content));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": the " + type + " is not Base64", e);
    }
  }

  /** The certificates of a file, at least one. */
  static List<X509Certificate> readCertificates(Path file) {
    var certificates = new ArrayList<X509Certificate>();
    for (var block : read(file)) {
      if (block.type.equals("CERTIFICATE") || block.type.equals("X509 CERTIFICATE")) {
        certificates.add(certificate(file, block.body));
      }
    }
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException(file + " holds no certificate");
    }
    return certificates;
  }

  private static X509Certificate certificate(Path file, byte[] der) {
    try {
      var factory = CertificateFactory.getInstance("X.509");
      return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new IllegalArgumentException(file + ": a certificate cannot be read: " + e, e);
    }
  }

  /** A configuration file's content, or an exception that names it. */
  static byte[] bytesOf(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no file " + file.toAbsolutePath(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file.toAbsolutePath() + " cannot be read: " + e, e);
    }
  }
}
