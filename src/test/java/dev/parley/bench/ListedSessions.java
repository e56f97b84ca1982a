package dev.parley.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.clickhouse.TestClickHouse;
import dev.parley.journal.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A million sessions of one tenant, the same ones in each store. What a session is like follows
 * from its number through hashes that both databases can compute.
 */
final class ListedSessions {
  static final String ENVIRONMENT = "env_default";
  static final int COUNT = 1_000_000;

  /** Between the oldest and the newest. */
  static final Duration SPAN = Duration.ofDays(30);

  private static final long STEP_MILLIS = SPAN.toMillis() / COUNT;

  /** Rows of an insert into ClickHouse: what a busy projection gathers. */
  private static final int INSERT = 4_000;

  /** Rows of an insert into PostgreSQL, and of events: nothing hangs on their inserts. */
  private static final int BULK = 100_000;

  /**
   * How the databases differ.
   *
   * @param hash of a text in hexadecimal digits
   * @param number the value of some of a hash's digits: hash, first digit, digits
   * @param tags some of four: the four, how many
   * @param both two arrays together
   * @param joined the elements of an array on lines
   * @param numbers as rows with the column {@code n}: from, to (exclusive)
   */
  private record Dialect(
      String hash,
      String number,
      String array,
      String tags,
      String both,
      String joined,
      String separator,
      String numbers) {}

  private static final Dialect POSTGRES =
      new Dialect(
          "md5(cast(%s as text))",
          "cast(cast('x' || lpad(substr(%s, %d, %d), 8, '0') as bit(32)) as bigint)",
          "array[%s]",
          "(%s)[1:%s]",
          "%s || %s",
          "array_to_string(%s, e'\\n')",
          "chr(31)",
          "(select n from generate_series(%d::bigint, %d - 1) as n) as numbered");

  private static final Dialect CLICKHOUSE =
      new Dialect(
          "lower(hex(MD5(toString(%s))))",
          "reinterpretAsUInt32(reverse(unhex(leftPad(substring(%s, %d, %d), 8, '0'))))",
          "[%s]",
          "arraySlice(%s, 1, %s)",
          "arrayConcat(%s, %s)",
          "arrayStringConcat(%s, '\\n')",
          "char(31)",
          "(select number as n from numbers(%d, %d - number_from)) as numbered");

  private static final List<String> COMMON_TAGS =
      List.of("production", "staging", "vip", "beta", "europe", "mobile");

  private final Dialect dialect;
  private final Instant now;

  private ListedSessions(Dialect dialect, Instant now) {
    this.dialect = dialect;
    this.now = now;
  }

  /** Fills {@code session_index}, {@code session_activity} and {@code session_turn}. */
  static void fill(DatabaseAddress address, Instant now) throws SQLException {
    ListedSessions sessions = new ListedSessions(POSTGRES, now);
    try (Connection connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        Statement statement = connection.createStatement()) {
      for (int from = 0; from < COUNT; from += BULK) {
        statement.execute(sessions.index(from));
      }
      statement.execute(
          """
          insert into session_activity
          select environment_id, friendly_id, created_at - created_at % 60000, 1, 0, 0, 2, 2, 600,
            3, 900
          from session_index
          union all
          select environment_id, friendly_id, closed_at - closed_at % 60000, 0, 0, 1, 0, 0, 0, 0, 0
          from session_index where closed_at is not null
          union all
          select environment_id, friendly_id, expired_at - expired_at % 60000, 0, 1, 0, 0, 0, 0, 0, 0
          from session_index where expired_at is not null
          """);
      statement.execute(
          """
          insert into session_turn
          select environment_id, friendly_id, 3, created_at, ascii(right(friendly_id, 1)) * 40
          from session_index where type = 'messaging'
          """);
      statement.execute("vacuum analyze");
    }
  }

  /**
   * Fills {@code sessions_v1}, with earlier versions of each twentieth session, and {@code
   * session_events_v1}; returns when the engine has merged what it wants to.
   */
  static void fill(TestClickHouse clickHouse, Instant now) throws InterruptedException {
    ListedSessions sessions = new ListedSessions(CLICKHOUSE, now);
    for (int from = 0; from < COUNT + 2 * INSERT; from += INSERT) {
      // The newest, of some their first version; then the second and third of older ones.
      sessions.insert(clickHouse, from, "if(mod(twice, 20) = 0, 1, 3)", "1");
      sessions.insert(clickHouse, from - INSERT, "2", "mod(twice, 40) = 0");
      sessions.insert(clickHouse, from - 2 * INSERT, "3", "mod(twice, 20) = 0");
    }
    for (int from = 0; from < COUNT; from += BULK) {
      clickHouse.execute(sessions.events(from));
    }
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    for (int quiet = 0; quiet < 4 && System.nanoTime() < deadline; quiet++) {
      TimeUnit.SECONDS.sleep(1);
      if (!clickHouse.rows("select * from system.merges").isEmpty()) {
        quiet = -1;
      }
    }
  }

