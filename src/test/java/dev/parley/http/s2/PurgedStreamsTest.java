package dev.parley.http.s2;

import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.session;
import static dev.parley.http.s2.S2Stream.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.http.s2.S2Messages.Input;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was opened for a session that has been purged opens nothing of the one that came after. */
class PurgedStreamsTest {
  private static void purge(String key) {
    Answer answer = Wire.request("DELETE", session(key) + "?purge=true").asAcme().send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void an_old_credential_reads_nothing_of_the_new_session(ReadFace face) {
    String key = created("read");
    S2Stream old = S2Stream.of(key, "out");
    old.write("a", "b");
    purge(key);
    assertError(face.refusal(old, "?seq_num=0"), 403, "permission_denied");
    create(key);
    S2Stream now = S2Stream.of(key, "out");
    now.write("c", "d", "e");
    assertThat(now.path()).isEqualTo(old.path());
    assertError(face.refusal(old, "?seq_num=0"), 403, "permission_denied");
    assertThat(face.read(now, "?seq_num=0&count=3&wait=0")).hasSize(3);
  }

  @Test
  void an_old_credential_writes_nothing_and_sees_no_tail() {
    String key = created("write");
    S2Stream old = S2Stream.of(key, "out");
    old.write("a");
    purge(key);
    assertError(old.append("{\"records\":[{\"body\":\"late\"}]}"), 403, "permission_denied");
    create(key);
    assertError(old.append("{\"records\":[{\"body\":\"late\"}]}"), 403, "permission_denied");
    assertError(old.request("GET", "/tail").send(), 403, "permission_denied");
    assertThat(S2Stream.of(key, "out").tail()).isZero();
  }

  @Test
  void an_open_append_session_is_ended_and_does_not_go_on_in_the_new_session() {
    String key = created("appending");
    S2Stream stream = S2Stream.of(key, "out");
    try (H2Connection connection = new H2Connection()) {
      S2Session session = S2Session.append(connection, stream);
      session.send(Input.of(new String[] {"a"}));
      assertThat(session.ack().end().seq()).isEqualTo(1);
      purge(key);
      create(key);
      session.send(Input.of(new String[] {"b"}));
      assertThat(session.terminal(403).get("code").asText()).isEqualTo("permission_denied");
    }
    assertThat(S2Stream.of(key, "out").tail()).isZero();
  }

  @Test
  void an_open_read_session_is_told_and_does_not_go_on_in_the_new_session() {
    String key = created("reading");
    S2Stream stream = S2Stream.of(key, "out");
    stream.write("a");
    try (H2Connection connection = new H2Connection()) {
      S2Session session = S2Session.read(connection, stream, "?seq_num=0");
      assertThat(session.records(1)).hasSize(1);
      purge(key);
      create(key);
      S2Stream.of(key, "out").write("b", "c", "d");
      S2Frame frame = session.next();
      while (frame != null && !frame.isTerminal()) {
        assertThat(S2Messages.Batch.decode(frame.message()).records()).isEmpty();
        frame = session.next();
      }
      assertThat(frame).isNotNull();
    }
  }
}
