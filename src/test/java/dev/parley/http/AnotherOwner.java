package dev.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.TestServer;
import dev.parley.entity.SessionEntity;
import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.EventCodec;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.StreamAppend;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.List;

/** A second owner of a session of the test server, which should never be. */
public final class AnotherOwner {
  private AnotherOwner() {}

  /** Writes a record into the journal, behind the back of the session's real owner. */
  public static void write(SessionId id, Channel channel, long seq, Bytes body) throws Exception {
    SessionEvent event =
        new SessionEvent.RecordsAppended(
            List.of(
                new StreamAppend(
                    channel,
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