  /** Engine, version and parts of {@code sessions_v1}. */
  static String describe(TestClickHouse clickHouse) {
    JsonNode row =
        clickHouse
            .rows(
                "select version(), any(engine), sum(parts), sum(rows), formatReadableSize(sum(bytes))"
                    + " from (select count() as parts, sum(rows) as rows, sum(bytes_on_disk) as bytes"
                    + " from system.parts where active and table = 'sessions_v1'"
                    + " and database = currentDatabase()) as parts, (select engine from system.tables"
                    + " where name = 'sessions_v1' and database = currentDatabase()) as tables")
            .get(0);
    return "%s as a library (chdb), %s, %s parts, %s rows, %s"
        .formatted(
            row.get(0).asText(),
            row.get(1).asText(),
            row.get(2).asText(),
            row.get(3).asText(),
            row.get(4).asText());
  }

  private void insert(TestClickHouse clickHouse, int from, String stage, String which) {
    if (from >= 0 && from < COUNT) {
      clickHouse.execute(
          """
          insert into sessions_v1 (environment_id, session_id, created_at, updated_at, closed_at,
            closed_reason, expires_ms, expired_ms, sliding, external_id, type, task_identifier,
            agent_id, user_id, current_run_id, trigger_config, tags, metadata, facets, search_text, records_in, bytes_in, records_out, bytes_out, _version)
          select '%s', id, fromUnixTimestamp64Milli(toInt64(created_ms), 'UTC'),
            fromUnixTimestamp64Milli(toInt64(if(stage < 3, created_ms, updated_ms)), 'UTC'),
            if(stage < 3, null, fromUnixTimestamp64Milli(toInt64(closed_ms), 'UTC')),
            if(stage < 3, null, closed_reason), expires_ms, if(stage < 3, null, expired_ms), sliding,
            external_id, type, task_identifier, agent_id, user_id, run_id, trigger_config, tags,
            metadata, facets, concat(search_ids, '\\n', search_tags), 2, 600, 3, 900, stage
          from (select *, %s as stage from (%s) as sessions where %s) as staged
          """
              .formatted(ENVIRONMENT, stage, sessions(from, from + INSERT), which));
    }
  }

  private String index(int from) {
    return """
    insert into session_index (environment_id, friendly_id, created_at, updated_at, closed_at,
      closed_reason, expires_at, expired_at, sliding, external_id, type, task_identifier, agent_id,
      user_id, current_run_id, trigger_config, tags, metadata, facets, search_ids, search_tags,
      version)
    select '%s', id, created_ms, updated_ms, closed_ms, closed_reason, expires_ms, expired_ms, sliding,
      external_id, type, task_identifier, agent_id, user_id, run_id, trigger_config, tags, metadata,
      facets, search_ids, search_tags, 3
    from (%s) as sessions
    """
        .formatted(ENVIRONMENT, sessions(from, from + BULK));
  }

  private String events(int from) {
    return """
    insert into session_events_v1 (environment_id, session_id, version, part, at, kind, channel,
      direction, count, messages, bytes, outcome, took_ms)
    select '%s', id, event.1, event.2, fromUnixTimestamp64Milli(toInt64(event.4), 'UTC'), event.3, '', event.5,
      event.6, if(event.3 = 'records', 1, 0), event.6 * 300, event.7, event.8
    from (
      select id, arrayJoin(arrayFilter(e -> e.4 is not null, [
        (1, 0, 'created', created_ms, '', 1, '', null),
        (2, 0, 'records', created_ms, 'in', 2, '', null),
        (2, 1, 'records', created_ms, 'out', 3, '', null),
        (3, 0, 'turn_ended', if(type = 'messaging', created_ms, null), '', 1, 'answered',
          ascii(substring(id, 40, 1)) * 40),
        (4, 0, 'closed', closed_ms, '', 1, '', null),
        (4, 0, 'expired', expired_ms, '', 1, '', null)])) as event
      from (%s) as sessions) as happened
    """
        .formatted(ENVIRONMENT, sessions(from, from + BULK));
  }

