package dev.parley.cli;

import dev.parley.client.Channel;
import dev.parley.client.ParleyClient;
import dev.parley.client.ParleyException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Writers that append one record after the other, each when the one before is acknowledged. */
final class AppendLoad {
  /**
   * How long the appends took.
   *
   * @param nanos in ascending order
   */
  record Result(long[] nanos) {
    long count() {
      return nanos.length;
    }

    /** The latency that this share of the appends did not exceed; 0 when there were none. */
    double millis(double share) {
      int at = (int) Math.ceil(share * nanos.length) - 1;
      return nanos.length == 0 ? 0 : nanos[Math.max(0, at)] / 1e6;
    }
  }

  private AppendLoad() {}

  /**
   * Writes to {@code .in} of all sessions at the same time.
   *
   * @param warmUp what begins before it has passed does not count
   * @throws ParleyException when an append fails
   */
  static Result run(
      ParleyClient parley, List<String> sessions, String text, Duration warmUp, Duration duration) {
    ExecutorService threads = Executors.newFixedThreadPool(sessions.size());
    try {
      long from = System.nanoTime() + warmUp.toNanos();
      long to = from + duration.toNanos();
      List<CompletableFuture<long[]>> writers =
          sessions.stream()
              .map(Channel::in)
              .map(
                  in ->
                      CompletableFuture.supplyAsync(
                          () -> write(parley, in, text, from, to), threads))
              .toList();
      return new Result(
          writers.stream()
              .map(CompletableFuture::join)
              .flatMapToLong(Arrays::stream)
              .sorted()
              .toArray());
    } catch (CompletionException e) {
      throw e.getCause() instanceof ParleyException failure ? failure : e;
    } finally {
      threads.shutdownNow();
    }
  }

  private static long[] write(
      ParleyClient parley, Channel channel, String text, long from, long to) {
    long[] nanos = new long[1_024];
    int count = 0;
    long start = System.nanoTime();
    while (start - to < 0) {
      parley.append(channel, text);
      long end = System.nanoTime();
      if (start - from >= 0) {
        nanos = count < nanos.length ? nanos : Arrays.copyOf(nanos, 2 * count);
        nanos[count] = end - start;
        count++;
      }
      start = end;
    }
    return Arrays.copyOf(nanos, count);
  }
}
