package dev.parley.ops.alerts;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What was told lately, so that the same is not told again and again. */
final class Repeats {
  /** The oldest is forgotten beyond this many, and may be told again too early. */
  private static final int MAX_KNOWN = 500;

  private final Duration quiet;
  private final Clock clock;
  private final Map<String, Seen> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
          return size() > MAX_KNOWN;
        }
      };

  private record Seen(Instant sent, long repeats) {}

  Repeats(Duration quiet, Clock clock) {
    this.quiet = quiet;
    this.clock = clock;
  }

  /** The alert with the number of those that were left out before it; empty to leave it out. */
  synchronized Optional<Alert> admit(Alert alert) {
    Instant now = clock.instant();
    Seen seen = known.get(alert.sameness());
    if (seen != null && now.isBefore(seen.sent().plus(quiet))) {
      known.put(alert.sameness(), new Seen(seen.sent(), seen.repeats() + 1));
      return Optional.empty();
    }
    known.remove(alert.sameness());
    known.put(alert.sameness(), new Seen(now, 0));
    return Optional.of(alert.repeated(seen == null ? 0 : seen.repeats()));
  }
}
