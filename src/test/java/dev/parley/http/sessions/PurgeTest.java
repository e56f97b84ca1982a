package dev.parley.http.sessions;

import static dev.parley.http.Fixtures.append;
import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.close;
import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.createBody;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.Fixtures.records;
import static dev.parley.http.Fixtures.session;
import static dev.parley.http.Fixtures.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.StoredText;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.SseReader;
import dev.parley.http.Wire;
import dev.parley.journal.StoredSessionId;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code DELETE /api/v1/sessions/:session?purge=true}: what it takes, and from whom. */
class PurgeTest {
  private static final StoredText STORED = new StoredText(TestServer.database());

  private static Answer purge(String key) {
    return Wire.request("DELETE", session(key) + "?purge=true").asAcme().send();
  }

  private static JsonNode purged(String key) {
    Answer answer = purge(key);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().get("purged").booleanValue()).isTrue();
    assertThat(answer.json().get("remaining").asLong(-1)).isZero();
    return answer.json();
  }

  private static SessionId id(String externalId) {
    return SessionId.ofExternal(TestServer.ACME, externalId);
  }

  /** Enough for a snapshot, or more than one. */
  private static void appendMuch(String externalId, String text) throws Exception {
    RecordContent large = RecordContent.of(Bytes.utf8(text.repeat(900_000 / text.length())));
    for (int i = 0; i < 12; i++) {
      assertThat(
              TestServer.sessions()
                  .ask(id(externalId), Append.single(Channel.OUT, large, null))
                  .toCompletableFuture()
                  .get(20, TimeUnit.SECONDS))
          .isInstanceOf(SessionReply.Appended.class);
    }
  }

  @Test
  void nothing_of_the_session_is_left_in_any_table() throws Exception {
    String marker = fresh("marker");
    String key = fresh("external");
    JsonNode row =
        create(
            key,
            ",\"tags\":[\"%1$s\"],\"metadata\":{\"a\":\"%1$s\"},\"expiresAt\":\"2099-01-01T00:00:00Z\""
                .formatted(marker));
    String friendlyId = row.get("id").asText();
    append(key, marker);
    Wire.post(channel(key, "channels/side/in/append"))
        .asAcme()
        .header("X-Part-Id", marker)
        .body(marker)
        .send();
    Waits.registered(key, "out", ",\"timeout\":\"1h\",\"tags\":[\"%s\"]".formatted(marker));
    appendMuch(key, marker);
    assertThat(Eventually.within(Duration.ofSeconds(10), () -> STORED.find(marker).size() >= 4))
        .as("in journal, snapshot and index")
        .isTrue();
    assertThat(STORED.find(key)).hasSizeGreaterThanOrEqualTo(3);
    assertThat(STORED.find(friendlyId)).hasSizeGreaterThanOrEqualTo(4);

    JsonNode proof = purged(key);
    assertThat(proof.get("id").asText()).isEqualTo(friendlyId);
    JsonNode removed = proof.get("removed");
    // in: 1 and the wake-up of the close; side: 1; out: 12; lifecycle: created, deleted.
    assertThat(removed.get("records").longValue()).isEqualTo(2 + 1 + 12 + 2);
    assertThat(removed.get("streams").longValue()).isEqualTo(4);
    assertThat(removed.get("events").longValue()).isGreaterThanOrEqualTo(17);
    assertThat(removed.get("snapshots").longValue()).isEqualTo(1);
    assertThat(removed.get("indexRows").longValue()).isEqualTo(1);
    assertThat(removed.get("dueTimes").longValue()).isEqualTo(1);

    assertThat(STORED.find(marker)).isEmpty();
    assertThat(STORED.find(key)).isEmpty();
    // The friendly id is a hash of the external one. It names the keys of rows of the last hour,
    // which hold nothing, the last of them for good, and the note that the others are to go.
    String keys =
        STORED.value(
            "select count(*) from event_journal where persistence_id = ?",
            StoredSessionId.of(id(key)));
    assertThat(STORED.find(friendlyId))
        .containsExactly("event_journal.persistence_id " + keys, "session_purge.friendly_id 1");
    assertThat(
            STORED.value(
                "select count(distinct event_payload) || ' ' || max(octet_length(event_payload))"
                    + " || ' ' || min(event_ser_manifest) || max(event_ser_manifest)"
                    + " from event_journal where persistence_id = ?",
                StoredSessionId.of(id(key))))
        .as("rows that all say when it was purged")
        .matches("[12] 9 GG");
    assertThat(
            STORED.value(
                "select count(*) from event_tag join event_journal on ordering = event_id"
                    + " where persistence_id = ?",
                StoredSessionId.of(id(key))))
        .isEqualTo("1");
  }

  @Test
  void a_session_purged_right_behind_its_creation_does_not_come_back() {
    for (int i = 0; i < 10; i++) {
      String key = created("brief");
      purged(key);
      assertThat(STORED.value("select count(*) from session_index where external_id = ?", key))
          .isEqualTo("0");
    }
  }

  @Test
  void every_face_of_a_purged_session_says_that_there_is_none() {
    String key = created("gone");
    append(key, "x");
    String waitpoint = Waits.registered(key, "out");
    String friendlyId = purged(key).get("id").asText();
    for (String name : List.of(key, friendlyId)) {
      assertThat(Wire.get(session(name)).asAcme().send().status()).isEqualTo(404);
      assertThat(append(name, "y").status()).isEqualTo(404);
      assertThat(close(name, "{}").status()).isEqualTo(404);
      assertThat(purge(name).status()).isEqualTo(404);
    }
    assertThat(Wire.get(Waits.path(waitpoint)).asAcme().send().status()).isEqualTo(404);
    assertThat(
            Wire.get(Fixtures.SESSIONS + "?filter%5BexternalId%5D=" + key)
                .asAcme()
                .send()
                .json()
                .get("data"))
        .isEmpty();
  }

  @Test
  void a_session_that_is_created_anew_begins_with_empty_streams() {
    String key = created("again");
    append(key, "old");
    append(key, "old");
    purged(key);
    JsonNode row = create(key);
    assertThat(row.get("isCached").booleanValue()).isFalse();
    Answer appended = append(key, "new");
    assertThat(appended.json().get("seq").asLong(-1)).isZero();
    assertThat(records(key, "in")).hasSize(1);
    assertThat(records(key, "in").get(0).get("data").asText()).isEqualTo("new");
    assertThat(records(key, "channels/lifecycle/out")).hasSize(1);
    purged(key);
    assertThat(purge(key).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"closed", "expired", "without a row"})
  void ended_sessions_and_streams_without_a_row_are_purged_too(String kind) throws Exception {
    String key = fresh("ended");
    if (kind.equals("without a row")) {
      TestServer.sessions()
          .ask(
              id(key),
              new Append(
                  Channel.IN,
                  List.of(
                      new dev.parley.session.SessionCommand.Draft(
                          null, RecordContent.of(Bytes.utf8("x")))),
                  null,
                  null,
                  null,
                  false))
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
    } else {
      create(
          key,
          kind.equals("expired")
              ? ",\"expiresAt\":\"%s\"".formatted(Instant.now().minusSeconds(9))
              : "");
      close(key, "{\"reason\":\"done\"}");
    }
    assertThat(purged(key).get("removed").get("records").longValue()).isPositive();
    assertThat(purge(key).status()).isEqualTo(404);
  }

  @Test
  void only_the_secret_key_purges() {
    String key = created("kept");
    Answer token = Wire.request("DELETE", session(key) + "?purge=true").as(token("admin")).send();
    assertThat(token.status()).isEqualTo(403);
    assertThat(token.error()).contains("secret key");
    Answer stranger =
        Wire.request("DELETE", session(key) + "?purge=true").as(TestServer.GLOBEX_KEY).send();
    assertThat(stranger.status()).isEqualTo(404);
    assertThat(Wire.request("DELETE", session(key) + "?purge=true").send().status()).isEqualTo(401);
    assertThat(Wire.request("DELETE", session(key) + "?purge=yes").asAcme().send().status())
        .isEqualTo(405);
    assertThat(purge(fresh("nobody")).status()).isEqualTo(404);
    assertThat(purge("session_nothing").status()).isEqualTo(404);
    assertThat(Wire.get(session(key)).asAcme().send().status()).isEqualTo(200);
  }

  @Test
  void readers_see_the_close_and_are_told_the_end_and_waiters_end() throws Exception {
    String key = created("watched");
    append(key, "first");
    String onIn = Waits.registered(key, "in", ",\"lastSeqNum\":0");
    String onOut = Waits.registered(key, "out");
    CompletableFuture<Answer> polled =
        Wire.get(Waits.path(onOut) + "?wait=30").asAcme().sendAsync();
    CompletableFuture<Answer> completed =
        Wire.get(Waits.path(onIn) + "?wait=30").asAcme().sendAsync();
    try (SseReader in = SseReader.open(Wire.get(channel(key, "in")).asAcme());
        SseReader life =
            SseReader.open(Wire.get(channel(key, "channels/lifecycle/out")).asAcme())) {
      assertThat(in.records(1)).hasSize(1);
      assertThat(life.records(1)).hasSize(1);
      purged(key);
      assertThat(in.records(1).get(0).toString()).contains("trigger").contains("close");
      assertThat(life.records(1).get(0).toString()).contains("deleted");
      for (SseReader reader : List.of(in, life)) {
        List<String> names = new ArrayList<>();
        for (SseReader.Event event = reader.next(); event != null; event = reader.next()) {
          names.add(event.name() + " " + event.data());
        }
        assertThat(names).last().asString().startsWith("error").contains("purged");
      }
    }
    assertThat(completed.get(10, TimeUnit.SECONDS).json().get("status").asText())
        .isEqualTo("COMPLETED");
    assertThat(polled.get(10, TimeUnit.SECONDS).status()).isEqualTo(404);
  }

  /** Four writers append and create anew whenever the session is gone, while it is purged. */
  @Test
  void no_record_that_was_acknowledged_behind_a_purge_is_lost() throws Exception {
    String key = created("contested");
    Map<String, Long> began = new ConcurrentHashMap<>();
    List<Long> purgedAt = new ArrayList<>();
    CompletableFuture<Void> purging = new CompletableFuture<>();
    List<CompletableFuture<Void>> writers =
        IntStream.range(0, 4)
            .mapToObj(
                writer ->
                    CompletableFuture.runAsync(
                        () -> write(key, writer, began, purging),
                        command -> new Thread(command).start()))
            .toList();
    for (int i = 0; i < 5; i++) {
      int enough = began.size() + 40;
      assertThat(Eventually.within(Duration.ofSeconds(20), () -> began.size() >= enough)).isTrue();
      purged(key);
      purgedAt.add(System.nanoTime());
    }
    int enough = began.size() + 40;
    assertThat(Eventually.within(Duration.ofSeconds(20), () -> began.size() >= enough)).isTrue();
    purging.complete(null);
    for (CompletableFuture<Void> writer : writers) {
      writer.get(20, TimeUnit.SECONDS);
    }
    JsonNode left = records(key, "in");
    List<String> texts = left.findValuesAsText("data");
    assertThat(StreamSupport.stream(left.spliterator(), false).map(r -> r.get("seqNum").asLong()))
        .containsExactlyElementsOf(
            IntStream.range(0, left.size()).mapToObj(Long::valueOf).toList());
    long last = purgedAt.get(purgedAt.size() - 1);
    List<String> since =
        began.entrySet().stream()
            .filter(record -> record.getValue() - last > 0)
            .map(Map.Entry::getKey)
            .toList();
    assertThat(since).hasSizeGreaterThan(20);
    assertThat(texts).containsAll(since).doesNotHaveDuplicates();
  }

  /** Notes of each acknowledged record when its append began. */
  private static void write(
      String key, int writer, Map<String, Long> began, CompletableFuture<Void> end) {
    for (int i = 0; !end.isDone(); i++) {
      long begin = System.nanoTime();
      String text = writer + "/" + i;
      Answer answer = append(key, text);
      if (answer.status() == 200) {
        began.put(text, begin);
      } else {
        assertThat(answer.status()).as(answer.body()).isIn(404, 409);
        Wire.post(Fixtures.SESSIONS).asAcme().body(createBody(key)).send();
      }
    }
  }
}
