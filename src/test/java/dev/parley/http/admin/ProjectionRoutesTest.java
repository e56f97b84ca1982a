package dev.parley.http.admin;

import static dev.parley.http.Fixtures.append;
import static dev.parley.http.Fixtures.close;
import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.Fixtures.records;
import static dev.parley.http.Fixtures.token;
import static dev.parley.http.admin.ProjectionFixture.ACTIVITY;
import static dev.parley.http.admin.ProjectionFixture.INDEX;
import static dev.parley.http.admin.ProjectionFixture.awaitCaughtUp;
import static dev.parley.http.admin.ProjectionFixture.done;
import static dev.parley.http.admin.ProjectionFixture.execute;
import static dev.parley.http.admin.ProjectionFixture.post;
import static dev.parley.http.admin.ProjectionFixture.rows;
import static dev.parley.http.admin.ProjectionFixture.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.journal.JournalFeed;
import dev.parley.session.SessionId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectionRoutesTest {
  private static final String SUMS =
      "select a::text from session_activity a where friendly_id = ? order by minute";
  private static final String TOTAL =
      "select sum(records_in)::text from session_activity where friendly_id = ?";
  private static final String ROW = "select s::text from session_index s where friendly_id = ?";

  /** The journal's serializer of events. */
  private static final int SERIALIZER = 8_450_001;

  private static final String APPEND =
      """
      with appended as (
        insert into event_journal (persistence_id, sequence_number, writer, write_timestamp,
          adapter_manifest, event_ser_id, event_ser_manifest, event_payload)
        values (?, 77, 'test', ?, '', ?, 'U', decode('ffffff', 'hex')) returning ordering)
      insert into event_tag (event_id, tag) select ordering, ? from appended
      """;

  @BeforeAll
  static void assumeSumsInPostgres() {
    ProjectionFixture.assumeSumsInPostgres();
  }

  @AfterEach
  void goOn() {
    done(INDEX, "resume");
    done(ACTIVITY, "resume");
  }

  @Test
  void tells_of_each_projection_and_its_slices() {
    JsonNode index = status(INDEX);
    assertThat(index.get("slices").findValuesAsText("key"))
        .containsExactly("lifecycle-0", "lifecycle-1", "lifecycle-2", "lifecycle-3");
    assertThat(index.get("paused").booleanValue()).isFalse();
    JsonNode activity = status(ACTIVITY);
    assertThat(activity.get("slices").findValuesAsText("key")).containsExactly("0", "1", "2", "3");
    assertThat(activity.get("lagSeconds").isNumber()).isTrue();
    assertThat(activity.get("slices").get(0).get("offset").isNumber()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {INDEX, ACTIVITY})
  void a_paused_projection_falls_behind_and_catches_up_when_it_is_resumed(String name) {
    assertThat(done(name, "pause").get("paused").booleanValue()).isTrue();
    for (int i = 0; i < 8; i++) {
      create(fresh("paused"));
    }
    JsonNode behind = status(name);
    assertThat(behind.get("eventsBehind").longValue()).isGreaterThanOrEqualTo(8);
    assertThat(Eventually.within(Duration.ofSeconds(5), () -> lag(name) > 0.1)).isTrue();

    assertThat(done(name, "resume").get("paused").booleanValue()).isFalse();
    awaitCaughtUp(name);
    assertThat(lag(name)).isZero();
  }

  private static double lag(String name) {
    return status(name).get("lagSeconds").doubleValue();
  }

  @Test
  void rebuilt_sums_count_each_event_once_those_that_come_meanwhile_too() throws Exception {
    List<String> ids = new ArrayList<>();
    List<String> externalIds = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String externalId = fresh("rebuilt");
      externalIds.add(externalId);
      ids.add(create(externalId).get("id").textValue());
      append(externalId, "before");
    }
    close(externalIds.get(0), "{\"reason\":\"done\"}");
    awaitCaughtUp(ACTIVITY);
    List<String> closed = rows(SUMS, ids.get(0));
    assertThat(closed).isNotEmpty();

    for (int round = 0; round < 3; round++) {
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 40; i++) {
                  append(externalIds.get(1 + i % 7), "meanwhile");
                }
              },
              task -> new Thread(task).start());
      assertThat(done(ACTIVITY, "rebuild").get("paused").booleanValue()).isFalse();
      writer.get();
    }
    awaitCaughtUp(ACTIVITY);
    assertThat(rows(SUMS, ids.get(0))).isEqualTo(closed);
    long total = 0;
    for (int i = 1; i < ids.size(); i++) {
      int written = records(externalIds.get(i), "in").size();
      assertThat(rows(TOTAL, ids.get(i))).containsExactly(Integer.toString(written));
      total += written;
    }
    assertThat(total).isEqualTo(7 + 3 * 40);
  }

  @Test
  void nothing_is_counted_while_sums_are_being_emptied() throws Exception {
    String externalId = fresh("emptied");
    String id = create(externalId).get("id").textValue();
    append(externalId, "before");
    awaitCaughtUp(ACTIVITY);
    CompletableFuture<Answer> rebuild;
    try (Connection reader = ProjectionFixture.connect();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("lock table session_turn in access share mode");
      rebuild = CompletableFuture.supplyAsync(() -> post(ACTIVITY, "rebuild"));
      assertThat(Eventually.within(Duration.ofSeconds(10), () -> isAwaited("session_turn")))
          .isTrue();
      append(externalId, "meanwhile");
      assertThat(Eventually.within(Duration.ofMillis(1_500), () -> isAwaited("session_activity")))
          .as("a slice runs")
          .isFalse();
      reader.rollback();
    }
    assertThat(rebuild.get().status()).isEqualTo(200);
    awaitCaughtUp(ACTIVITY);
    assertThat(rows(TOTAL, id)).containsExactly("2");
  }

  private static boolean isAwaited(String table) {
    try {
      String locks = "select 'x' from pg_locks where not granted and relation = ?::regclass";
      return !rows(locks, table).isEmpty();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void rows_of_a_rebuilt_index_are_written_again_and_listed_meanwhile() throws Exception {
    String externalId = fresh("indexed");
    String id = create(externalId).get("id").textValue();
    close(externalId, "{\"reason\":\"over\"}");
    awaitCaughtUp(INDEX);
    List<String> row = rows(ROW, id);
    execute("update session_index set closed_reason = 'wrong' where friendly_id = ?", id);

    done(INDEX, "rebuild");
    Answer listed =
        Wire.get("/api/v1/sessions?filter%5BexternalId%5D=" + externalId).asAcme().send();
    assertThat(listed.json().get("data").size()).as(listed.body()).isEqualTo(1);
    awaitCaughtUp(INDEX);
    assertThat(rows(ROW, id)).isEqualTo(row);
  }

  @Test
  void a_rebuild_lets_a_paused_projection_go_on() {
    done(ACTIVITY, "pause");
    assertThat(done(ACTIVITY, "rebuild").get("paused").booleanValue()).isFalse();
    awaitCaughtUp(ACTIVITY);
  }

  @Test
  void a_damaged_event_is_parked_and_those_behind_it_are_applied() throws Exception {
    SessionId nobody = SessionId.random("env_nobody");
    String tag = "lifecycle-" + Math.floorMod(nobody.friendlyId().hashCode(), 4);
    String persistenceId = "Session|" + nobody.entityId();
    execute(APPEND, persistenceId, System.currentTimeMillis(), SERIALIZER, tag);
    String behind = createInSliceOf(nobody);

    awaitCaughtUp(ACTIVITY);
    awaitCaughtUp(INDEX);
    for (String name : List.of(ACTIVITY, INDEX)) {
      assertThat(status(name).get("parked").longValue()).as(name).isPositive();
      assertThat(
              rows(
                  "select persistence_id || ' ' || sequence_number from projection_parked"
                      + " where projection = ? and persistence_id = ?",
                  name,
                  persistenceId))
          .containsExactly(persistenceId + " 77");
    }
    assertThat(rows(SUMS, behind)).isNotEmpty();
    assertThat(rows(ROW, behind)).isNotEmpty();

    execute("delete from event_journal where persistence_id = ?", persistenceId);
    for (String name : List.of(ACTIVITY, INDEX)) {
      done(name, "rebuild");
      awaitCaughtUp(name);
      assertThat(status(name).get("parked").longValue()).as(name).isZero();
    }
  }

  /** A session of which both projections read in one stream with the other one. */
  private static String createInSliceOf(SessionId other) {
    while (true) {
      String id = create(fresh("behind")).get("id").textValue();
      SessionId session = new SessionId(TestServer.ACME, id);
      if (JournalFeed.slice(session) == JournalFeed.slice(other)
          && Math.floorMod(id.hashCode(), 4) == Math.floorMod(other.friendlyId().hashCode(), 4)) {
        return id;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pause", "resume", "rebuild"})
  void an_unknown_name_is_not_found_and_the_known_ones_are_told(String operation) {
    Answer answer = post("nothing", operation);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.error()).contains("nothing", INDEX, ACTIVITY);
  }

  @Test
  void only_the_secret_key_opens_them() {
    String list = "/api/admin/projections";
    String pause = list + "/" + INDEX + "/pause";
    assertThat(Wire.get(list).send().status()).isEqualTo(401);
    assertThat(Wire.post(pause).send().status()).isEqualTo(401);
    assertThat(Wire.post(pause).as(token("admin")).send().status()).isEqualTo(401);
    assertThat(Wire.get(pause).asAcme().send().status()).isEqualTo(405);
    assertThat(status(INDEX).get("paused").booleanValue()).isFalse();
  }
}
