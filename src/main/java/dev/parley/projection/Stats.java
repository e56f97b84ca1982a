package dev.parley.projection;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Figures of sessions.
 *
 * @param groups those with the most sessions first, among equals by their key
 */
public record Stats(List<Group> groups) {
  public Stats {
    groups = List.copyOf(groups);
  }

  /**
   * Sessions that have something in common.
   *
   * @param key what they have in common; null for sessions without it, or when nothing was asked
   *     for
   * @param sessions how many there are, whatever has happened to them in the span
   * @param total what happened in the whole span
   * @param series what happened in each bucket in which anything did, oldest first
   */
  public record Group(@Nullable String key, long sessions, Figures total, List<Bucket> series) {
    public Group {
      series = List.copyOf(series);
    }
  }

  /** What happened from one instant on. */
  public record Bucket(Instant at, Figures figures) {}

  /**
   * What happened in a span of time.
   *
   * @param created sessions that came into being
   * @param active sessions that got records of clients or agents
   * @param expired sessions whose end came
   * @param closed sessions that were closed or deleted
   * @param messages of users and agents
   * @param records of clients and agents, messages included
   * @param bytes metered size of these records
   * @param medianTurnMillis how long agents took for an answer: of an even number of turns the
   *     lower of the two in the middle; null when there was none
   */
  public record Figures(
      long created,
      long active,
      long expired,
      long closed,
      long messages,
      long records,
      long bytes,
      @Nullable Long medianTurnMillis) {
    public static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0, null);
  }
}
