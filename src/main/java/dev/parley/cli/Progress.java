package dev.parley.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Says now and then how far long work is; of short work it says nothing. */
final class Progress {
  private static final long EVERY_NANOS = Duration.ofSeconds(2).toNanos();
  private static final double MEGABYTE = 1_000_000;

  private final PrintStream out;
  private final String what;
  private long bytes;
  private long lines;
  private long said = System.nanoTime();

  /**
   * @param what is done, such as {@code exported}
   */
  Progress(PrintStream out, String what) {
    this.out = out;
    this.what = what;
  }

  /** So many bytes have passed. */
  void passed(byte[] buffer, int from, int count) {
    bytes += count;
    for (int i = from; i < from + count; i++) {
      if (buffer[i] == '\n') {
        lines++;
      }
    }
    long now = System.nanoTime();
    if (now - said > EVERY_NANOS) {
      said = now;
      out.printf(Locale.ROOT, "%s %d lines, %.1f MB%n", what, lines, bytes / MEGABYTE);
      out.flush();
    }
  }
}
