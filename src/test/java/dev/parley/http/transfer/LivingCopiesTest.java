package dev.parley.http.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import dev.parley.TestServer;
import dev.parley.entity.Inspection;
import dev.parley.entity.ReadEvent;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import dev.parley.http.messaging.Messaging;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.RecordContent;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A session goes on where its copy was made, for all who have to do with it. */
class LivingCopiesTest {
  private static final ActorSystem<Void> READERS =
      ActorSystem.create(
          Behaviors.empty(), "readers", ConfigFactory.parseString("pekko.actor.provider = local"));

  @AfterAll
  static void stopReaders() {
    READERS.terminate();
  }

  private static JsonNode send(String id, String content) {
    Answer answer =
        Wire.post(Messaging.session(id) + "/messages")
            .body("{\"content\":\"" + content + "\",\"transport\":\"http\"}")
            .send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json();
  }

  @Test
  void a_conversation_has_its_history_and_its_agent_answers() {
    String id = Messaging.created();
    send(id, "one");
    send(id, "two");
    JsonNode history = Messaging.ok(Wire.get(Messaging.session(id) + "/messages"));
    assertThat(history.get("messages").size()).isEqualTo(4);
    JsonNode before = Messaging.get(id);
    List<String> lines = Copied.export("id=" + id);
    Copied.purge(SessionId.ofExternal(TestServer.ACME, id));
    assertThat(Wire.get(Messaging.session(id)).send().status()).isEqualTo(404);
    assertThat(Copied.loaded(lines).get("restored").asInt()).isEqualTo(1);
    assertThat(Messaging.ok(Wire.get(Messaging.session(id) + "/messages"))).isEqualTo(history);
    JsonNode after = Messaging.get(id);
    for (String field : List.of("createdAt", "lastActivity", "expiresAt", "renewalCount")) {
      assertThat(after.get(field)).as(field).isEqualTo(before.get(field));
    }
    assertThat(send(id, "three").at("/agentResponse/text").textValue()).isEqualTo("three");
    assertThat(Messaging.ok(Wire.get(Messaging.session(id) + "/messages")).get("messages").size())
        .isEqualTo(6);
  }

  @Test
  void who_waits_for_records_gets_those_that_are_restored() throws Exception {
    String key = Fixtures.fresh("awaited");
    Fixtures.create(key);
    Fixtures.append(key, "one");
    List<String> lines = Copied.export("id=" + key);
    SessionId session = SessionId.ofExternal(TestServer.ACME, key);
    Copied.purge(session);
    Inspection nothing =
        TestServer.sessions().inspect(session, Channel.IN).toCompletableFuture().join();
    BlockingQueue<SequencedRecord> read = new LinkedBlockingQueue<>();
    TestServer.sessions()
        .followToTheEnd(session, Channel.IN, 0, nothing, Duration.ofMinutes(5))
        .runForeach(
            event -> {
              if (event instanceof ReadEvent.Batch batch) {
                read.addAll(batch.records().records());
              }
            },
            READERS);
    Copied.loaded(lines);
    SequencedRecord first = read.poll(20, TimeUnit.SECONDS);
    assertThat(first).isNotNull();
    assertThat(first.seq()).isZero();
    Copied.append(session, Channel.IN, List.of(RecordContent.of(Bytes.utf8("two"))), null);
    SequencedRecord second = read.poll(20, TimeUnit.SECONDS);
    assertThat(second).isNotNull();
    assertThat(second.content().body().utf8()).isEqualTo("two");
  }

  @Test
  void a_session_without_a_row_is_copied_by_its_id() {
    SessionId session = SessionId.random(TestServer.ACME);
    Copied.append(session, Channel.OUT, List.of(RecordContent.of(Bytes.utf8("x"))), null);
    List<String> lines = Copied.export("id=" + session.friendlyId());
    assertThat(lines).hasSizeGreaterThan(3);
    assertThat(Answer.parse(lines.get(1)).at("/session/row").isMissingNode()).isTrue();
    Copied.purge(session);
    assertThat(Copied.loaded(lines).get("restored").asInt()).isEqualTo(1);
    assertThat(Copied.content(Copied.export("id=" + session.friendlyId())))
        .isEqualTo(Copied.content(lines));
  }
}
