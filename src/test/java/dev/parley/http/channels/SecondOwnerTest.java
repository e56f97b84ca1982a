package dev.parley.http.channels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.TestServer;
import dev.parley.entity.SessionEntity;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.EventCodec;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Envelope;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.StreamAppend;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Should a session ever have two owners, the journal decides between them. */
class SecondOwnerTest {
  @Test
  void an_owner_that_was_overtaken_acknowledges_nothing_and_then_shows_what_the_other_wrote()
      throws Exception {
    String key = Fixtures.created("two-owners");
    assertThat(append(key, "first", "part-1").json().get("seq").longValue()).isZero();
    writeAsAnotherOwner(SessionId.ofExternal(TestServer.ACME, key), 1, "theirs");

    long begin = System.nanoTime();
    Answer overtaken = append(key, "mine", "part-2");
    assertThat(overtaken.status()).isEqualTo(503);
    assertThat(overtaken.header("Retry-After")).isNotNull();
    // Well below the five seconds after which the data plane's client sends again.
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));

    Answer again = append(key, "mine", "part-2");
    assertThat(again.status()).as(again.body()).isEqualTo(200);
    assertThat(again.json().get("seq").longValue()).isEqualTo(2);
    assertThat(
            Wire.get(Fixtures.channel(key, "in/records"))
                .asAcme()
                .send()
                .json()
                .get("records")
                .findValuesAsText("data"))
        .containsExactly("first", "theirs", "mine");
  }

  private static Answer append(String key, String body, String partId) {
    return Wire.post(Fixtures.channel(key, "in/append"))
        .asAcme()
        .header("X-Part-Id", partId)
        .body(body)
        .send();
  }

  private static void writeAsAnotherOwner(SessionId id, long seq, String text) throws Exception {
    Bytes body = Envelope.ofText(text.getBytes(StandardCharsets.UTF_8), "theirs");
    SessionEvent event =
        new SessionEvent.RecordsAppended(
            List.of(
                new StreamAppend(
                    Channel.IN,
                    seq,
                    List.of(new StreamAppend.Entry(0, RecordContent.of(body))),
                    null)));
    DatabaseAddress database = TestServer.database();
    String sql =
        """
        insert into event_journal (persistence_id, sequence_number, writer, write_timestamp,
          adapter_manifest, event_ser_id, event_ser_manifest, event_payload)
        select persistence_id, max(sequence_number) + 1, 'another owner', 0, '', max(event_ser_id), ?, ?
        from event_journal where persistence_id = ? group by persistence_id
        """;
    try (Connection connection =
            DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, EventCodec.manifest(event));
      insert.setBytes(2, EventCodec.encode(event));
      insert.setString(3, SessionEntity.persistenceId(id).id());
      assertThat(insert.executeUpdate()).isEqualTo(1);
    }
  }
}
