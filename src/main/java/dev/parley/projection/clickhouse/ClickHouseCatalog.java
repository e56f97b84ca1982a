package dev.parley.projection.clickhouse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.journal.ConnectionWork;
import dev.parley.projection.Cursor;
import dev.parley.projection.IndexTail;
import dev.parley.projection.Item;
import dev.parley.projection.Page;
import dev.parley.projection.Query;
import dev.parley.projection.SessionCatalog;
import dev.parley.projection.Stats;
import dev.parley.projection.StatsQuery;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Lists sessions from ClickHouse. What the projection has not brought there yet is taken from
 * PostgreSQL, so that a list shows what was answered before; when that is too much, ClickHouse is
 * no help and the request fails with {@link TooFarBehind}.
 */
public final class ClickHouseCatalog implements SessionCatalog {
  private static final Duration SHORT = Duration.ofMillis(1_500);
  private static final Duration LONG = Duration.ofSeconds(10);

  private final ClickHouse clickHouse;
  private final DataSource dataSource;
  private final Executor executor;

  /** More has happened than a list can add to what ClickHouse has. */
  public static final class TooFarBehind extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooFarBehind() {
      super("ClickHouse is too far behind the journal");
    }
  }

  /**
   * @param dataSource of PostgreSQL
   * @param executor runs blocking queries of PostgreSQL
   */
  public ClickHouseCatalog(ClickHouse clickHouse, DataSource dataSource, Executor executor) {
    this.clickHouse = clickHouse;
    this.dataSource = dataSource;
    this.executor = executor;
  }

  /** One page. Fails with {@link ClickHouseException}, or as the class says. */
  @Override
  public CompletionStage<Page> list(Query query) {
    return tail(query)
        .thenCompose(
            tail ->
                found(query, tail.changed())
                    .thenApply(found -> Page.of(query, found, tail.passing(query))));
  }

  private CompletionStage<List<Item>> found(Query query, List<String> except) {
    CompletionStage<List<Item>> page = items(CatalogQuery.page(query, except, true));
    Cursor before = query.before();
    if (before == null) {
      return page;
    }
    CompletionStage<List<Item>> full =
        page.thenCompose(
            found ->
                found.size() > query.size()
                    ? page
                    : items(CatalogQuery.page(query, except, false)));
    return full.thenCombine(
        items(CatalogQuery.rest(query, before, except)),
        (newer, rest) -> {
          List<Item> all = new ArrayList<>(newer);
          Collections.reverse(all);
          all.addAll(rest);
          return all;
        });
  }

  private CompletionStage<List<Item>> items(CatalogQuery query) {
    return clickHouse
        .select(query.sql(), query.parameters(), SHORT)
        .thenApply(rows -> rows.stream().map(ClickHouseCatalog::item).toList());
  }

  @Override
  public CompletionStage<Long> count(Query query) {
    return tail(query)
        .thenCompose(
            tail -> {
              CatalogQuery count = CatalogQuery.count(query, tail.changed());
              return clickHouse
                  .select(count.sql(), count.parameters(), SHORT)
                  .thenApply(
                      rows -> rows.get(0).get("count").asLong() + tail.passing(query).size());
            });
  }

  @Override
  public CompletionStage<Stats> stats(StatsQuery query) {
    return ClickHouseStats.of(clickHouse, query, LONG);
  }

  private CompletionStage<IndexTail> tail(Query query) {
    return ConnectionWork.on(
            executor,
            dataSource,
            connection ->
                IndexTail.read(
                    connection, query.environmentId(), ClickHousePosition.read(connection)))
        .thenApply(
            tail -> {
              if (!tail.complete()) {
                throw new TooFarBehind();
              }
              return tail;
            });
  }

  private static Item item(JsonNode row) {
    List<String> tags = new ArrayList<>();
    row.get("tags").forEach(tag -> tags.add(tag.textValue()));
    return new Item(
        new SessionId(row.get("environment_id").textValue(), row.get("session_id").textValue()),
        new SessionInfo(
            row.get("external_id").textValue(),
            row.get("type").textValue(),
            row.get("task_identifier").textValue(),
            row.get("trigger_config").textValue(),
            tags,
            row.get("metadata").textValue(),
            row.get("current_run_id").textValue(),
            Instant.ofEpochMilli(row.get("created_ms").longValue()),
            Instant.ofEpochMilli(row.get("updated_ms").longValue()),
            instant(row.get("expires_ms")),
            instant(row.get("closed_ms")),
            row.get("closed_reason").textValue(),
            instant(row.get("expired_ms"))));
  }

  private static @Nullable Instant instant(JsonNode millis) {
    return millis.isNull() ? null : Instant.ofEpochMilli(millis.longValue());
  }
}
