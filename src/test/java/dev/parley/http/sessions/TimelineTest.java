package dev.parley.http.sessions;

import static dev.parley.http.Fixtures.append;
import static dev.parley.http.Fixtures.close;
import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.Fixtures.session;
import static dev.parley.http.Fixtures.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see of a session's life, and that they may renew it. */
class TimelineTest {
  private static final String TIMEOUT = ",\"timeoutConfig\":{\"timeoutMinutes\":30}";

  private static Answer ask(String key, String query) {
    return Wire.get(session(key) + "/timeline" + query).asAcme().send();
  }

  private static JsonNode timeline(String key, String query) {
    Answer answer = ask(key, query);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  private static Answer renew(String key) {
    return Wire.post(session(key) + "/renew").asAcme().send();
  }

  private static List<String> types(JsonNode timeline) {
    return StreamSupport.stream(timeline.get("events").spliterator(), false)
        .map(event -> event.get("type").asText())
        .toList();
  }

  private static JsonNode last(JsonNode timeline, String type) {
    return timeline.get("events").get(types(timeline).lastIndexOf(type));
  }

  @Test
  void a_life_is_told_backwards() {
    String key = created("told");
    append(key, "one");
    append(key, "two");
    String waitpoint = Waits.registered(key, "out");
    append(key, "three");
    close(key, "{\"reason\":\"all said\"}");
    JsonNode timeline = timeline(key, "");
    assertThat(types(timeline))
        .containsSubsequence("closed", "records", "waitpoint", "records", "created");
    assertThat(last(timeline, "closed").get("reason").asText()).isEqualTo("all said");
    assertThat(last(timeline, "records").get("commits").asInt()).isEqualTo(2);
    JsonNode in = last(timeline, "records").get("streams").get(0);
    assertThat(in.get("channel").isNull()).isTrue();
    assertThat(in.get("direction").asText()).isEqualTo("in");
    assertThat(in.get("firstSeq").asLong()).isZero();
    assertThat(in.get("endSeq").asLong()).isEqualTo(2);
    assertThat(in.get("records").asInt()).isEqualTo(2);
    assertThat(in.get("bytes").asLong()).isPositive();
    assertThat(last(timeline, "waitpoint").get("id").asText()).isEqualTo(waitpoint);
    assertThat(last(timeline, "waitpoint").at("/stream/direction").asText()).isEqualTo("out");
    assertThat(last(timeline, "created").get("taskIdentifier").asText()).isEqualTo("my-agent");
    assertThat(timeline.get("next").isNull()).isTrue();
    assertThat(timeline.at("/channels/in/nextSeq").asLong()).isGreaterThanOrEqualTo(3);
    assertThat(timeline.at("/channels/out/nextSeq").asLong()).isZero();
    assertThat(timeline.get("lifetime").isNull()).isTrue();
  }

  @Test
  void parts_together_tell_it_whole_and_once() {
    String key = created("parts");
    for (int i = 0; i < 5; i++) {
      String update = "{\"tags\":[\"" + i + "\"]}";
      Wire.patch(session(key)).asAcme().body(update).send();
    }
    List<Long> versions = new ArrayList<>();
    JsonNode next = timeline(key, "?limit=2");
    versions.addAll(versions(next));
    while (!next.get("next").isNull()) {
      next = timeline(key, "?limit=2&before=" + next.get("next").asLong());
      versions.addAll(versions(next));
    }
    assertThat(versions).isEqualTo(versions(timeline(key, "?limit=500"))).hasSize(6);
  }

  private static List<Long> versions(JsonNode timeline) {
    return StreamSupport.stream(timeline.get("events").spliterator(), false)
        .map(event -> event.get("version").asLong())
        .toList();
  }

  @Test
  void a_life_before_a_purge_is_not_told() {
    String key = created("purged");
    append(key, "gone");
    String purge = session(key) + "?purge=true";
    assertThat(Wire.request("DELETE", purge).asAcme().send().status()).isEqualTo(200);
    assertThat(ask(key, "").status()).isEqualTo(404);
    create(key);
    assertThat(types(timeline(key, ""))).containsExactly("created");
  }

  @ParameterizedTest
  @ValueSource(strings = {"?limit=0", "?limit=501", "?limit=x", "?before=0", "?before=-1"})
  void a_bad_part_is_refused(String query) {
    Answer answer = ask(created("bad"), query);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo("Query Error");
  }

  @Test
  void only_the_secret_key_of_the_environment_shows_or_renews_it() {
    String key = created("mine");
    String all = token("admin:sessions:" + key, "read:sessions:" + key, "write:sessions:" + key);
    for (Wire request :
        List.of(
            Wire.get(session(key) + "/timeline").as(all),
            Wire.post(session(key) + "/renew").as(all))) {
      assertThat(request.send().status()).isEqualTo(401);
    }
    assertThat(Wire.get(session(key) + "/timeline").as(TestServer.GLOBEX_KEY).send().status())
        .isEqualTo(404);
    assertThat(Wire.post(session(key) + "/renew").as(TestServer.GLOBEX_KEY).send().status())
        .isEqualTo(404);
  }

  @Test
  void a_renewal_moves_the_end() {
    String key = fresh("renewed");
    JsonNode before = create(key, TIMEOUT);
    Answer answer = renew(key);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().get("renewalCount").asInt()).isEqualTo(1);
    assertThat(answer.json().get("expiresAt").asText())
        .isGreaterThan(before.get("expiresAt").asText());
    JsonNode timeline = timeline(key, "");
    assertThat(last(timeline, "renewed").get("cause").asText()).isEqualTo("manual");
    assertThat(timeline.get("lifetime")).isEqualTo(answer.json());
    assertThat(timeline.at("/lifetime/timeoutMinutes").asDouble()).isEqualTo(30);
  }

  @Test
  void what_can_not_be_renewed_says_why() {
    assertThat(renew(created("endless")).error())
        .isEqualTo("The session has no timeout that could be renewed");
    String closed = fresh("closed");
    create(closed, TIMEOUT);
    close(closed, "{}");
    assertThat(renew(closed).status()).isEqualTo(409);
    assertThat(renew(closed).error()).isEqualTo("Cannot renew a closed session");
    assertThat(renew(fresh("nobody")).status()).isEqualTo(404);
  }
}
