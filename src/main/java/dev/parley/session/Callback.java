package dev.parley.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of a waitpoint's end, and how far that has come.
 *
 * @param url http or https
 * @param origin of this server as the one who registered it was told; without a slash at the end
 * @param owedSince since when it is owed; null before the end of the waitpoint
 * @param tries that have failed
 * @param nextTry when to try again; null before the end, and when it is settled: taken, not wanted
 *     or given up
 */
public record Callback(
    String url, String origin, @Nullable Instant owedSince, int tries, @Nullable Instant nextTry) {
  /** The longest URL, in characters. */
  public static final int MAX_URL_LENGTH = 2_048;

  /** One for a waitpoint that waits. */
  public static Callback to(String url, String origin) {
    return new Callback(url, origin, null, 0, null);
  }

  boolean isSettled() {
    return owedSince != null && nextTry == null;
  }

  Callback after(SessionEvent.CallbacksMoved moved) {
    return new Callback(
        url, origin, owedSince == null ? moved.at() : owedSince, moved.tries(), moved.nextTry());
  }
}
