// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.waterspout.web.HTTPError;

/** Who may log in. Passwords are not kept, only what is computed from them, slowly: it blocks. */
final class Users {
  private static final int ROUNDS = 210_000; // what OWASP recommends for this function
  private static final int BITS = 256;

  private final int rounds;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Password> passwords = new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(4 * Runtime.getRuntime().availableProcessors());
  private final Password nobodys = new Password(salt(), new byte[BITS / 8]);

  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
  private record Password(byte[] salt, byte[] hash) {}

  /** Nobody yet. */
  Users() {
    this(ROUNDS);
  }

  /** Nobody yet, and as many rounds as a test has time for. */
  Users(int rounds) {
    this.rounds = rounds;
  }

  void add(String name, String password) {
    var salt = salt();
    passwords.put(name, new Password(salt, hash(password, salt)));
  }

  /**
   * Takes as long for a name that is unknown: how long it takes does not tell who is known.
   *
   * @throws HTTPError with status 503 if too many are asked for at once, as each keeps a processor
   *     busy
   */
  boolean know(String name, String password) {
    if (!places.tryAcquire()) {
      throw new HTTPError(503, "too many log in at once");
    }
    try {
      var kept = passwords.getOrDefault(name, nobodys);
      return MessageDigest.isEqual(kept.hash(), hash(password, kept.salt()));
    } finally {
      places.release();
    }
  }

  private byte[] salt() {
    var salt = new byte[16];
    random.nextBytes(salt);
    return salt;
  }

  private byte[] hash(String password, byte[] salt) {
    var key = new PBEKeySpec(password.toCharArray(), salt, rounds, BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(key).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no such function", e);
    }
  }
}
