package dev.parley.http.s2;

import static dev.parley.http.Fixtures.created;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.s2.S2Messages.Ack;
import dev.parley.http.s2.S2Messages.Draft;
import dev.parley.http.s2.S2Messages.Input;
import dev.parley.http.s2.S2Messages.Sequenced;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** s2.md section 4.4, when everything is as it should be. */
class AppendSessionTest {
  private H2Connection connection;

  @BeforeEach
  void connect() {
    connection = new H2Connection();
  }

  @AfterEach
  void disconnect() {
    connection.close();
  }

  @Test
  void the_response_begins_before_anything_was_sent() {
    S2Session session = S2Session.append(connection, S2Stream.fresh("headers"));
    assertThat(session.stream().status()).isEqualTo(200);
    assertThat(session.stream().header("content-type")).isEqualTo("s2s/proto");
    assertThat(session.stream().header("content-encoding")).isEmpty();
    session.stream().end();
    assertThat(session.next()).isNull();
  }

  @Test
  void every_input_is_acknowledged_while_the_request_is_open() {
    S2Stream stream = S2Stream.fresh("duplex");
    S2Session session = S2Session.append(connection, stream);
    for (int i = 0; i < 20; i++) {
      Ack ack = session.send(Input.of("a" + i, "b" + i)).ack();
      assertThat(ack.start().seq()).isEqualTo(2 * i);
      assertThat(ack.end().seq()).isEqualTo(2 * i + 2);
      assertThat(ack.tail()).isEqualTo(ack.end());
      assertThat(ack.start().timestamp()).isPositive();
      assertThat(stream.tail()).isEqualTo(2 * i + 2);
    }
    session.stream().end();
    assertThat(session.next()).isNull();
    assertThat(session.stream().wasReset()).isFalse();
    assertThat(stream.recordsFrom(0).get(39).get("body").asText()).isEqualTo("b19");
  }

  @Test
  void pipelined_inputs_are_acknowledged_in_order() {
    S2Stream stream = S2Stream.fresh("pipelined");
    S2Session session = S2Session.append(connection, stream);
    byte[][] frames =
        IntStream.range(0, 3_000)
            .mapToObj(i -> S2Frame.of(Input.of("r" + i)))
            .toArray(byte[][]::new);
    session.stream().send(S2Frame.join(frames)).end();
    for (int i = 0; i < frames.length; i++) {
      Ack ack = session.ack();
      assertThat(ack.start().seq()).isEqualTo(i);
      assertThat(ack.end().seq()).isEqualTo(i + 1);
      assertThat(ack.tail().seq()).isGreaterThanOrEqualTo(i + 1);
    }
    assertThat(session.next()).isNull();
    List<Sequenced> records = ReadFace.SESSION.read(stream, "?seq_num=0&wait=0");
    assertThat(records).hasSize(3_000);
    for (int i = 0; i < frames.length; i++) {
      assertThat(records.get(i).seq()).isEqualTo(i);
      assertThat(records.get(i).text()).isEqualTo("r" + i);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 64, 1_000})
  void a_frame_may_be_cut_anywhere(int size) {
    S2Stream stream = S2Stream.fresh("cut");
    S2Session session = S2Session.append(connection, stream);
    byte[] frames =
        S2Frame.join(
            S2Frame.of(Input.of("first")),
            S2Frame.of(Input.of("second", "third")),
            S2Frame.of(Input.of("x".repeat(300))));
    for (int i = 0; i < frames.length; i += size) {
      session.stream().send(Arrays.copyOfRange(frames, i, Math.min(i + size, frames.length)));
    }
    assertThat(session.ack().end().seq()).isEqualTo(1);
    assertThat(session.ack().end().seq()).isEqualTo(3);
    assertThat(session.ack().end().seq()).isEqualTo(4);
    session.stream().end();
    assertThat(session.next()).isNull();
    assertThat(stream.recordsFrom(0).get(3).get("body").asText()).hasSize(300);
  }

