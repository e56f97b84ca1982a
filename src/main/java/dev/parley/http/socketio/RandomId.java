package dev.parley.http.socketio;

import java.security.SecureRandom;
import java.util.Base64;

/** Ids that can't be guessed. */
final class RandomId {
  private static final int BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomId() {}

  /** 128 random bits in 22 characters that need no escaping in URLs. */
  static String make() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
