package dev.parley.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Hashes that every Java platform has. */
final class Digests {
  private Digests() {}

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Whether two texts are the same, in a time that tells nothing about them. */
  static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        sha256(one.getBytes(StandardCharsets.UTF_8)),
        sha256(other.getBytes(StandardCharsets.UTF_8)));
  }
}
