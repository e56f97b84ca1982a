package dev.parley.http.s2;

import static dev.parley.http.Fixtures.append;
import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.Fixtures.records;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.SseReader;
import dev.parley.http.Wire;
import dev.parley.http.s2.S2Messages.Batch;
import dev.parley.http.s2.S2Messages.Draft;
import dev.parley.http.s2.S2Messages.Input;
import dev.parley.http.s2.S2Messages.Position;
import dev.parley.http.s2.S2Messages.Sequenced;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** s2.md section 5.4, and that all faces are one stream. */
class ReadSessionTest {
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
  void what_is_there_comes_first_then_a_heartbeat_then_what_is_new() {
    S2Stream stream = S2Stream.fresh("live");
    stream.append("{\"records\":[{\"timestamp\":1,\"body\":\"a\"},{\"timestamp\":2}]}");
    S2Session session = S2Session.read(connection, stream, "?seq_num=0");
    assertThat(session.stream().status()).isEqualTo(200);
    assertThat(session.stream().header("content-type")).isEqualTo("s2s/proto");
    assertThat(session.stream().header("content-encoding")).isEmpty();
    Batch first = session.batch();
    assertThat(first.records()).hasSize(2);
    assertThat(first.records().get(0).text()).isEqualTo("a");
    assertThat(session.batch()).isEqualTo(new Batch(List.of(), new Position(2, 2)));
    long timestamp = stream.write("c").at("/start/timestamp").asLong();
    Batch live = session.batch();
    assertThat(live.records()).hasSize(1);
    assertThat(live.records().get(0).seq()).isEqualTo(2);
    assertThat(live.records().get(0).timestamp()).isEqualTo(timestamp);
    if (live.tail() != null) {
      assertThat(live.tail()).isEqualTo(new Position(3, timestamp));
    }
    session.stream().cancel();
    assertThat(S2Session.read(connection, stream, "?seq_num=2&count=1").records(1)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?tail_offset=0", "?seq_num=1", "?seq_num=77&clamp=true"})
  void a_read_at_the_tail_begins_with_a_heartbeat_and_follows(String query) {
    S2Stream stream = S2Stream.fresh("tail");
    stream.append("{\"records\":[{\"timestamp\":1}]}");
    S2Session session = S2Session.read(connection, stream, query);
    assertThat(session.batch()).isEqualTo(new Batch(List.of(), new Position(1, 1)));
    for (int i = 0; i < 5; i++) {
      stream.write("r" + i);
      assertThat(session.records(1).get(0).text()).isEqualTo("r" + i);
    }
  }

  @Test
  void a_stream_nobody_wrote_is_followed_from_nought() {
    S2Stream stream = S2Stream.of(fresh("unwritten"), "out");
    S2Session session = S2Session.read(connection, stream, "");
    assertThat(session.batch()).isEqualTo(new Batch(List.of(), new Position(0, 0)));
    stream.write("first");
    assertThat(session.records(1).get(0).seq()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"count=3", "bytes=29", "until=40", "count=3&wait=15", "bytes=27&wait=15"})
  void reaching_a_bound_ends_the_session_without_a_terminal_frame(String bound) {
    S2Stream stream = S2Stream.fresh("bound");
    stream.append(
        "{\"records\":[{\"timestamp\":10,\"body\":\"a\"},{\"timestamp\":20,\"body\":\"b\"},{\"timestamp\":30,\"body\":\"c\"},{\"timestamp\":40,\"body\":\"d\"}]}");
    Instant start = Instant.now();
    S2Session session = S2Session.read(connection, stream, "?seq_num=0&" + bound);
    assertThat(session.batch().records())
        .extracting(Sequenced::text)
        .containsExactly("a", "b", "c");
    assertThat(session.next()).isNull();
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void a_bound_counts_over_old_and_new_records() {
    S2Stream stream = S2Stream.fresh("count");
    stream.write("a", "b");
    S2Session session = S2Session.read(connection, stream, "?seq_num=0&count=3&wait=18");
    assertThat(session.batch().records()).hasSize(2);
    assertThat(session.batch().tail().seq()).isEqualTo(2);
    stream.write("c", "d");
    assertThat(session.batch().records()).extracting(Sequenced::text).containsExactly("c");
    assertThat(session.next()).isNull();
  }

  @Test
  void the_session_ends_when_nothing_came_in_time() {
    S2Stream stream = S2Stream.fresh("wait");
    stream.write("a");
    Instant start = Instant.now();
    S2Session session = S2Session.read(connection, stream, "?seq_num=0&wait=1");
    assertThat(session.batch().records()).hasSize(1);
    assertThat(session.batch().records()).isEmpty();
    assertThat(session.next()).isNull();
    assertThat(Duration.between(start, Instant.now()))
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(6));
  }

  @Test
  void a_quiet_stream_shows_that_it_lives() {
    S2Stream stream = S2Stream.fresh("quiet");
    S2Session session = S2Session.read(connection, stream, "");
    try (SseReader reader = SseReader.open(ReadFace.events(stream, ""))) {
      assertThat(session.batch().records()).isEmpty();
      assertThat(reader.next().name()).isEqualTo("ping");
      Instant start = Instant.now();
      assertThat(session.stream().next(16_000)).isNotEmpty();
      assertThat(reader.next().name()).isEqualTo("ping");
      assertThat(Duration.between(start, Instant.now()))
          .isBetween(Duration.ofMillis(4_500), Duration.ofMillis(15_500));
    }
  }

  @Test
  void a_client_that_lost_its_connection_goes_on_where_it_was() {
    S2Stream stream = S2Stream.fresh("resume");
    for (int i = 0; i < 10; i++) {
      stream.write("r" + i);
    }
    List<Sequenced> all = new ArrayList<>();
    for (int seen = 0; seen < 10; seen = all.size()) {
      try (H2Connection next = new H2Connection()) {
        String query = "?seq_num=" + seen + "&count=" + Math.min(3, 10 - seen);
        all.addAll(S2Session.read(next, stream, query).records(Math.min(3, 10 - seen)));
      }
    }
    assertThat(all)
        .extracting(Sequenced::seq)
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void a_batch_has_at_most_1000_records() {
    S2Stream stream = S2Stream.fresh("many");
    Input input = new Input(Collections.nCopies(900, Draft.of("x")), null, null);
    for (int i = 0; i < 4; i++) {
      assertThat(stream.append(input).status()).isEqualTo(200);
    }
    S2Session session = S2Session.read(connection, stream, "?seq_num=0&count=3500");
    long wanted = 0;
    for (S2Frame frame = session.next(); frame != null; frame = session.next()) {
      Batch batch = Batch.decode(frame.message());
      assertThat(batch.records()).hasSizeBetween(1, 1_000);
      assertThat(batch.tail()).isNull();
      for (Sequenced record : batch.records()) {
        assertThat(record.seq()).isEqualTo(wanted++);
      }
    }
    assertThat(wanted).isEqualTo(3_500);
  }

  @Test
  void a_batch_has_at_most_1_mib() {
    S2Stream stream = S2Stream.fresh("large");
    byte[] body = new byte[400_000];
    for (int i = 0; i < 8; i++) {
      stream.append(Input.of(Draft.of(body), Draft.of(body)));
    }
    stream.append(Input.of(Draft.of(new byte[1_048_568])));
    S2Session session = S2Session.read(connection, stream, "?seq_num=0&count=17");
    long wanted = 0;
    for (S2Frame frame = session.next(); frame != null; frame = session.next()) {
      assertThat(frame.flag()).isZero();
      long metered = 0;
      for (Sequenced record : Batch.decode(frame.message()).records()) {
        assertThat(record.seq()).isEqualTo(wanted++);
        metered += 8 + record.body().size();
      }
      assertThat(metered).isBetween(1L, 1_048_576L);
    }
    assertThat(wanted).isEqualTo(17);
  }

  @Test
  void a_record_of_very_many_headers_fits_into_a_frame() {
    S2Stream stream = S2Stream.fresh("headers");
    S2Session live = S2Session.read(connection, stream, "");
    assertThat(live.batch().records()).isEmpty();
    S2Session writer =
        S2Session.append(connection, stream).send(withHeaders(262_130), Input.of("x"));
    assertThat(writer.ack().end().seq()).isEqualTo(1);
    S2Frame frame = live.next();
    assertThat(frame.payload().length + 1).isLessThanOrEqualTo(S2Frame.MAX_LENGTH);
    assertThat(Batch.decode(frame.message()).records().get(0).headers()).hasSize(262_130);
    assertThat(live.records(1).get(0).text()).isEqualTo("x");
    S2Session late = S2Session.read(connection, stream, "?seq_num=0&count=1");
    assertThat(late.next().payload().length + 1).isLessThanOrEqualTo(S2Frame.MAX_LENGTH);
    assertThat(ReadFace.JSON.read(stream, "?seq_num=0&count=1").get(0).headers()).hasSize(262_130);
  }

  @Test
  void a_record_of_more_headers_than_fit_into_a_frame_is_refused() {
    S2Stream stream = S2Stream.fresh("too-many-headers");
    S2Session writer = S2Session.append(connection, stream).send(withHeaders(262_142));
    assertThat(writer.next().status()).isEqualTo(422);
    assertThat(stream.tail()).isZero();
  }

  private static Input withHeaders(int count) {
    S2Messages.Head header = S2Messages.Head.of("a", "b");
    return Input.of(
        new Draft(null, Collections.nCopies(count, header), com.google.protobuf.ByteString.EMPTY));
  }

  @Test
  void sessions_that_are_given_up_leave_their_connection_usable() {
    S2Stream stream = S2Stream.fresh("cancelled");
    for (int i = 0; i < 300; i++) {
      S2Session session = S2Session.read(connection, stream, "");
      if (i % 2 == 0) {
        assertThat(session.batch().records()).isEmpty();
      }
      session.stream().cancel();
    }
    S2Session session = S2Session.read(connection, stream, "");
    assertThat(session.batch().records()).isEmpty();
    stream.write("a");
    assertThat(session.records(1).get(0).text()).isEqualTo("a");
  }

  @Test
  void what_other_faces_write_appears_here() {
    String key = created("in");
    S2Stream stream = S2Stream.of(key, "in");
    S2Session session = S2Session.read(connection, stream, "");
    assertThat(session.batch().records()).isEmpty();
    append(key, "hello");
    assertThat(session.records(1).get(0).text()).startsWith("{\"data\":\"hello\",\"id\":\"");
    S2Session writer = S2Session.append(connection, stream).send(Input.of("raw"));
    assertThat(writer.ack().start().seq()).isEqualTo(1);
    assertThat(session.records(1).get(0).text()).isEqualTo("raw");
    assertThat(append(key, "again").json().get("seq").asInt()).isEqualTo(2);
    assertThat(session.records(1).get(0).seq()).isEqualTo(2);
  }

  @Test
  void what_is_written_here_appears_on_other_faces() {
    String key = created("out");
    S2Stream stream = S2Stream.of(key, "out");
    try (SseReader reader = SseReader.open(Wire.get(channel(key, "out")).asAcme());
        SseReader events = SseReader.open(ReadFace.events(stream, ""))) {
      assertThat(reader.next().name()).isEqualTo("ping");
      assertThat(events.next().name()).isEqualTo("ping");
      S2Session writer = S2Session.append(connection, stream);
      writer.send(
          Input.of("{\"data\":{\"hello\":1},\"id\":\"PxLFn4f\"}"),
          Input.of(Draft.of("", S2Messages.Head.of("trigger-control", "turn-complete"))));
      assertThat(reader.records(2).get(0).get("body").asText())
          .isEqualTo("{\"data\":{\"hello\":1},\"id\":\"PxLFn4f\"}");
      assertThat(events.records(2).get(1).get("headers").toString())
          .isEqualTo("[[\"trigger-control\",\"turn-complete\"]]");
      assertThat(writer.ack().end().seq()).isEqualTo(1);
    }
    assertThat(records(key, "out").toString())
        .isEqualTo(
            "[{\"data\":{\"hello\":1},\"id\":\"PxLFn4f\",\"seqNum\":0},"
                + "{\"data\":\"\",\"id\":\"\",\"seqNum\":1,\"headers\":[[\"trigger-control\",\"turn-complete\"]]}]");
  }

  @Test
  void a_trim_over_this_face_counts_for_the_others() {
    String key = created("trimmed");
    S2Stream stream = S2Stream.of(key, "in");
    append(key, "a");
    append(key, "b");
    byte[] trim = java.util.HexFormat.of().parseHex("0a12120612047472696d1a080000000000000001");
    assertThat(S2Messages.Ack.decode(S2Stream.bytes(stream.appendProtobuf(trim))).start().seq())
        .isEqualTo(2);
    assertThat(records(key, "in")).hasSize(1);
    assertThat(records(key, "in").get(0).get("data").asText()).isEqualTo("b");
    assertThat(append(key, "c").json().get("seq").asInt()).isEqualTo(3);
  }

  @Test
  void a_reader_that_does_not_read_disturbs_nobody_on_its_connection() {
    S2Stream stream = S2Stream.fresh("slow");
    byte[] body = new byte[1_000_000];
    S2Session slow = S2Session.read(connection, stream, "?seq_num=0");
    assertThat(slow.batch().records()).isEmpty();
    connection.pause();
    for (int i = 0; i < 30; i++) {
      assertThat(stream.append(Input.of(Draft.of(body))).status()).isEqualTo(200);
    }
    connection.resume();
    assertThat(slow.records(30)).hasSize(30);
  }
}
