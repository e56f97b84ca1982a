package dev.parley.http.sessions;

import static dev.parley.http.Fixtures.SESSIONS;
import static dev.parley.http.Fixtures.close;
import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.fresh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** trigger.md section 3.6, over HTTP. All sessions of this test have a tag of their own. */
class ListTest {
  private static final String TAG = fresh("list");
  private static final List<String> NEWEST_FIRST = new ArrayList<>();
  private static Instant before;
  private static Instant after;

  @BeforeAll
  static void seven_sessions() {
    before = Instant.now();
    for (int i = 0; i < 7; i++) {
      String more = ",\"tags\":[\"" + TAG + "\",\"n" + i + "\",\"with,comma\"]";
      NEWEST_FIRST.add(
          create(TAG + "-" + i, more + (i == 2 ? ",\"expiresAt\":1" : ""))
              .get("externalId")
              .asText());
    }
    Collections.reverse(NEWEST_FIRST);
    close(TAG + "-1", "{}");
    after = Instant.now();
    await("", 7);
    await("&filter%5Bstatus%5D=CLOSED", 1);
  }

  private static void await(String filter, int count) {
    Instant limit = Instant.now().plusSeconds(5);
    while (ids(list(filter)).size() != count) {
      assertThat(Instant.now()).isBefore(limit);
    }
  }

  @Test
  void a_session_is_listed_within_a_second() {
    for (int i = 0; i < 3; i++) {
      String key = fresh("prompt");
      create(key);
      Instant created = Instant.now();
      while (get("?filter%5BexternalId%5D=" + key).json().get("data").isEmpty()) {
        assertThat(Duration.between(created, Instant.now())).isLessThan(Duration.ofSeconds(1));
      }
    }
  }