  @Test
  void the_last_frame_may_carry_the_end_of_the_request() {
    S2Stream stream = S2Stream.fresh("last");
    S2Session session = S2Session.append(connection, stream);
    session.stream().sendLast(S2Frame.of(Input.of("only")));
    assertThat(session.ack().end().seq()).isEqualTo(1);
    assertThat(session.next()).isNull();
  }

  @Test
  void records_of_1_mib_flow() {
    S2Stream stream = S2Stream.fresh("large");
    S2Session session = S2Session.append(connection, stream);
    byte[] body = new byte[1_048_568];
    for (int i = 0; i < 12; i++) {
      Arrays.fill(body, (byte) ('a' + i));
      session.send(Input.of(Draft.of(body)));
    }
    for (int i = 0; i < 12; i++) {
      assertThat(session.ack().start().seq()).isEqualTo(i);
    }
    session.stream().end();
    assertThat(session.next()).isNull();
    List<Sequenced> last = ReadFace.PROTOBUF.read(stream, "?seq_num=11");
    assertThat(last.get(0).body().size()).isEqualTo(1_048_568);
    assertThat(last.get(0).body().byteAt(77)).isEqualTo((byte) 'l');
  }

  @Test
  void a_frame_has_at_most_2_mib() {
    S2Stream stream = S2Stream.fresh("padded");
    S2Session session = S2Session.append(connection, stream);
    byte[] input = Input.of("x").encode();
    int padding = S2Frame.MAX_LENGTH - 1 - input.length - 4;
    byte[] unknown = new byte[4 + padding];
    unknown[0] = 15 << 3 | 2;
    unknown[1] = (byte) (padding & 127 | 128);
    unknown[2] = (byte) (padding >> 7 & 127 | 128);
    unknown[3] = (byte) (padding >> 14);
    byte[] frame = S2Frame.of(S2Frame.join(input, unknown));
    assertThat(frame).hasSize(3 + S2Frame.MAX_LENGTH);
    session.stream().send(frame);
    assertThat(session.ack().end().seq()).isEqualTo(1);
  }

  @Test
  void conditions_hold_in_a_session_too() {
    S2Stream stream = S2Stream.fresh("conditions");
    S2Session session = S2Session.append(connection, stream);
    for (int i = 0; i < 50; i++) {
      session.send(Input.of("r" + i).matching(i).fencedBy(""));
    }
    for (int i = 0; i < 50; i++) {
      assertThat(session.ack().start().seq()).isEqualTo(i);
    }
  }

  @Test
  void two_sessions_interleave_batch_by_batch() {
    S2Stream stream = S2Stream.fresh("two");
    S2Session first = S2Session.append(connection, stream);
    try (H2Connection other = new H2Connection()) {
      S2Session second = S2Session.append(other, stream);
      CompletableFuture<List<Ack>> firstAcks =
          CompletableFuture.supplyAsync(() -> write(first, "a"));
      CompletableFuture<List<Ack>> secondAcks =
          CompletableFuture.supplyAsync(() -> write(second, "b"));
      List<Sequenced> records = new ArrayList<>();
      assertThat(firstAcks.join()).hasSize(100);
      assertThat(secondAcks.join()).hasSize(100);
      records.addAll(ReadFace.SESSION.read(stream, "?seq_num=0&wait=0"));
      assertThat(records).hasSize(600);
      assertWhole(records, firstAcks.join(), "a");
      assertWhole(records, secondAcks.join(), "b");
    }
  }

  private static List<Ack> write(S2Session session, String name) {
    for (int i = 0; i < 100; i++) {
      session.send(Input.of(name + i, name + i, name + i));
    }
    return IntStream.range(0, 100).mapToObj(i -> session.ack()).toList();
  }

  private static void assertWhole(List<Sequenced> records, List<Ack> acks, String name) {
    long before = -1;
    for (int i = 0; i < acks.size(); i++) {
      Ack ack = acks.get(i);
      assertThat(ack.start().seq()).isGreaterThan(before);
      assertThat(ack.end().seq()).isEqualTo(ack.start().seq() + 3);
      for (long seq = ack.start().seq(); seq < ack.end().seq(); seq++) {
        assertThat(records.get((int) seq).seq()).isEqualTo(seq);
        assertThat(records.get((int) seq).text()).isEqualTo(name + i);
      }
      before = ack.end().seq() - 1;
    }
  }

