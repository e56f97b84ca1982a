package dev.parley.entity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that can be put forward, for tests that have to reach an expiry (across.md section 11).
 */
public final class TestClock extends Clock {
  private final Clock real;
  private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

  /**
   * @param real goes on all the while
   */
  public TestClock(Clock real) {
    this.real = real;
  }

  /** Puts the clock forward to this instant; one that has passed changes nothing. */
  void advanceTo(Instant instant) {
    offset.accumulateAndGet(
        Duration.between(real.instant(), instant),
        (now, wanted) -> wanted.compareTo(now) > 0 ? wanted : now);
  }

  @Override
  public Instant instant() {
    return real.instant().plus(offset.get());
  }

  @Override
  public ZoneId getZone() {
    return real.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("nobody here asks for a zone");
  }
}
