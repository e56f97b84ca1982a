package dev.parley.projection.clickhouse;

import dev.parley.projection.Cursor;
import dev.parley.projection.Filter;
import dev.parley.projection.Query;
import dev.parley.session.SessionStatus;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Builds statements over {@code sessions_v1}. Their text is made of constants alone; whatever a
 * client gave is a parameter.
 */
final class CatalogQuery {
  // Blocks no larger than a page needs, and the indices although only the newest version counts.
  private static final String SETTINGS =
      " settings max_block_size = 1024, use_skip_indexes_if_final = 1,"
          + " use_skip_indexes_if_final_exact_mode = 1,"
          + " do_not_merge_across_partitions_select_final = 1";

  /** The length of the n-grams of {@code search_idx}; shorter texts have an index of their own. */
  private static final int NGRAM = 5;

  private static final String NEWEST_FIRST = " order by created_rank, session_id desc";
  private static final String OLDEST_FIRST = " order by created_rank desc, session_id";

  /** Room for earlier versions of sessions among the rows next to a cursor. */
  private static final long NEAR_PAGES = 4;

  private static final String COLUMNS =
      """
      environment_id, session_id, external_id, type, task_identifier, trigger_config, tags,
      metadata, current_run_id, closed_reason, expires_ms, expired_ms,
      toUnixTimestamp64Milli(created_at) as created_ms,
      toUnixTimestamp64Milli(updated_at) as updated_ms,
      toUnixTimestamp64Milli(closed_at) as closed_ms
      """;

  private final StringBuilder sql = new StringBuilder();
  private final Parameters parameters = new Parameters();

  /** Each index that is looked at costs some milliseconds, so only one of two is. */
  private String unused = "";

  /**
   * The page of a query and the session behind it, nearest first.
   *
   * @param except friendly ids of sessions that are not to be found
   * @param near whether a page with {@code before} is looked for only among the rows next to it; if
   *     it comes out short then, there may be more
   */
  static CatalogQuery page(Query query, List<String> except, boolean near) {
    CatalogQuery page =
        new CatalogQuery().sessions(COLUMNS, query.environmentId(), query.filter(), query.now());
    page.except(except);
    if (query.before() != null) {
      page.range("<", query.before());
      if (near) {
        page.near(query, query.before(), except);
      }
      page.add(OLDEST_FIRST);
    } else {
      if (query.after() != null) {
        page.range(">", query.after());
      }
      page.add(NEWEST_FIRST);
    }
    return page.limit(query.size() + 1L);
  }

  /** The first session of the range that a query with {@code before} leaves out. */
  static CatalogQuery rest(Query query, Cursor before, List<String> except) {
    CatalogQuery rest =
        new CatalogQuery().sessions(COLUMNS, query.environmentId(), query.filter(), query.now());
    return rest.except(except).range(">=", before).add(NEWEST_FIRST).limit(1);
  }

  /** How many sessions pass the filters, in the column {@code count}. */
  static CatalogQuery count(Query query, List<String> except) {
    return new CatalogQuery()
        .sessions("count() as count", query.environmentId(), query.filter(), query.now())
        .except(except)
        .settings();
  }

  /** Adds a selection from the sessions that pass a filter. */
  CatalogQuery sessions(String columns, String environmentId, Filter filter, Instant now) {
    parameters.text("environment", environmentId);
    return add("select " + columns + " from sessions_v1 final")
        .add(" where environment_id = {environment:String}")
        .filter(filter, now);
  }

  String sql() {
    return sql.toString();
  }

  Parameters parameters() {
    return parameters;
  }

  CatalogQuery add(String text) {
    sql.append(text);
    return this;
  }

  private CatalogQuery limit(long rows) {
    parameters.number("limit", rows);
    return add(" limit {limit:UInt64}").settings();
  }

  private CatalogQuery settings() {
    return add(SETTINGS).add(unused);
  }