  @Test
  void many_sessions_share_a_connection() {
    List<S2Stream> streams = new ArrayList<>();
    String key = created("shared");
    for (int i = 0; i < 100; i++) {
      streams.add(S2Stream.of(key, "channels/c" + i % 20 + "/out"));
    }
    List<S2Session> sessions =
        streams.stream().map(stream -> S2Session.append(connection, stream)).toList();
    for (S2Session session : sessions) {
      assertThat(session.stream().status()).isEqualTo(200);
      session.send(Input.of("x"));
    }
    for (S2Session session : sessions) {
      assertThat(session.ack().end().seq()).isBetween(1L, 5L);
      session.stream().end();
      assertThat(session.next()).isNull();
    }
    assertThat(streams.get(0).tail()).isEqualTo(5);
  }

  @Test
  void a_writer_that_reads_no_acknowledgements_for_a_while_gets_all_of_them() {
    S2Stream stream = S2Stream.fresh("unread");
    S2Session session = S2Session.append(connection, stream);
    assertThat(session.stream().status()).isEqualTo(200);
    byte[] tiny = S2Frame.of(Input.of(Draft.of("")));
    byte[][] frames = new byte[20_000][];
    Arrays.fill(frames, tiny);
    connection.pause();
    session.stream().send(Arrays.copyOf(S2Frame.join(frames), 60_000));
    connection.resume();
    int sent = 60_000 / tiny.length;
    assertThat(60_000 % tiny.length).isZero();
    session.stream().send(S2Frame.join(Arrays.copyOf(frames, frames.length - sent))).end();
    for (int i = 0; i < frames.length; i++) {
      assertThat(session.ack().end().seq()).isEqualTo(i + 1);
    }
    assertThat(session.next()).isNull();
  }

  @Test
  void a_batch_that_the_sdk_sends_again_is_there_once() {
    S2Stream stream = S2Stream.fresh("again");
    Input batch = Input.of("{\"data\":1,\"id\":\"PxLFn4f\"}", "{\"data\":1,\"id\":\"PxLFn4g\"}");
    Input other = Input.of("{\"data\":1,\"id\":\"PxLFn4f\"}", "{\"data\":1,\"id\":\"PxLFn4h\"}");
    Ack first = S2Session.append(connection, stream).send(batch).ack();
    S2Session again = S2Session.append(connection, stream).send(batch, other);
    Ack repeated = again.ack();
    assertThat(repeated.start().seq()).isEqualTo(first.start().seq());
    assertThat(repeated.end().seq()).isEqualTo(first.end().seq());
    assertThat(again.ack().start().seq()).isEqualTo(2);
    assertThat(stream.tail()).isEqualTo(4);
  }

  @Test
  void a_session_that_is_given_up_keeps_what_was_acknowledged() {
    S2Stream stream = S2Stream.fresh("reset");
    S2Session session = S2Session.append(connection, stream);
    assertThat(session.send(Input.of("a")).ack().end().seq()).isEqualTo(1);
    session.stream().send(Arrays.copyOf(S2Frame.of(Input.of("half")), 5));
    session.stream().cancel();
    S2Session next = S2Session.append(connection, stream);
    assertThat(next.send(Input.of("b")).ack().start().seq()).isEqualTo(1);
  }

  @Test
  void what_is_pipelined_behind_a_trim_survives_it() {
    S2Stream stream = S2Stream.fresh("trim");
    S2Session session = S2Session.append(connection, stream);
    byte[] trim = java.util.HexFormat.of().parseHex("0a12120612047472696d1a080000000000000003");
    session.stream().send(S2Frame.join(S2Frame.of(Input.of("a", "b")), S2Frame.of(trim)));
    session.send(Input.of("c"));
    assertThat(session.ack().end().seq()).isEqualTo(2);
    assertThat(session.ack().end().seq()).isEqualTo(3);
    assertThat(session.ack().end().seq()).isEqualTo(4);
    assertThat(stream.recordsFrom(0).findValuesAsText("seq_num")).containsExactly("3");
  }
}
