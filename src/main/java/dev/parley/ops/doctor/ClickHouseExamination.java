package dev.parley.ops.doctor;

import dev.parley.projection.clickhouse.ClickHouse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** ClickHouse, if there is one to be: there, and new enough. */
public final class ClickHouseExamination implements Examination {
  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final Pattern VERSION = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})\\..*");
  private static final int OLDEST_YEAR = 25;
  private static final int OLDEST_RELEASE = 8;

  private final @Nullable ClickHouse clickHouse;

  /**
   * @param clickHouse null when none is configured
   */
  public ClickHouseExamination(@Nullable ClickHouse clickHouse) {
    this.clickHouse = clickHouse;
  }

  @Override
  public String name() {
    return "clickhouse";
  }

  @Override
  public CompletionStage<List<Check>> look() {
    if (clickHouse == null) {
      return CompletableFuture.completedFuture(
          List.of(Check.ok(name(), "not configured: lists and figures come from PostgreSQL")));
    }
    return clickHouse
        .version(LIMIT)
        .handle((version, failure) -> List.of(failure == null ? judge(version) : away()));
  }

  private Check away() {
    return Check.fail(
        name(),
        "configured, but it does not answer",
        "Start it, or mend PARLEY_CLICKHOUSE_URL; until then figures answer 503 and lists come as"
            + " PARLEY_CLICKHOUSE_WHEN_AWAY says");
  }

  private Check judge(String version) {
    Matcher numbers = VERSION.matcher(version);
    if (!numbers.matches()) {
      return Check.warn(
          name(), "answers, but tells no version", "Is it ClickHouse that is at that address?");
    }
    int year = Integer.parseInt(numbers.group(1));
    int release = Integer.parseInt(numbers.group(2));
    boolean old = year < OLDEST_YEAR || year == OLDEST_YEAR && release < OLDEST_RELEASE;
    return old
        ? Check.warn(name(), "version " + version, "Upgrade it to 25.8 or newer")
        : Check.ok(name(), "version " + version);
  }
}
