package dev.parley.projection;

import dev.parley.projection.Stats.Bucket;
import dev.parley.projection.Stats.Figures;
import dev.parley.projection.StatsQuery.GroupBy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what the statements of a store find. The groups come first, in their order; what is
 * told of other groups later is left out.
 */
public final class StatsTally {
  private final Map<@Nullable String, Long> sessions = new LinkedHashMap<>();
  private final Map<@Nullable String, Figures> totals = new HashMap<>();
  private final Map<@Nullable String, SortedMap<Long, Figures>> series = new HashMap<>();

  /** The group that follows those before. */
  public void group(@Nullable String key, long count) {
    sessions.put(key, count);
  }

  /** How many groups there are. */
  public int size() {
    return sessions.size();
  }

  /** The keys of the groups; one of them may be null. */
  public Set<@Nullable String> keys() {
    return Collections.unmodifiableSet(sessions.keySet());
  }

  /**
   * All but the median of the turns; tell it before that.
   *
   * @param bucket Unix milliseconds of its beginning; null for the whole span
   */
  public void figures(@Nullable String key, @Nullable Long bucket, Figures figures) {
    if (bucket == null) {
      totals.put(key, figures);
    } else {
      series.computeIfAbsent(key, any -> new TreeMap<>()).put(bucket, figures);
    }
  }

  /**
   * The median of the turns.
   *
   * @param bucket Unix milliseconds of its beginning; null for the whole span
   */
  public void median(@Nullable String key, @Nullable Long bucket, long millis) {
    Figures others = bucket == null ? totals.get(key) : buckets(key).get(bucket);
    figures(key, bucket, with(others == null ? Figures.NONE : others, millis));
  }

  private SortedMap<Long, Figures> buckets(@Nullable String key) {
    return series.getOrDefault(key, Collections.emptySortedMap());
  }

  private static Figures with(Figures figures, long medianTurnMillis) {
    return new Figures(
        figures.created(),
        figures.active(),
        figures.expired(),
        figures.closed(),
        figures.messages(),
        figures.records(),
        figures.bytes(),
        medianTurnMillis);
  }

  /** The figures. Without groups there is always one, even when no session is meant. */
  public Stats stats(GroupBy groupBy) {
    List<Stats.Group> groups = new ArrayList<>();
    sessions.forEach((key, count) -> groups.add(group(key, count.longValue(), buckets(key))));
    if (groups.isEmpty() && groupBy == GroupBy.NONE) {
      groups.add(new Stats.Group(null, 0, Figures.NONE, List.of()));
    }
    return new Stats(groups);
  }

  private Stats.Group group(@Nullable String key, long count, SortedMap<Long, Figures> buckets) {
    List<Bucket> filled = new ArrayList<>();
    buckets.forEach((at, figures) -> filled.add(new Bucket(Instant.ofEpochMilli(at), figures)));
    return new Stats.Group(key, count, totals.getOrDefault(key, Figures.NONE), filled);
  }
}
