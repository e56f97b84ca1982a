package dev.parley.http.sessions;

import static dev.parley.http.Fixtures.SESSIONS;
import static dev.parley.http.Fixtures.close;
import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.createBody;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.Fixtures.session;
import static dev.parley.http.Fixtures.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures of sessions over HTTP. The sessions of this test have a tag of their own. */
class StatsTest {
  private static final String STATS = SESSIONS + "/stats";
  private static final String TAG = fresh("stats");
  private static final String OURS = "&filter%5Btags%5D=" + TAG;
  private static final List<String> FIGURES =
      List.of(
          "created", "active", "expired", "closed", "messages", "records", "bytes", "medianTurnMs");

  @BeforeAll
  static void four_sessions() {
    for (int i = 0; i < 4; i++) {
      String more = ",\"tags\":[\"" + TAG + "\"" + (i == 0 ? "" : ",\"" + TAG + "-b\"") + "]";
      create(TAG + "-" + i, more + (i == 1 ? ",\"expiresAt\":1" : ""));
    }
    close(TAG + "-2", "{}");
    Instant limit = Instant.now().plusSeconds(5);
    while (!sessionsByKey("groupBy=status")
        .equals(Map.of("ACTIVE", 2, "CLOSED", 1, "EXPIRED", 1))) {
      assertThat(Instant.now()).isBefore(limit);
    }
  }

