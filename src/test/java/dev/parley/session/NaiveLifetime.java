package dev.parley.session;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * The clockwork as one would write it down first: all that ever happened, and every answer found by
 * reading it from the beginning. Written from the contract (eliza.md section 4, across.md section
 * 2) and not from the core, to be compared with it. Times are epoch milliseconds.
 */
final class NaiveLifetime {
  /** One line of the history, with the policy that holds after it. */
  record Line(String what, long at, TimeoutPolicy policy) {}

  final List<Line> history = new ArrayList<>();

  NaiveLifetime(TimeoutPolicy policy, long now) {
    history.add(new Line("created", now, policy));
  }

  /** A word for what a message, heartbeat, manual renewal or output of the agent does. */
  String activity(String kind, long now) {
    if (kind.equals("manual") && now - createdAt() >= millis(policy().maxDurationMinutes())) {
      return "at maximum";
    }
    if (expired(now)) {
      return "expired";
    }
    boolean renews = kind.equals("manual") || policy().autoRenew();
    String what = !renews ? "noted" : kind.equals("agent") ? "extended" : "renewed";
    history.add(new Line(what, now, policy()));
    return renews ? "renewed" : "noted";
  }

  String patch(TimeoutPolicy policy, long now) {
    if (expired(now)) {
      return "expired";
    }
    history.add(new Line("patched", now, policy));
    return "patched";
  }

  /** What somebody reports who looks at this instant. */
  String look(long now) {
    if (has("expiry")) {
      return "nothing";
    }
    if (expired(now)) {
      history.add(new Line("expiry", now, policy()));
      return "EXPIRY at " + expiresAt();
    }
    if (near(now) && !warned()) {
      history.add(new Line("warning", now, policy()));
      return "WARNING at " + nearFrom();
    }
    return "nothing";
  }

  long createdAt() {
    return history.get(0).at();
  }

  TimeoutPolicy policy() {
    return last().policy();
  }

  long base() {
    return lastOf(List.of("created", "renewed", "extended"));
  }

  long lastActivity() {
    return lastOf(List.of("created", "renewed", "extended", "noted"));
  }

  long renewalCount() {
    return history.stream().filter(line -> line.what().equals("renewed")).count();
  }

  long expiresAt() {
    return Math.min(
        base() + millis(policy().timeoutMinutes()),
        createdAt() + millis(policy().maxDurationMinutes()));
  }

  boolean expired(long now) {
    return expiresAt() <= now;
  }

  long timeRemaining(long now) {
    return Math.max(0, expiresAt() - now);
  }

  boolean near(long now) {
    long remaining = timeRemaining(now);
    return 0 < remaining && remaining <= millis(policy().warningThresholdMinutes());
  }

  /** The first millisecond of the session's life from which the threshold is reached. */
  long nearFrom() {
    return Math.max(createdAt(), expiresAt() - millis(policy().warningThresholdMinutes()));
  }

  /**
   * Whether the last warning still counts: no renewal since, and no moment at which a PATCH or the
   * agent's output had moved the end away from it.
   */
  boolean warned() {
    boolean warned = false;
    NaiveLifetime then = new NaiveLifetime(history.get(0).policy(), createdAt());
    for (Line line : history.subList(1, history.size())) {
      then.history.add(line);
      boolean far = then.timeRemaining(line.at()) > millis(line.policy().warningThresholdMinutes());
      warned =
          switch (line.what()) {
            case "warning" -> true;
            case "renewed" -> false;
            case "extended", "patched" -> warned && !far;
            default -> warned;
          };
    }
    return warned;
  }

  boolean has(String what) {
    return history.stream().anyMatch(line -> line.what().equals(what));
  }

  static long millis(double minutes) {
    return new BigDecimal(minutes)
        .multiply(BigDecimal.valueOf(60_000))
        .setScale(0, RoundingMode.HALF_UP)
        .min(BigDecimal.valueOf(Long.MAX_VALUE / 2))
        .longValueExact();
  }

  private Line last() {
    return history.get(history.size() - 1);
  }

  private long lastOf(List<String> kinds) {
    long at = 0;
    for (Line line : history) {
      at = kinds.contains(line.what()) ? line.at() : at;
    }
    return at;
  }
}
