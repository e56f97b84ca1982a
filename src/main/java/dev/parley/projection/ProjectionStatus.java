package dev.parley.projection;

import java.time.Duration;
import java.util.List;

/**
 * How far a projection has followed the journal.
 *
 * @param paused whether any of its slices is
 * @param eventsBehind how far the journal goes beyond the smallest offset of the slices that have
 *     something to apply, in numbers of the journal: at least as many as have to be applied; 0 when
 *     nothing has
 * @param lag how long the oldest event that it has still to apply has been waiting; zero when there
 *     is none
 * @param parked events that it could not apply and has passed by
 */
public record ProjectionStatus(
    String name, boolean paused, long eventsBehind, Duration lag, long parked, List<Slice> slices) {
  /**
   * A part of the sessions.
   *
   * @param offset the number up to which it has applied the journal; 0 for nothing
   */
  public record Slice(String key, long offset) {}

  public ProjectionStatus {
    slices = List.copyOf(slices);
  }
}