  static Stream<Arguments> filters() {
    return Stream.of(
        arguments("all, newest first", "", List.of(6, 5, 4, 3, 2, 1, 0)),
        arguments("status active", "&filter%5Bstatus%5D=ACTIVE", List.of(6, 5, 4, 3, 0)),
        arguments("status closed", "&filter%5Bstatus%5D=CLOSED", List.of(1)),
        arguments("status expired", "&filter%5Bstatus%5D=EXPIRED", List.of(2)),
        arguments("two statuses", "&filter%5Bstatus%5D=CLOSED,EXPIRED", List.of(2, 1)),
        arguments(
            "a repeated parameter",
            "&filter%5Bstatus%5D=CLOSED&filter%5Bstatus%5D=EXPIRED",
            List.of(2, 1)),
        arguments("external id", "&filter%5BexternalId%5D=" + TAG + "-4", List.of(4)),
        arguments("unknown external id", "&filter%5BexternalId%5D=none", List.of()),
        arguments("type", "&filter%5Btype%5D=other,chat", List.of(6, 5, 4, 3, 2, 1, 0)),
        arguments("another type", "&filter%5Btype%5D=other", List.of()),
        arguments("task", "&filter%5BtaskIdentifier%5D=my-agent", List.of(6, 5, 4, 3, 2, 1, 0)),
        arguments("another task", "&filter%5BtaskIdentifier%5D=x,y", List.of()),
        arguments("period", "&filter%5BcreatedAt%5D%5Bperiod%5D=1h", List.of(6, 5, 4, 3, 2, 1, 0)),
        arguments("from", "&filter%5BcreatedAt%5D%5Bfrom%5D=99999999999999", List.of()),
        arguments("to", "&filter%5BcreatedAt%5D%5Bto%5D=1", List.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("filters")
  void a_filter_lets_pass_what_fits(String name, String query, List<Integer> wanted) {
    assertThat(ids(list(query))).isEqualTo(wanted.stream().map(i -> TAG + "-" + i).toList());
  }

  @Test
  void bounds_of_creation_are_inclusive() {
    JsonNode row = list("").json().get("data").get(3);
    long at = Instant.parse(row.get("createdAt").asText()).toEpochMilli();
    String both = "&filter%5BcreatedAt%5D%5Bfrom%5D=" + at + "&filter%5BcreatedAt%5D%5Bto%5D=" + at;
    assertThat(ids(list(both))).contains(row.get("externalId").asText());
    assertThat(
            ids(
                list(
                    "&filter%5BcreatedAt%5D%5Bfrom%5D="
                        + before.toEpochMilli()
                        + "&filter%5BcreatedAt%5D%5Bto%5D="
                        + after.toEpochMilli())))
        .hasSize(7);
  }

  @Test
  void a_tag_of_several_fits() {
    assertThat(ids(get("?filter%5Btags%5D=" + TAG + "&page%5Bsize%5D=100"))).hasSize(7);
    Answer any = get("?filter%5Btags%5D=" + TAG + ",nothing&page%5Bsize%5D=100");
    assertThat(ids(any)).hasSize(7);
  }

  @Test
  void pages_go_forward_to_the_end() {
    List<String> seen = new ArrayList<>();
    String cursor = "";
    int pages = 0;
    while (cursor != null) {
      Answer page = list("&page%5Bsize%5D=3" + cursor);
      JsonNode pagination = page.json().get("pagination");
      assertThat(pagination.has("previous")).isEqualTo(pages > 0);
      seen.addAll(ids(page));
      cursor =
          pagination.has("next") ? "&page%5Bafter%5D=" + pagination.get("next").asText() : null;
      pages++;
    }
    assertThat(pages).isEqualTo(3);
    assertThat(seen).isEqualTo(NEWEST_FIRST);
  }

  @Test
  void a_page_goes_back_to_its_newer_neighbours() {
    Answer first = list("&page%5Bsize%5D=3");
    Answer second =
        list("&page%5Bsize%5D=3&page%5Bafter%5D=" + first.json().at("/pagination/next").asText());
    String previous = second.json().at("/pagination/previous").asText();
    Answer back = list("&page%5Bsize%5D=2&page%5Bbefore%5D=" + previous);
    assertThat(ids(back)).isEqualTo(NEWEST_FIRST.subList(1, 3));
    assertThat(back.json().at("/pagination").has("previous")).isTrue();
    assertThat(back.json().at("/pagination").has("next")).isTrue();
    assertThat(
            list("&page%5Bsize%5D=3&page%5Bbefore%5D=" + previous)
                .json()
                .at("/pagination")
                .has("previous"))
        .isFalse();
  }

  @Test
  void the_keys_of_a_listed_session_are_there() {
    JsonNode row = list("").json().get("data").get(0);
    for (String key :
        List.of(
            "id",
            "externalId",
            "type",
            "taskIdentifier",
            "tags",
            "metadata",
            "closedAt",
            "closedReason",
            "expiresAt",
            "createdAt",
            "updatedAt")) {
      assertThat(row.has(key)).as(key).isTrue();
    }
  }

  @Test
  void a_tenant_lists_its_own_only() {
    Answer foreign =
        Wire.get(SESSIONS + "?filter%5Btags%5D=" + TAG).as(TestServer.GLOBEX_KEY).send();
    assertThat(foreign.json().get("data")).isEmpty();
    String cursor = list("&page%5Bsize%5D=1").json().at("/pagination/next").asText();
    foreign = Wire.get(SESSIONS + "?page%5Bafter%5D=" + cursor).as(TestServer.GLOBEX_KEY).send();
    assertThat(foreign.status()).isEqualTo(200);
    assertThat(foreign.body()).doesNotContain(TAG);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "page%5Bsize%5D=0",
        "page%5Bsize%5D=101",
        "page%5Bsize%5D=-1",
        "page%5Bsize%5D=x",
        "page%5Bsize%5D=1.5",
        "page%5Bsize%5D=",
        "page%5Bsize%5D=99999999999",
        "page%5Bafter%5D=made-up",
        "page%5Bafter%5D=",
        "page%5Bbefore%5D=AAAA",
        "page%5Bafter%5D=%00",
        "page%5Bafter%5D=________________________________",
        "filter%5Bstatus%5D=OPEN",
        "filter%5Bstatus%5D=active",
        "filter%5Bstatus%5D=ACTIVE,X",
        "filter%5BcreatedAt%5D%5Bperiod%5D=soon",
        "filter%5BcreatedAt%5D%5Bperiod%5D=",
        "filter%5BcreatedAt%5D%5Bperiod%5D=-1h",
        "filter%5BcreatedAt%5D%5Bperiod%5D=99999y",
        "filter%5BcreatedAt%5D%5Bfrom%5D=yesterday",
        "filter%5BcreatedAt%5D%5Bto%5D=-1",
        "filter%5BcreatedAt%5D%5Bto%5D=99999999999999999999"
      })
  void a_bad_query_is_refused(String query) {
    Answer answer = get("?" + query);
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo("Query Error");
    assertThat(answer.json().get("details")).isNotEmpty();
  }

  @Test
  void two_cursors_exclude_each_other() {
    String cursor = list("&page%5Bsize%5D=1").json().at("/pagination/next").asText();
    Answer answer = get("?page%5Bafter%5D=" + cursor + "&page%5Bbefore%5D=" + cursor);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo("Query Error");
  }

  private static Answer list(String query) {
    return get("?filter%5Btags%5D=" + TAG + query);
  }

  private static Answer get(String query) {
    return Wire.get(SESSIONS + query).asAcme().send();
  }

  private static List<String> ids(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return StreamSupport.stream(answer.json().get("data").spliterator(), false)
        .map(row -> row.get("externalId").asText())
        .toList();
  }
}
