// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs values that a client keeps for us, so that we know them again: everybody can read them, and
 * nobody without the secret can make one. Byte for byte Tornado's, of which both versions are
 * understood. Tornado: {@code create_signed_value}, {@code decode_signed_value} and {@code
 * get_signature_key_version} in {@code web}.
 *
 * <p>A handler's {@code setSignedCookie} and {@code getSignedCookie} do this with the secret of the
 * settings; this is for other places and other secrets.
 *
 * <pre>{@code
 * var values = new SignedValues(Map.of(1, oldSecret, 2, newSecret), 2);
 * String link = values.createSignedValue("unsubscribe", address);
 * byte[] address = values.decodeSignedValue("unsubscribe", link); // null if it is not ours
 * }</pre>
 *
 * <p>A name is part of the signature, so that a value that was made for one purpose cannot be used
 * for another. Version 1 is what Tornado made before 3.2.1: by SHA-1, and without a border between
 * name and value. Who has none of it left demands version 2.
 *
 * <p>Immutable; callable from any thread.
 */
public final class SignedValues {
  /** How old a value may be if nothing else is said: 31 days. */
  public static final Duration MAX_AGE = Duration.ofDays(31);

  private final Map<Integer, byte[]> secrets;
  private final int keyVersion;
  private final boolean versioned; // whether the secrets are told apart by their versions
  private final InstantSource clock;

  /**
   * With one secret, which should be as good as 32 random bytes.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public SignedValues(String secret) {
    this(secret.getBytes(StandardCharsets.UTF_8));
  }

  /** With one secret, as {@link #SignedValues(String)}; it is copied. */
  public SignedValues(byte[] secret) {
    this(Map.of(0, checked(0, secret.clone())), 0, false, InstantSource.system());
  }

  /**
   * With several secrets: all of them are good for reading, one for signing. A new secret comes in
   * as a further entry; what was signed with the old one is accepted until its entry is removed.
   *
   * @param keyVersion the one for signing
   * @throws IllegalArgumentException if that is not there, or a secret is empty, or its version
   *     negative
   */
  public SignedValues(Map<Integer, String> secrets, int keyVersion) {
    this(bytes(secrets), keyVersion, true, InstantSource.system());
    if (!secrets.containsKey(keyVersion)) {
      throw new IllegalArgumentException("there is no secret with version " + keyVersion);
    }
  }

  private SignedValues(
      Map<Integer, byte[]> secrets, int keyVersion, boolean versioned, InstantSource clock) {
    this.secrets = secrets;
    this.keyVersion = keyVersion;
    this.versioned = versioned;
    this.clock = clock;
  }

  /** The same by another clock, for tests. */
  public SignedValues withClock(InstantSource clock) {
    Objects.requireNonNull(clock, "clock");
    return new SignedValues(secrets, keyVersion, versioned, clock);
  }

  // ---- signing

