package dev.parley.http.sessions;

import dev.parley.auth.Spans;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Refused;
import dev.parley.projection.Filter;
import dev.parley.projection.StatsQuery;
import dev.parley.projection.StatsQuery.GroupBy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of the figures: {@code groupBy}, {@code period} and the filters of the list; all
 * that is wrong is told at once.
 */
final class StatsParameters {
  static final String GROUP_BY = "groupBy";
  static final String PERIOD = "period";

  private static final Map<String, GroupBy> GROUPS = groups();
  private static final Duration DEFAULT_PERIOD = Duration.ofHours(24);
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(400);

  private static final int MAX_BUCKETS = 120;

  /** From the smallest to one that is wide enough for the longest period. */
  private static final List<Duration> WIDTHS =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofHours(1),
          Duration.ofHours(6),
          Duration.ofDays(1),
          Duration.ofDays(7));

  private final Call call;
  private final Instant now;
  private final List<String> problems = new ArrayList<>();

  private StatsParameters(Call call, Instant now) {
    this.call = call;
    this.now = now;
  }

  private static Map<String, GroupBy> groups() {
    Map<String, GroupBy> groups = new LinkedHashMap<>();
    groups.put("type", GroupBy.TYPE);
    groups.put("taskIdentifier", GroupBy.TASK_IDENTIFIER);
    groups.put("tag", GroupBy.TAG);
    groups.put("agent", GroupBy.AGENT);
    groups.put("user", GroupBy.USER);
    groups.put("status", GroupBy.STATUS);
    return groups;
  }

  /**
   * @throws Refused with 400 when a parameter is not what it must be
   */
  static StatsQuery read(Call call, Instant now) {
    return new StatsParameters(call, now).read();
  }

  private StatsQuery read() {
    GroupBy groupBy = groupBy();
    Duration period = period();
    Filter filter = FilterQuery.read(call, now, problems);
    if (!problems.isEmpty()) {
      throw new Refused(Answers.detailed("Query Error", problems));
    }
    return query(groupBy, filter, period);
  }

  /** Of the last whole buckets that make up the period, that of the present included. */
  private StatsQuery query(GroupBy groupBy, Filter filter, Duration period) {
    Duration bucket = bucket(period);
    long width = bucket.toMillis();
    long to = (Math.floorDiv(now.toEpochMilli(), width) + 1) * width;
    long from = to - bucketsIn(period, bucket) * width;
    return new StatsQuery(
        call.credential().environment().id(),
        filter,
        groupBy,
        Instant.ofEpochMilli(from),
        Instant.ofEpochMilli(to),
        bucket,
        now);
  }

  private static Duration bucket(Duration period) {
    return WIDTHS.stream()
        .filter(width -> bucketsIn(period, width) <= MAX_BUCKETS)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("too long for any bucket: " + period));
  }

  /** Rounded up. */
  private static long bucketsIn(Duration period, Duration bucket) {
    return period.plus(bucket).minusMillis(1).dividedBy(bucket);
  }

  private GroupBy groupBy() {
    Optional<String> name = call.query(GROUP_BY);
    if (name.isEmpty()) {
      return GroupBy.NONE;
    }
    if (!GROUPS.containsKey(name.get())) {
      problems.add(GROUP_BY + " must be one of " + String.join(", ", GROUPS.keySet()));
    }
    return GROUPS.getOrDefault(name.get(), GroupBy.NONE);
  }

  private Duration period() {
    Optional<String> text = call.query(PERIOD);
    if (text.isEmpty()) {
      return DEFAULT_PERIOD;
    }
    Optional<Duration> span =
        Spans.parse(text.get())
            .filter(any -> any.compareTo(SHORTEST) >= 0 && any.compareTo(LONGEST) <= 0);
    if (span.isEmpty()) {
      problems.add(PERIOD + " must be a span from 1m to 400d, such as 24h or 7d");
    }
    return span.orElse(DEFAULT_PERIOD);
  }
}
