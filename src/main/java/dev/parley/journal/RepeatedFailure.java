package dev.parley.journal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Tells of what fails again and again while the database is away, in one line and without a stack
 * trace: the first time, then once in ten seconds with the number of times that were not told.
 */
public final class RepeatedFailure {
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final Logger log;
  private final String what;
  private final LongSupplier nanoTime;
  private final AtomicLong silentUntil;
  private final AtomicInteger untold = new AtomicInteger();

  /**
   * @param what does not work and what becomes of it
   */
  public RepeatedFailure(Logger log, String what) {
    this(log, what, System::nanoTime);
  }

  RepeatedFailure(Logger log, String what, LongSupplier nanoTime) {
    this.log = log;
    this.what = what;
    this.nanoTime = nanoTime;
    this.silentUntil = new AtomicLong(nanoTime.getAsLong());
  }

  /** It has happened once more. */
  public void warn(Throwable failure) {
    long now = nanoTime.getAsLong();
    long until = silentUntil.get();
    if (now - until < 0 || !silentUntil.compareAndSet(until, now + SILENCE.toNanos())) {
      untold.incrementAndGet();
      return;
    }
    int before = untold.getAndSet(0);
    if (before == 0) {
      log.warn("{}: {}", what, inOneLine(failure));
    } else {
      log.warn("{}: {} ({} times since this was last said)", what, inOneLine(failure), before + 1);
    }
  }

  /** What the innermost cause says; what is around it repeats it. */
  static String inOneLine(Throwable failure) {
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return innermost.toString().replaceAll("\\s+", " ");
  }
}
