package dev.parley.projection.clickhouse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the tables and brings those of an earlier version up to date. Every statement can be run
 * again, so nodes that start at the same time do each other no harm.
 */
final class ClickHouseSchema {
  private static final Logger log = LoggerFactory.getLogger(ClickHouseSchema.class);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Each is a resource below {@code db/clickhouse}; only ever added to. */
  private static final List<String> MIGRATIONS = List.of("V1__sessions", "V2__short_texts");

  private static final String CREATE_VERSIONS =
      """
      create table if not exists parley_schema (migration String, at DateTime default now())
      engine = ReplacingMergeTree order by migration
      """;

  private final ClickHouse clickHouse;
  private final @Nullable Duration retention;

  /**
   * @param retention how long events are kept; null for ever
   */
  ClickHouseSchema(ClickHouse clickHouse, @Nullable Duration retention) {
    this.clickHouse = clickHouse;
    this.retention = retention;
  }

  /** Fails with {@link ClickHouseException}. */
  CompletionStage<Void> ensure() {
    return clickHouse
        .createDatabase(LIMIT)
        .handle(ClickHouseSchema::unlessForbidden)
        .thenCompose(done -> execute(CREATE_VERSIONS))
        .thenCompose(done -> applied())
        .thenCompose(this::migrate)
        .thenCompose(done -> keepEvents());
  }

  /** Whoever may not create databases may have been given one. */
  private static @Nullable Void unlessForbidden(@Nullable Void done, @Nullable Throwable failure) {
    if (failure == null
        || (failure.getCause() instanceof ClickHouseException answer
            && answer.code() == ClickHouseException.ACCESS_DENIED)) {
      return null;
    }
    throw new CompletionException(failure);
  }

  private CompletionStage<List<String>> applied() {
    return clickHouse
        .select("select distinct migration from parley_schema", new Parameters(), LIMIT)
        .thenApply(
            rows -> rows.stream().map((JsonNode row) -> row.get("migration").asText()).toList());
  }

  private CompletionStage<Void> migrate(List<String> applied) {
    CompletionStage<Void> chain = CompletableFuture.completedFuture(null);
    for (String migration : MIGRATIONS) {
      if (!applied.contains(migration)) {
        for (String statement : statements(migration)) {
          chain = chain.thenCompose(done -> execute(statement));
        }
        chain =
            chain.thenCompose(
                done -> {
                  log.info("ClickHouse has the tables of {}", migration);
                  return clickHouse.execute(
                      "insert into parley_schema (migration) values ({migration:String})",
                      new Parameters().text("migration", migration),
                      LIMIT);
                });
      }
    }
    return chain;
  }

  /** Events leave with the retention, whatever it was before. */
  private CompletionStage<Void> keepEvents() {
    if (retention == null) {
      return execute("alter table session_events_v1 remove ttl").handle((done, none) -> null);
    }
    // A number of our own; a TTL can't have parameters.
    return execute(
        "alter table session_events_v1 modify ttl toDateTime(at) + toIntervalSecond("
            + Math.max(1, retention.toSeconds())
            + ") settings materialize_ttl_after_modify = 0");
  }

  private CompletionStage<Void> execute(String statement) {
    return clickHouse.execute(statement, new Parameters(), LIMIT);
  }

  private static List<String> statements(String migration) {
    String name = "/db/clickhouse/" + migration + ".sql";
    try (InputStream in = ClickHouseSchema.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split("(?m)^;$")).filter(sql -> !sql.isBlank()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