  /** Selects sessions in the terms of both stores. */
  private String sessions(int from, int to) {
    long begin = now.minus(SPAN).toEpochMilli();
    String numbers =
        dialect
            .numbers()
            .replace("number_from", Integer.toString(from))
            .formatted(from, Math.min(to, COUNT));
    String hashes =
        "(select n, %s as h, %s as g from %s) as hashed"
            .formatted(
                dialect.hash().formatted("n"), dialect.hash().formatted("n + 5000000"), numbers);
    String digits =
        "(select n, h, %s from %s) as drawn"
            .formatted(
                String.join(
                    ", ",
                    number("h", 1, 4, "some_state"),
                    number("h", 5, 4, "some_kind"),
                    number("h", 9, 8, "some_person"),
                    number("h", 17, 4, "some_task"),
                    number("h", 21, 4, "some_plan"),
                    number("h", 25, 8, "some_customer"),
                    number("g", 1, 8, "some_outside"),
                    number("g", 9, 4, "tag_count"),
                    number("g", 13, 4, "tag1"),
                    number("g", 17, 4, "tag2"),
                    number("g", 21, 4, "tag3"),
                    number("g", 25, 4, "tag4"),
                    number("g", 29, 4, "twice")),
                hashes);
    String basics =
        """
        (select n, twice, concat('session_', h) as id, mod(some_state, 10) as state,
          %d + n * %d + mod(some_state, %d) as created_ms,
          %d + n * %d + mod(some_state, %d) + 60000 + mod(some_customer, 3600000) as ended_ms,
          case when mod(some_outside, 2) = 0
            then concat('order-', lpad(cast(mod(some_outside, 10000000) as text), 7, '0')) end
            as external_id,
          case mod(some_kind, 10) when 6 then 'chat.agent' when 7 then 'workflow' when 8 then 'support'
            when 9 then 'batch' else 'messaging' end as type,
          concat('task-', cast(mod(some_task, 50) as text)) as task_identifier,
          case when mod(some_kind, 10) < 6 then concat('agent-', cast(mod(some_task, 20) as text)) end
            as agent_id,
          case when mod(some_kind, 10) < 6 then %s end as user_id,
          concat('run_', substr(h, 3, 25)) as run_id,
          concat('{"basePayload":{"chatId":"', h, '","trigger":"preload","locale":"en-GB"},'
            , '"machine":"small-1x","maxAttempts":3,"idleTimeoutInSeconds":900}')
            as trigger_config,
          case when mod(some_plan, 20) = 0 then 'enterprise' when mod(some_plan, 20) < 6 then 'pro' else 'free'
            end as plan,
          cast(mod(some_customer, 200000) as text) as customer,
          %s as free_tags
        from %s) as basics"""
            .formatted(
                begin,
                STEP_MILLIS,
                STEP_MILLIS,
                begin,
                STEP_MILLIS,
                STEP_MILLIS,
                dialect.hash().formatted("mod(some_person, 100000)"),
                dialect
                    .tags()
                    .formatted(
                        dialect
                            .array()
                            .formatted(
                                List.of("tag1", "tag2", "tag3", "tag4").stream()
                                    .map(ListedSessions::tag)
                                    .collect(Collectors.joining(", "))),
                        "mod(tag_count, 5)"),
                digits);
    return ended(tagged(basics));
  }

  private String number(String hash, int from, int digits, String name) {
    return dialect.number().formatted(hash, from, digits) + " as " + name;
  }

  /** Three of four tags are common ones. */
  private static String tag(String number) {
    StringBuilder choice = new StringBuilder("case mod(" + number + ", 8)");
    for (int i = 0; i < COMMON_TAGS.size(); i++) {
      choice.append(" when ").append(i).append(" then '").append(COMMON_TAGS.get(i)).append("'");
    }
    return choice + " else concat('batch-', cast(" + number + " as text)) end";
  }

  private String tagged(String basics) {
    String own =
        dialect
            .array()
            .formatted(
                "concat('user:', coalesce(user_id, '')), concat('agent:', coalesce(agent_id, ''))");
    return """
    (select *, case when user_id is null then free_tags else %s end as tags,
      concat('{"plan":"', plan, '","customer":"', customer, '","region":"eu-central-1"}') as metadata,
      %s as facets
    from %s) as tagged"""
        .formatted(
            dialect.both().formatted(own, "free_tags"),
            dialect
                .array()
                .formatted(
                    "concat('plan', %1$s, plan), concat('customer', %1$s, customer), concat('region', %1$s, 'eu-central-1')"
                        .formatted(dialect.separator())),
            basics);
  }

  /**
   * Two fifths are closed, one fifth has expired: half of it by a timeout, half at a fixed time.
   */
  private String ended(String tagged) {
    return """
    select *,
      case when state < 4 then ended_ms end as closed_ms,
      case when state < 4 then 'done' end as closed_reason,
      case when state < 4 then ended_ms else created_ms end as updated_ms,
      case when state = 4 or state = 5 then created_ms + 1800000
        when state < 9 then created_ms + 7776000000 end as expires_ms,
      case when state = 4 then created_ms + 1800000 end as expired_ms,
      state <> 5 and state <> 9 as sliding,
      concat(case when external_id is null then '' else concat(external_id, '%s') end, id)
        as search_ids,
      lower(%s) as search_tags
    from %s"""
        .formatted("\n", dialect.joined().formatted("tags"), tagged);
  }
}
