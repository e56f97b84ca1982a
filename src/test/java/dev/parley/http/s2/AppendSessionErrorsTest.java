package dev.parley.http.s2;

import static dev.parley.http.Fixtures.close;
import static dev.parley.http.Fixtures.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.s2.S2Messages.Draft;
import dev.parley.http.s2.S2Messages.Input;
import java.util.Collections;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The errors of s2.md section 4.4, and what a connection goes through meanwhile. */
class AppendSessionErrorsTest {
  private H2Connection connection;

  @BeforeEach
  void connect() {
    connection = new H2Connection();
  }

  @AfterEach
  void disconnect() {
    connection.close();
  }

  static Stream<Arguments> badFrames() {
    byte[] good = Input.of("x").encode();
    return Stream.of(
        arguments("length 0", S2Frame.head(0, 0, 0)),
        arguments("length 0 and a flag", S2Frame.head(0, 0x80, 0)),
        arguments("length above the limit", S2Frame.head(S2Frame.MAX_LENGTH + 1, 0, 0)),
        arguments("largest length", S2Frame.head(0xffffff, 0, 0)),
        arguments("both compressions", S2Frame.of(0x60, good)),
        arguments("no gzip", S2Frame.of(S2Frame.GZIP, good)),
        arguments("empty gzip", S2Frame.of(S2Frame.GZIP, new byte[0])),
        arguments("cut gzip", S2Frame.of(S2Frame.GZIP, cut(S2Frame.gzip(good)))),
        arguments("gzip of garbage", S2Frame.of(S2Frame.GZIP, S2Frame.gzip(new byte[] {-1, -1}))),
        arguments(
            "gzip that unpacks to more than a frame holds",
            S2Frame.of(S2Frame.GZIP, S2Frame.gzip(padded(S2Frame.MAX_LENGTH)))),
        arguments(
            "gzip that unpacks to very much",
            S2Frame.of(S2Frame.GZIP, S2Frame.gzip(new byte[60_000_000]))),
        arguments("no zstd", S2Frame.of(S2Frame.ZSTD, good)),
        arguments("terminal", S2Frame.of(S2Frame.TERMINAL, new byte[] {1, (byte) 0x90, '{', '}'})),
        arguments("terminal without a status", S2Frame.of(S2Frame.TERMINAL, new byte[0])),
        arguments("terminal and gzip", S2Frame.of(S2Frame.TERMINAL | S2Frame.GZIP, good)),
        arguments("garbage", S2Frame.of(HexFormat.of().parseHex("ffffffffffffffffffffff"))),
        arguments("cut protobuf", S2Frame.of(cut(good))),
        arguments("HTTP/1.1", "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes()));
  }

  private static byte[] cut(byte[] bytes) {
    return java.util.Arrays.copyOf(bytes, bytes.length - 1);
  }

  /** A good input, as long as asked with the help of a field that nobody knows. */
  private static byte[] padded(int length) {
    byte[] good = Input.of("x").encode();
    int padding = length - good.length - 4;
    byte[] unknown = new byte[4 + padding];
    unknown[0] = 15 << 3 | 2;
    unknown[1] = (byte) (padding & 127 | 128);
    unknown[2] = (byte) (padding >> 7 & 127 | 128);
    unknown[3] = (byte) (padding >> 14);
    return S2Frame.join(good, unknown);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badFrames")
  void a_frame_that_is_none_ends_the_session(String name, byte[] frame) {
    S2Stream stream = S2Stream.fresh("bad-frame");
    S2Session session = S2Session.append(connection, stream).send(Input.of("before"));
    session.stream().send(frame);
    session.send(Input.of("behind"));
    assertThat(session.ack().end().seq()).isEqualTo(1);
    assertError(session.terminal(400), "bad_frame");
    session.stream().end();
    assertOnlyFirstIsWritten(session, stream);
  }

  @Test
  void a_request_that_ends_inside_a_frame_is_a_bad_frame() {
    for (int length : new int[] {1, 3, 4, 6}) {
      S2Stream stream = S2Stream.fresh("cut");
      S2Session session = S2Session.append(connection, stream).send(Input.of("before"));
      session.stream().sendLast(java.util.Arrays.copyOf(S2Frame.of(Input.of("half")), length));
      assertThat(session.ack().end().seq()).isEqualTo(1);
      assertError(session.terminal(400), "bad_frame");
      assertOnlyFirstIsWritten(session, stream);
    }
  }

  static Stream<Arguments> invalid() {
    byte[] half = new byte[524_288];
    return Stream.of(
        arguments("empty", Input.of(new Draft[0]), "record batch must not be empty"),
        arguments(
            "1001 records",
            new Input(Collections.nCopies(1_001, Draft.of("")), null, null),
            "record batch must not exceed 1000 records"),
        arguments(
            "too large",
            Input.of(Draft.of(half), Draft.of(half)),
            "record batch must not exceed a metered size of 1 MiB"),
        arguments("unknown command", Input.of(Draft.of("", S2Messages.Head.of("", "no"))), null));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalid")
  void an_invalid_input_ends_the_session(String name, Input input, String message) {
    S2Stream stream = S2Stream.fresh("invalid");
    S2Session session =
        S2Session.append(connection, stream).send(Input.of("ok"), input, Input.of("behind"));
    assertThat(session.ack().end().seq()).isEqualTo(1);
    JsonNode error = session.terminal(422);
    assertError(error, "invalid");
    if (message != null) {
      assertThat(error.get("message").asText()).isEqualTo(message);
    }
    session.stream().end();
    assertOnlyFirstIsWritten(session, stream);
  }

  @Test
  void an_empty_frame_is_an_empty_input() {
    S2Session session = S2Session.append(connection, S2Stream.fresh("empty"));
    session.stream().send(S2Frame.head(1, 0, 0));
    assertError(session.terminal(422), "invalid");
  }

  static Stream<Arguments> failing() {
    return Stream.of(
        arguments(Input.of("x").matching(0), "{\"seq_num_mismatch\":1}"),
        arguments(Input.of("x").matching(2), "{\"seq_num_mismatch\":1}"),
        arguments(Input.of("x").fencedBy("me"), "{\"fencing_token_mismatch\":\"\"}"),
        arguments(Input.of("x").matching(9).fencedBy("me"), "{\"fencing_token_mismatch\":\"\"}"));
  }

  @ParameterizedTest
  @MethodSource("failing")
  void behind_a_failed_condition_nothing_is_written(Input input, String body) {
    S2Stream stream = S2Stream.fresh("failed");
    S2Session session = S2Session.append(connection, stream);
    byte[][] behind = new byte[200][];
    java.util.Arrays.fill(behind, S2Frame.of(Input.of("behind")));
    session.stream()
        .sendLast(
            S2Frame.join(S2Frame.of(Input.of("first")), S2Frame.of(input), S2Frame.join(behind)));
    assertThat(session.ack().end().seq()).isEqualTo(1);
    assertThat(session.terminal(412).toString()).isEqualTo(body);
    assertOnlyFirstIsWritten(session, stream);
  }

  @Test
  void acknowledgements_precede_the_failure() {
    S2Stream stream = S2Stream.fresh("late");
    S2Session session = S2Session.append(connection, stream);
    for (int i = 0; i < 300; i++) {
      session.send(Input.of("r" + i));
    }
    session.send(Input.of("fails").matching(7), Input.of("behind"), Input.of("behind"));
    for (int i = 0; i < 300; i++) {
      assertThat(session.ack().start().seq()).isEqualTo(i);
    }
    assertThat(session.terminal(412).toString()).isEqualTo("{\"seq_num_mismatch\":300}");
    assertThat(stream.tail()).isEqualTo(300);
    assertThat(stream.write("next").at("/start/seq_num").asInt()).isEqualTo(300);
  }

  @Test
  void of_two_failures_the_first_counts() {
    S2Stream stream = S2Stream.fresh("first");
    S2Session session = S2Session.append(connection, stream);
    session.stream()
        .send(
            S2Frame.join(
                S2Frame.of(Input.of("a")),
                S2Frame.of(Input.of("b").matching(9)),
                S2Frame.of(Input.of(new Draft[0])),
                S2Frame.head(0, 0, 0)));
    assertThat(session.ack().end().seq()).isEqualTo(1);
    assertThat(session.terminal(412).toString()).isEqualTo("{\"seq_num_mismatch\":1}");
  }

  @Test
  void another_writer_takes_the_number_that_a_session_wants() {
    S2Stream stream = S2Stream.fresh("overtaken");
    S2Session session = S2Session.append(connection, stream);
    assertThat(session.send(Input.of("a").matching(0)).ack().end().seq()).isEqualTo(1);
    stream.write("other");
    session.send(Input.of("b").matching(1));
    assertThat(session.terminal(412).toString()).isEqualTo("{\"seq_num_mismatch\":2}");
  }

  @Test
  void a_session_that_is_closed_meanwhile_is_refused() {
    String key = created("closed");
    S2Stream stream = S2Stream.of(key, "out");
    S2Session session = S2Session.append(connection, stream);
    assertThat(session.send(Input.of("a")).ack().end().seq()).isEqualTo(1);
    assertThat(close(key, "{}").status()).isEqualTo(200);
    session.send(Input.of("b"), Input.of("c"));
    assertError(session.terminal(403), "permission_denied");
    assertThat(stream.tail()).isEqualTo(1);
    H2Stream again = S2Session.append(connection, stream).send(Input.of("d")).stream();
    if (again.status() == 200) {
      byte[] frame = again.rest();
      assertThat(new S2Frame(frame[3] & 255, java.util.Arrays.copyOfRange(frame, 4, frame.length)))
          .satisfies(
              terminal -> {
                assertThat(terminal.status()).isEqualTo(403);
                assertError(terminal.error(), "permission_denied");
              });
    } else {
      assertThat(again.status()).isEqualTo(403);
      assertError(again.error(), "permission_denied");
    }
    assertThat(stream.tail()).isEqualTo(1);
  }

  static Stream<Arguments> refused() {
    S2Stream stream = S2Stream.fresh("refused");
    S2Stream other = S2Stream.fresh("other");
    return Stream.of(
        arguments("bad token", stream.withToken("bad"), 401, "authn"),
        arguments("another stream", other.openedBy(stream), 403, "permission_denied"),
        arguments(
            "bad basin", new S2Stream(stream.path(), "Bad", stream.token()), 400, "bad_header"),
        arguments(
            "another basin",
            new S2Stream(stream.path(), "not-our-basin", stream.token()),
            404,
            "basin_not_found"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void a_refused_session_is_a_status_and_one_frame_of_json(
      String name, S2Stream stream, int status, String code) {
    S2Session session = S2Session.append(connection, stream);
    assertThat(session.stream().status()).isEqualTo(status);
    assertThat(session.stream().header("content-type")).startsWith("application/json");
    assertError(session.stream().error(), code);
    // More than any window holds: somebody reads it, and the connection lives.
    for (int i = 0; i < 14; i++) {
      session.send(Input.of(Draft.of(new byte[1_000_000])));
    }
    session.stream().end();
    assertServes();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void a_refusal_reaches_a_client_that_reads_late(
      String name, S2Stream stream, int status, String code) {
    connection.pause();
    S2Session session = S2Session.append(connection, stream);
    session.send(Input.of("a"), Input.of(Draft.of(new byte[40_000])));
    session.stream().end();
    connection.resume();
    assertThat(session.stream().status()).isEqualTo(status);
    assertError(session.stream().error(), code);
    assertServes();
  }

  @Test
  void a_client_that_goes_on_writing_gets_the_terminal_frame_and_keeps_its_connection() {
    S2Stream stream = S2Stream.fresh("slow");
    S2Session session = S2Session.append(connection, stream).send(Input.of("ok"));
    assertThat(session.ack().end().seq()).isEqualTo(1);
    connection.pause();
    session.send(Input.of("bad").matching(0));
    for (int i = 0; i < 200; i++) {
      session.send(Input.of("behind" + i));
    }
    connection.resume();
    // Far more than the windows hold, a long time after the server has said its last word.
    for (int i = 0; i < 20; i++) {
      session.send(Input.of(Draft.of(new byte[1_000_000])));
    }
    assertThat(session.terminal(412).toString()).isEqualTo("{\"seq_num_mismatch\":1}");
    for (int i = 0; i < 5; i++) {
      session.send(Input.of(Draft.of(new byte[1_000_000])));
    }
    session.stream().end();
    assertServes();
    assertOnlyFirstIsWritten(session, stream);
  }

  private void assertOnlyFirstIsWritten(S2Session session, S2Stream stream) {
    assertServes();
    assertThat(session.stream().wasReset()).isFalse();
    assertThat(stream.tail()).isEqualTo(1);
    assertThat(stream.write("next").at("/start/seq_num").asInt()).isEqualTo(1);
  }

  /** The same connection takes another session. */
  private void assertServes() {
    S2Session next = S2Session.append(connection, S2Stream.fresh("next")).send(Input.of("x"));
    assertThat(next.ack().end().seq()).isEqualTo(1);
    next.stream().end();
    assertThat(next.next()).isNull();
  }

  private static void assertError(JsonNode error, String code) {
    assertThat(error.path("code").asText()).as(error.toString()).isEqualTo(code);
    assertThat(error.path("message").asText()).isNotBlank();
    assertThat(error).hasSize(2);
  }
}