  static Stream<Arguments> groups() {
    return Stream.of(
        arguments("period=1h", List.of("null=4")),
        arguments("groupBy=type", List.of("chat=4")),
        arguments("groupBy=taskIdentifier", List.of("my-agent=4")),
        arguments("groupBy=tag", List.of(TAG + "=4", TAG + "-b=3")),
        arguments("groupBy=agent", List.of("null=4")),
        arguments("groupBy=user", List.of("null=4")),
        arguments("groupBy=status", List.of("ACTIVE=2", "CLOSED=1", "EXPIRED=1")),
        arguments("groupBy=status&filter%5Bstatus%5D=CLOSED", List.of("CLOSED=1")),
        arguments("groupBy=type&filter%5BexternalId%5D=" + TAG + "-3", List.of("chat=1")),
        arguments("groupBy=tag&filter%5Btype%5D=other", List.of()),
        arguments("period=1h&filter%5Btype%5D=other", List.of("null=0")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("groups")
  void sessions_are_counted_in_groups_largest_first(String query, List<String> wanted) {
    assertThat(sessionsByKey(query).entrySet()).extracting(Object::toString).isEqualTo(wanted);
  }

  @Test
  void the_answer_has_all_its_members() {
    JsonNode answer = ask("groupBy=tag" + OURS).json();
    assertThat(answer.fieldNames())
        .toIterable()
        .containsExactly("from", "to", "bucketSeconds", "groupBy", "groups");
    assertThat(answer.get("groupBy").asText()).isEqualTo("tag");
    assertThat(ask("period=1d" + OURS).json().get("groupBy").isNull()).isTrue();
    for (JsonNode group : answer.get("groups")) {
      assertThat(group.fieldNames())
          .toIterable()
          .containsExactly("key", "sessions", "total", "series");
      figures(group.get("total"));
      for (JsonNode bucket : group.get("series")) {
        Instant at = Instant.parse(bucket.get("at").asText());
        assertThat(at).isBetween(time(answer, "from"), time(answer, "to"));
        figures(bucket);
      }
    }
  }

  private static void figures(JsonNode figures) {
    for (String name : FIGURES) {
      JsonNode figure = figures.get(name);
      assertThat(figure).as(name).isNotNull();
      assertThat(figure.isIntegralNumber() || name.equals("medianTurnMs") && figure.isNull())
          .as(name)
          .isTrue();
    }
  }

  static Stream<Arguments> spans() {
    return Stream.of(
        arguments("groupBy=type", "PT15M", 96),
        arguments("period=1m", "PT1M", 1),
        arguments("period=61s", "PT1M", 2),
        arguments("period=2h", "PT1M", 120),
        arguments("period=121m", "PT5M", 25),
        arguments("period=10h", "PT5M", 120),
        arguments("period=1.5%20days", "PT1H", 36),
        arguments("period=5d", "PT1H", 120),
        arguments("period=7d", "PT6H", 28),
        arguments("period=30d", "PT6H", 120),
        arguments("period=31d", "PT24H", 31),
        arguments("period=120d", "PT24H", 120),
        arguments("period=400d", "PT168H", 58));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spans")
  void a_period_is_cut_into_buckets_and_the_present_is_in_the_last(
      String query, Duration bucket, int count) {
    Instant before = Instant.now();
    JsonNode answer = ask(query + OURS).json();
    Instant to = time(answer, "to");
    assertThat(answer.get("bucketSeconds").asLong()).isEqualTo(bucket.toSeconds());
    assertThat(to.getEpochSecond() % bucket.toSeconds()).isZero();
    assertThat(Duration.between(time(answer, "from"), to)).isEqualTo(bucket.multipliedBy(count));
    assertThat(to).isAfter(before).isBeforeOrEqualTo(Instant.now().plus(bucket));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "groupBy=",
        "groupBy=Type",
        "groupBy=none",
        "groupBy=type%00",
        "groupBy=type,tag",
        "groupBy=friendly_id",
        "period=",
        "period=soon",
        "period=-1h",
        "period=59s",
        "period=0m",
        "period=401d",
        "period=9600.001h",
        "period=99999y",
        "groupBy=type&period=x",
        "groupBy=type&filter%5Bstatus%5D=OPEN",
        "groupBy=type&filter%5BcreatedAt%5D%5Bfrom%5D=yesterday"
      })
  void a_bad_query_is_refused(String query) {
    Answer answer = Wire.get(STATS + "?" + query).asAcme().send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo("Query Error");
    assertThat(answer.json().get("details")).hasSize(1);
  }

  @Test
  void all_that_is_wrong_is_told_at_once() {
    String query = "?groupBy=x&period=y&filter%5Bstatus%5D=z&filter%5BcreatedAt%5D%5Bto%5D=-1";
    JsonNode details = Wire.get(STATS + query).asAcme().send().json().get("details");
    assertThat(details).hasSize(4);
    assertThat(details.findValuesAsText("message"))
        .anyMatch(text -> text.startsWith("groupBy must be one of type, taskIdentifier, tag"))
        .anyMatch(text -> text.startsWith("period must be a span from 1m to 400d"));
  }

  static Stream<Arguments> scopes() {
    String task = "&filter%5BtaskIdentifier%5D=my-agent";
    return Stream.of(
        arguments("read:sessions", "", 200),
        arguments("read:tasks", "", 200),
        arguments("admin", "", 200),
        arguments("read:tasks:my-agent", task, 200),
        arguments("read:tasks:my-agent", task + ",b", 403),
        arguments("read:tasks:my-agent", "", 403),
        arguments("read:tasks:other", task, 403),
        arguments("read:sessions:stats", "", 403),
        arguments("write:sessions", "", 403));
  }

  @ParameterizedTest(name = "{0}{1}: {2}")
  @MethodSource("scopes")
  void a_token_may_read_figures_when_it_may_list(String scope, String filter, int status) {
    Answer answer = Wire.get(STATS + "?groupBy=type" + filter).as(token(scope)).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
  }

  @Test
  void nobody_reads_figures_without_a_credential() {
    assertThat(Wire.get(STATS + "?groupBy=type").send().status()).isEqualTo(401);
  }

  @Test
  void a_tenant_has_figures_of_its_own_only() {
    Answer foreign = Wire.get(STATS + "?period=1h" + OURS).as(TestServer.GLOBEX_KEY).send();
    assertThat(foreign.status()).isEqualTo(200);
    assertThat(foreign.json().at("/groups/0/sessions").asInt()).isZero();
    foreign = Wire.get(STATS + "?groupBy=tag").as(TestServer.GLOBEX_KEY).send();
    assertThat(foreign.status()).isEqualTo(200);
    assertThat(foreign.body()).doesNotContain(TAG);
  }

  @Test
  void a_session_named_stats_is_retrieved_unless_figures_are_asked_for() {
    Answer made = Wire.post(SESSIONS).asAcme().body(createBody("stats")).send();
    assertThat(made.status()).as(made.body()).isIn(200, 201);
    for (String query : List.of("", "?", "?groupby=type", "?filter%5Btype%5D=chat")) {
      Answer retrieved = Wire.get(STATS + query).as(token("read:sessions:stats")).send();
      assertThat(retrieved.status()).as(retrieved.body()).isEqualTo(200);
      assertThat(retrieved.json().path("externalId").asText()).as(query).isEqualTo("stats");
    }
    for (String query : List.of("?groupBy=type", "?period=1h", "?period=1h&groupBy=tag")) {
      assertThat(ask(query.substring(1)).json().has("groups")).as(query).isTrue();
    }
    String friendly = STATS.replace("stats", made.json().get("id").asText());
    assertThat(Wire.get(friendly + "?groupBy=type").asAcme().send().json().has("groups")).isFalse();
  }

  @Test
  void any_other_session_is_retrieved_whatever_is_in_the_query() {
    String key = created("no-figures");
    Answer answer = Wire.get(session(key) + "?groupBy=type&period=1h").asAcme().send();
    assertThat(answer.json().path("externalId").asText()).isEqualTo(key);
  }

  /** How many of our sessions each group has, in the order of the answer. */
  private static Map<String, Integer> sessionsByKey(String query) {
    Map<String, Integer> sessions = new LinkedHashMap<>();
    StreamSupport.stream(ask(query + OURS).json().get("groups").spliterator(), false)
        .forEach(group -> sessions.put(group.get("key").asText(), group.get("sessions").asInt()));
    return sessions;
  }

  private static Answer ask(String query) {
    Answer answer = Wire.get(STATS + "?" + query).asAcme().send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static Instant time(JsonNode answer, String name) {
    return Instant.parse(answer.get(name).asText());
  }
}
