package dev.parley.session;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.parley.session.LifetimeDeadline.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The clockwork of one session: when it ends, and what has been said about that (eliza.md section
 * 4). Immutable; all instants are whole milliseconds, and what is finer is cut off.
 *
 * @param base the instant from which the timeout runs: the last renewal, initially the creation
 * @param lastActivity never before {@code base}
 * @param warned whether the warning was given since the last renewal
 * @param expiryNoted whether the end was reported; from then on nothing changes any more
 */
public record Lifetime(
    Instant createdAt,
    Instant base,
    Instant lastActivity,
    long renewalCount,
    TimeoutPolicy policy,
    boolean warned,
    boolean expiryNoted) {
  private static final long MILLIS_PER_MINUTE = 60_000;

  public Lifetime {
    createdAt = createdAt.truncatedTo(MILLIS);
    base = base.truncatedTo(MILLIS);
    lastActivity = lastActivity.truncatedTo(MILLIS);
    if (base.isBefore(createdAt) || lastActivity.isBefore(base) || renewalCount < 0) {
      throw new IllegalArgumentException(
          "created %s, renewed %s, last active %s, %d renewals: out of order"
              .formatted(createdAt, base, lastActivity, renewalCount));
    }
  }

  /** The lifetime of a session that is created now. */
  public static Lifetime create(TimeoutPolicy policy, Instant now) {
    return new Lifetime(now, now, now, 0, policy, false, false);
  }

  /** The end, unless something moves it: base plus timeout, but never after the latest end. */
  public Instant expiresAt() {
    Instant end = base.plus(policy.timeout());
    Instant latest = latestEnd();
    return end.isBefore(latest) ? end : latest;
  }

  /** The creation plus the maximum duration: no renewal leads beyond it. */
  public Instant latestEnd() {
    return createdAt.plus(policy.maxDuration());
  }

  /** Whether the end has come. Once it was reported this stays, whatever a clock says. */
  public boolean isExpired(Instant now) {
    return expiryNoted || !expiresAt().isAfter(now);
  }

  /** Time left in whole milliseconds; zero exactly when the session is expired. */
  public Duration timeRemaining(Instant now) {
    return isExpired(now) ? Duration.ZERO : Duration.between(now.truncatedTo(MILLIS), expiresAt());
  }

  /** Whether there is time left, but no more than the warning threshold. */
  public boolean isNearExpiration(Instant now) {
    return !isExpired(now) && timeRemaining(now).compareTo(policy.warningThreshold()) <= 0;
  }

  /** The minutes a warning names: rounded up, at least 1 (across.md section 2). */
  public long minutesRemaining(Instant now) {
    long millis = timeRemaining(now).toMillis();
    return Math.max(1, (millis + MILLIS_PER_MINUTE - 1) / MILLIS_PER_MINUTE);
  }

  /** Whether the maximum duration leaves room for a renewal; otherwise 422 (section 7). */
  public boolean canRenew(Instant now) {
    return now.isBefore(latestEnd());
  }

  /**
   * What an activity at this instant does. A session never gets older by it: where the clock stands
   * before the last activity, the last activity counts as now.
   */
  public Touch on(Activity activity, Instant now) {
    if (activity == Activity.MANUAL && !canRenew(now)) {
      return new Touch.AtMaximum(latestEnd());
    }
    if (isExpired(now)) {
      return new Touch.Expired(expiresAt());
    }
    Instant at = now.isAfter(lastActivity) ? now : lastActivity;
    boolean renews = activity == Activity.MANUAL || policy.autoRenew();
    if (!renews) {
      return new Touch.Noted(
          new Lifetime(createdAt, base, at, renewalCount, policy, warned, expiryNoted));
    }
    return new Touch.Renewed(activity == Activity.AGENT ? extended(at) : renewed(at));
  }

  private Lifetime renewed(Instant at) {
    return new Lifetime(createdAt, at, at, renewalCount + 1, policy, false, expiryNoted);
  }

  /**
   * Like a renewal, but uncounted. The mark stays as long as the end stays near: an agent writes
   * many small pieces, and near the maximum each of them would bring the warning again.
   */
  private Lifetime extended(Instant at) {
    return new Lifetime(createdAt, at, at, renewalCount, policy, warned, expiryNoted)
        .judgingWarnedAgain(at);
  }

  /**
   * The lifetime under another policy (PATCH, eliza.md sections 4 and 5.5): another end, no
   * renewal, the same last activity. The end may lie in the past then; the expiry is due. A warning
   * that was given counts as long as the end is near.
   *
   * @throws IllegalStateException if the session is expired: that is 410 and to be asked before
   */
  public Lifetime withPolicy(TimeoutPolicy changed, Instant now) {
    if (isExpired(now)) {
      throw new IllegalStateException("the session expired at " + expiresAt());
    }
    return new Lifetime(createdAt, base, lastActivity, renewalCount, changed, warned, expiryNoted)
        .judgingWarnedAgain(now);
  }

  private Lifetime judgingWarnedAgain(Instant now) {
    boolean stays = warned && !now.isBefore(nearFrom());
    return new Lifetime(createdAt, base, lastActivity, renewalCount, policy, stays, expiryNoted);
  }

  /** From when on the session is near its expiration; empty when the warning was given. */
  public Optional<Instant> warnAt() {
    return warned || expiryNoted ? Optional.empty() : Optional.of(nearFrom());
  }

  /** Always before the end, because no threshold is shorter than a minute. */
  private Instant nearFrom() {
    Instant from = expiresAt().minus(policy.warningThreshold());
    return from.isAfter(createdAt) ? from : createdAt;
  }

  /**
   * When a session that has been warned is to be warned again at the earliest, if a renewal comes
   * now. With a threshold of more than half the timeout this may be before the end that it has
   * without one.
   */
  Optional<Instant> nextWarning(Instant now) {
    if (!warned || isExpired(now)) {
      return Optional.empty();
    }
    Instant warning = renewed(now.isAfter(lastActivity) ? now : lastActivity).nearFrom();
    return Optional.of(warning).filter(at -> at.isAfter(now) && at.isBefore(expiresAt()));
  }

  /** When to look at {@link #due} next; empty when all has been said. */
  public Optional<LifetimeDeadline> next() {
    if (expiryNoted) {
      return Optional.empty();
    }
    return warnAt()
        .map(at -> new LifetimeDeadline(Kind.WARNING, at))
        .or(() -> Optional.of(new LifetimeDeadline(Kind.EXPIRY, expiresAt())));
  }

  /**
   * What is to be reported at this instant. Never both: a warning that was missed until the end is
   * left out, since there is no time left to warn of, so that none can follow the expiry (across.md
   * section 2). Each comes once if it is noted by {@link #noteWarning} and {@link #noteExpiry}.
   */
  public Optional<LifetimeDeadline> due(Instant now) {
    if (expiryNoted) {
      return Optional.empty();
    }
    if (isExpired(now)) {
      return Optional.of(new LifetimeDeadline(Kind.EXPIRY, expiresAt()));
    }
    return isNearExpiration(now)
        ? warnAt().map(at -> new LifetimeDeadline(Kind.WARNING, at))
        : Optional.empty();
  }

  /** The lifetime after the warning was reported. */
  public Lifetime noteWarning() {
    return new Lifetime(createdAt, base, lastActivity, renewalCount, policy, true, expiryNoted);
  }

  /** The lifetime after the end was reported. */
  public Lifetime noteExpiry() {
    return new Lifetime(createdAt, base, lastActivity, renewalCount, policy, warned, true);
  }
}