  private CatalogQuery except(List<String> ids) {
    if (!ids.isEmpty()) {
      parameters.texts("except", ids);
      add(" and session_id not in {except:Array(String)}");
    }
    return this;
  }

  /** In terms of the key, so that no more is read than lies there; ranks rise with age. */
  private CatalogQuery range(String comparison, Cursor cursor) {
    String rank = comparison.substring(0, 1);
    String id = (rank.equals("<") ? ">" : "<") + comparison.substring(1);
    parameters.number("rank", -cursor.createdAt().toEpochMilli());
    parameters.text("id", cursor.friendlyId());
    return add(" and created_rank " + rank + "= {rank:Int64}")
        .add(" and (created_rank " + rank + " {rank:Int64} or session_id " + id + " {id:String})");
  }

  /**
   * FINAL reads from the newest session on. Without it the key can be read from either end, and the
   * rows that pass include those of every session that does.
   */
  private CatalogQuery near(Query query, Cursor cursor, List<String> except) {
    parameters.number("near", NEAR_PAGES * (query.size() + 1L));
    return add(" and created_rank >= (select min(created_rank) from (")
        .add("select created_rank from sessions_v1 where environment_id = {environment:String}")
        .filter(query.filter(), query.now())
        .except(except)
        .range("<", cursor)
        .add(" order by created_rank desc limit {near:UInt64}))");
  }

  private CatalogQuery filter(Filter filter, Instant now) {
    anyOf(" and type in ", filter.types());
    anyOf(" and task_identifier in ", filter.taskIdentifiers());
    if (!filter.tags().isEmpty()) {
      String name = parameters.next();
      parameters.texts(name, filter.tags());
      add(" and hasAny(tags, {" + name + ":Array(String)})");
    }
    if (filter.externalId() != null) {
      add(" and external_id = " + text(filter.externalId()));
    }
    statuses(filter, now);
    if (filter.createdFrom() != null) {
      add(" and created_rank <= " + number(-filter.createdFrom().toEpochMilli()));
    }
    if (filter.createdTo() != null) {
      add(" and created_rank >= " + number(-filter.createdTo().toEpochMilli()));
    }
    for (String facet : filter.metadata()) {
      add(" and has(facets, " + text(facet) + ")");
    }
    if (filter.search() != null) {
      // Unlike position() it can use the index of n-grams.
      String search = filter.search();
      add(" and multiSearchAny(search_text, [" + text(search) + "])");
      unused =
          search.codePointCount(0, search.length()) < NGRAM
              ? ", ignore_data_skipping_indices = 'search_idx'"
              : ", ignore_data_skipping_indices = 'search_short_idx'";
    }
    return this;
  }

  private void anyOf(String condition, List<String> values) {
    if (!values.isEmpty()) {
      String name = parameters.next();
      parameters.texts(name, values);
      add(condition + "{" + name + ":Array(String)}");
    }
  }

  private void statuses(Filter filter, Instant now) {
    if (!filter.statuses().isEmpty()) {
      parameters.number("now", now.toEpochMilli());
      add(
          filter.statuses().stream()
              .map(CatalogQuery::condition)
              .collect(Collectors.joining(" or ", " and (", ")")));
    }
  }

  /** The rule of {@code SessionInfo.status}. */
  private static String condition(SessionStatus status) {
    return switch (status) {
      case ACTIVE ->
          "(closed_at is null and expired_ms is null"
              + " and (sliding or expires_ms is null or expires_ms > {now:Int64}))";
      case CLOSED -> "closed_at is not null";
      case EXPIRED ->
          "(closed_at is null"
              + " and (expired_ms is not null or (not sliding and expires_ms <= {now:Int64})))";
    };
  }

  private String text(String value) {
    String name = parameters.next();
    parameters.text(name, value);
    return "{" + name + ":String}";
  }

  private String number(long value) {
    String name = parameters.next();
    parameters.number(name, value);
    return "{" + name + ":Int64}";
  }
}
