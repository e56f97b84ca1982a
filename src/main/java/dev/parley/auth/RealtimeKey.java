package dev.parley.auth;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key of realtime workers, {@code PARLEY_REALTIME_KEY} (across.md section 8).
 *
 * @param key blank when there is none
 */
public record RealtimeKey(String key) {
  private static final Pattern BEARER = Pattern.compile("(?i)bearer +(\\S+) *");

  /** Whether an {@code Authorization} header holds it. */
  public boolean isIn(String authorization) {
    Matcher bearer = BEARER.matcher(authorization);
    return !key.isBlank() && bearer.matches() && Digests.same(key, bearer.group(1));
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "RealtimeKey";
  }
}