  /** Signs text. */
  public String createSignedValue(String name, String value) {
    return createSignedValue(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Signs bytes. The result is visible ASCII if the name is. */
  public String createSignedValue(String name, byte[] value) {
    return createSignedValue(name, value, 2);
  }

  /**
   * Signs bytes in the form of a version.
   *
   * @param version 1 only for those who understand no other; it has no room for a key version
   * @throws IllegalArgumentException if it is neither 1 nor 2, or 1 with several secrets
   */
  public String createSignedValue(String name, byte[] value, int version) {
    requireVersion(version);
    if (version == 1 && versioned) {
      throw new IllegalArgumentException("version 1 cannot tell which of the secrets it is of");
    }
    String encoded = Base64.getEncoder().encodeToString(value);
    var fields = new SignedFields(keyVersion, now(), latin1(name), encoded);
    String unsigned = version == 1 ? fields.unsigned1() : fields.unsigned2();
    byte[] secret = Objects.requireNonNull(secrets.get(keyVersion));
    return utf8(unsigned) + signature(version, secret, fields);
  }

  // ---- reading

  /**
   * The bytes that were signed under this name in the last 31 days; null if the value is not such,
   * be it forged, too old, malformed, or null itself. Never throws, whatever the value is.
   */
  public byte @Nullable [] decodeSignedValue(String name, @Nullable String signed) {
    return decodeSignedValue(name, signed, MAX_AGE, 1);
  }

  /**
   * As {@link #decodeSignedValue(String, String)}, with limits of one's own.
   *
   * @param minVersion 2 refuses values of version 1
   * @throws IllegalArgumentException if minVersion is neither 1 nor 2
   */
  public byte @Nullable [] decodeSignedValue(
      String name, @Nullable String signed, Duration maxAge, int minVersion) {
    requireVersion(minVersion);
    try {
      return signed == null ? null : decode(name, signed, maxAge, minVersion);
    } catch (Refused e) {
      return null;
    }
  }

  /**
   * The version of the secret with which a value says that it was signed. That is not checked.
   *
   * @return null if it says nothing of the kind
   */
  public static @Nullable Integer getSignatureKeyVersion(String signed) {
    try {
      String bytes = latin1(signed);
      return SignedFields.version(bytes) == 2 ? SignedFields.parse2(bytes).keyVersion() : null;
    } catch (Refused e) {
      return null;
    }
  }

  /** Why a value is not accepted. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean expired;

    /** Of a value that is too old, which happens to honest people. */
    static Refused expired() {
      return new Refused("it has expired", true);
    }

    Refused(String why) {
      this(why, false);
    }

    private Refused(String why, boolean expired) {
      super(why, null, false, false); // control flow, no use for a stack
      this.expired = expired;
    }

    boolean isExpired() {
      return expired;
    }
  }

  /** As {@link #decodeSignedValue}, but says why not. The reason has nothing of the value in it. */
  byte[] decode(String name, String signed, Duration maxAge, int minVersion) throws Refused {
    String bytes = latin1(signed);
    int version = SignedFields.version(bytes);
    if (version < minVersion || version > 2) {
      throw new Refused("version " + version + " is not accepted");
    }
    var fields =
        version == 1 ? SignedFields.parse1(bytes, latin1(name)) : SignedFields.parse2(bytes);
    if (!isEqual(fields.signature(), signature(version, secret(version, fields), fields))) {
      throw new Refused("its signature does not match");
    }
    if (!fields.name().equals(latin1(name))) {
      throw new Refused("it is of another name");
    }
    long age = now() - fields.timestamp();
    if (age > maxAge.toSeconds()) {
      throw Refused.expired();
    }
    if (version == 1) {
      requireUnshifted(fields, age);
    }
    return fields.decodedValue();
  }

  private byte[] secret(int version, SignedFields fields) throws Refused {
    if (version == 1 && versioned) {
      throw new Refused("version 1 has no key version");
    }
    byte[] secret = secrets.get(versioned ? fields.keyVersion() : 0);
    if (secret == null) {
      throw new Refused("there is no secret with version " + fields.keyVersion());
    }
    return secret;
  }

  /**
   * What version 1 signs has no border between value and time, so that digits could be moved from
   * one to the other: more of them is a time to come, and fewer are an old one, or begin with zero,
   * which the parser refuses.
   */
  private static void requireUnshifted(SignedFields fields, long age) throws Refused {
    if (age < -MAX_AGE.toSeconds()) {
      throw new Refused("it is from the future");
    }
    if (!fields.isCanonical()) {
      throw new Refused("its value is not as we write it");
    }
  }

  // ---- signatures

  private static String signature(int version, byte[] secret, SignedFields fields) {
    String signed = version == 1 ? fields.signed1() : fields.unsigned2();
    return hmac(version == 1 ? "HmacSHA1" : "HmacSHA256", secret, signed);
  }

  private static String hmac(String algorithm, byte[] secret, String bytes) {
    try {
      var mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret, algorithm));
      return HexFormat.of().formatHex(mac.doFinal(bytes.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no " + algorithm, e); // each JDK has both
    }
  }

  /** In a time that does not tell where they differ. */
  private static boolean isEqual(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.ISO_8859_1), b.getBytes(StandardCharsets.ISO_8859_1));
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  /** The UTF-8 bytes of a text, each as a character: lengths are those of bytes then. */
  private static String latin1(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  static void requireVersion(int version) {
    if (version < 1 || version > 2) {
      throw new IllegalArgumentException("there is no version " + version + " of signed values");
    }
  }

  private static Map<Integer, byte[]> bytes(Map<Integer, String> secrets) {
    Map<Integer, byte[]> bytes = new TreeMap<>();
    secrets.forEach(
        (version, secret) ->
            bytes.put(version, checked(version, secret.getBytes(StandardCharsets.UTF_8))));
    return bytes;
  }

  private static byte[] checked(int version, byte[] secret) {
    if (version < 0) {
      throw new IllegalArgumentException("a secret with version " + version);
    }
    if (secret.length == 0) {
      throw new IllegalArgumentException("an empty secret is known to everybody");
    }
    return secret;
  }

  /** Says nothing of the secrets. */
  @Override
  public String toString() {
    return "SignedValues(key version " + keyVersion + " of " + secrets.keySet() + ")";
  }
}
