package dev.parley.ops.doctor;

import org.jspecify.annotations.Nullable;

/**
 * What one look has found.
 *
 * @param name the same each time, in words with dashes
 * @param value what was seen, in one line; never a secret
 * @param remedy what to do; null when all is well
 */
public record Check(String name, Status status, String value, @Nullable String remedy) {
  /** How it is. */
  public enum Status {
    OK,
    WARN,
    FAIL
  }

  public static Check ok(String name, String value) {
    return new Check(name, Status.OK, value, null);
  }

  /** It works, but should be mended. */
  public static Check warn(String name, String value, String remedy) {
    return new Check(name, Status.WARN, value, remedy);
  }

  /** It does not work, or what was promised does not hold. */
  public static Check fail(String name, String value, String remedy) {
    return new Check(name, Status.FAIL, value, remedy);
  }
}
