// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads private keys from PEM files: PKCS#8 (RFC 5958), plain or encrypted, and the older forms of
 * one algorithm each, PKCS#1 for RSA (RFC 8017) and SEC1 for EC (RFC 5915), which are wrapped.
 */
final class PrivateKeys {
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA", "RSASSA-PSS");

  // DER: AlgorithmIdentifier of rsaEncryption; the object identifier id-ecPublicKey
  private static final byte[] RSA = hex("300d06092a864886f70d0101010500");
  private static final byte[] EC = hex("06072a8648ce3d0201");
  private static final byte[] VERSION_0 = hex("020100");
  private static final byte[] SCRYPT = hex("06092b06010401da47040b"); // RFC 7914 7

  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final int EC_PARAMETERS = 0xa0; // [0] in ECPrivateKey

  private PrivateKeys() {}

  /** The private key of a file, the only one in it. */
  static PrivateKey read(Path file, char @Nullable [] password) {
    @Nullable PrivateKey key = null;
    for (var block : PEM.read(file)) {
      if (!block.type().endsWith("PRIVATE KEY")) {
        continue;
      }
      if (key != null) {
        throw new IllegalArgumentException(file + " holds more than one private key");
      }
      try {
        key = decode(file, block, password);
      } catch (GeneralSecurityException | IOException e) {
        throw new IllegalArgumentException(file + ": the private key cannot be read: " + e, e);
      }
    }
    if (key == null) {
      throw new IllegalArgumentException(file + " holds no private key");
    }
    return key;
  }

  private static PrivateKey decode(Path file, PEM.Block block, char @Nullable [] password)
      throws GeneralSecurityException, IOException {
    if (block.encrypted()) {
      throw new IllegalArgumentException(
          file
              + ": the private key is encrypted in an old format; convert it with"
              + " \"openssl pkcs8 -topk8 -in OLD.pem -out NEW.pem\"");
    }
    return switch (block.type()) {
      case "PRIVATE KEY" -> fromPKCS8(block.body());
      case "ENCRYPTED PRIVATE KEY" -> fromPKCS8(decrypt(file, block.body(), password));
      case "RSA PRIVATE KEY" -> fromPKCS8(wrap(RSA, block.body()));
      case "EC PRIVATE KEY" ->
          fromPKCS8(wrap(der(SEQUENCE, EC, curveOf(block.body())), block.body()));
      default ->
          throw new IllegalArgumentException(
              file
                  + ": a "
                  + block.type()
                  + " is not supported; convert it with"
                  + " \"openssl pkcs8 -topk8 -nocrypt -in OLD.pem -out NEW.pem\"");
    };
  }

  /** The structure names its algorithm, but KeyFactory wants to be told. */
  private static PrivateKey fromPKCS8(byte[] der) throws GeneralSecurityException {
    var failure = new InvalidKeySpecException("none of " + ALGORITHMS);
    for (var algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        failure.addSuppressed(e);
      }
    }
    throw failure;
  }

  private static byte[] decrypt(Path file, byte[] der, char @Nullable [] password)
      throws GeneralSecurityException, IOException {
    if (text(der).contains(text(SCRYPT))) {
      throw new IllegalArgumentException(
          file
              + ": the private key is encrypted by way of scrypt, which is not supported; convert"
              + " it with \"openssl pkcs8 -topk8 -in OLD.pem -out NEW.pem\"");
    }
    if (password == null) {
      throw new IllegalArgumentException(
          file + ": the private key is encrypted; give its password too");
    }
    var info = new EncryptedPrivateKeyInfo(der);
    var parameters = info.getAlgParameters();
    // PBES2 (RFC 8018) is a frame: which algorithms it uses, its parameters tell.
    var algorithm =
        parameters != null && parameters.toString().startsWith("PBEWith")
            ? parameters.toString()
            : info.getAlgName();
    var secret = new PBEKeySpec(password);
    try {
      var key = SecretKeyFactory.getInstance(algorithm).generateSecret(secret);
      var cipher = Cipher.getInstance(algorithm);
      cipher.init(Cipher.DECRYPT_MODE, key, parameters);
      return info.getKeySpec(cipher).getEncoded();
    } catch (InvalidKeySpecException e) { // what it decrypts to is no key
      throw new IllegalArgumentException(file + ": the password is wrong", e);
    } finally {
      secret.clearPassword();
    }
  }

  private static byte[] wrap(byte[] algorithm, byte[] key) {
    return der(SEQUENCE, VERSION_0, algorithm, der(OCTET_STRING, key));
  }

  /** ECPrivateKey is a sequence of version, key, [0] parameters and [1] public key. */
  private static byte[] curveOf(byte[] ecPrivateKey) throws InvalidKeySpecException {
    var in = ByteBuffer.wrap(ecPrivateKey);
    try {
      var fields = value(in);
      while (fields.hasRemaining()) {
        int tag = fields.get(fields.position()) & 0xff;
        var value = value(fields);
        if (tag == EC_PARAMETERS) {
          var curve = new byte[value.remaining()];
          value.get(curve);
          return curve;
        }
      }
    } catch (RuntimeException e) { // underflow, or a length beyond the end
      throw new InvalidKeySpecException("not an ECPrivateKey", e);
    }
    throw new InvalidKeySpecException("the EC key does not name its curve");
  }

  /** The content of the next tag-length-value. */
  private static ByteBuffer value(ByteBuffer in) {
    in.get();
    int length = in.get() & 0xff;
    if (length > 0x7f) {
      int octets = length & 0x7f;
      length = 0;
      for (int i = 0; i < octets; i++) {
        length = (length << 8) | (in.get() & 0xff);
      }
    }
    var value = in.slice(in.position(), length);
    in.position(in.position() + length);
    return value;
  }

  private static byte[] der(int tag, byte[]... parts) {
    var content = new ByteArrayOutputStream();
    for (var part : parts) {
      content.writeBytes(part);
    }
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.size() < 0x80) {
      out.write(content.size());
    } else { // two octets are enough for a key of any size in use
      out.write(0x82);
      out.write(content.size() >>> 8);
      out.write(content.size());
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
