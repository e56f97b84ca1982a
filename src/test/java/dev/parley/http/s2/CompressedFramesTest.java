package dev.parley.http.s2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.parley.http.s2.S2Messages.Ack;
import dev.parley.http.s2.S2Messages.Batch;
import dev.parley.http.s2.S2Messages.Draft;
import dev.parley.http.s2.S2Messages.Input;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The compression of s2.md section 4.4, which is the frames' own and never HTTP's. */
class CompressedFramesTest {
  private H2Connection connection;

  @BeforeEach
  void connect() {
    connection = new H2Connection();
  }

  @AfterEach
  void disconnect() {
    connection.close();
  }

  private static byte[] packed(int flag, Input input) {
    byte[] message = input.encode();
    return switch (flag) {
      case S2Frame.GZIP -> S2Frame.of(flag, S2Frame.gzip(message));
      case S2Frame.ZSTD -> S2Frame.of(flag, S2Frame.zstd(message));
      default -> S2Frame.of(message);
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {S2Frame.GZIP, S2Frame.ZSTD})
  void a_frame_may_be_compressed(int flag) {
    S2Stream stream = S2Stream.fresh("compressed");
    S2Session session = S2Session.append(connection, stream);
    Input large = Input.of(Draft.of(new byte[1_048_568]));
    session.stream()
        .send(
            packed(flag, Input.of("a")),
            packed(0, Input.of("b")),
            packed(flag, large),
            packed(flag, Input.of("c", "d")));
    for (int end : new int[] {1, 2, 3, 5}) {
      S2Frame frame = session.next();
      assertThat(frame.flag()).isZero();
      assertThat(Ack.decode(frame.message()).end().seq()).isEqualTo(end);
    }
    session.stream().end();
    assertThat(session.next()).isNull();
    assertThat(stream.recordsFrom(3).findValuesAsText("body")).containsExactly("c", "d");
    assertThat(ReadFace.PROTOBUF.read(stream, "?seq_num=2&count=1").get(0).body().size())
        .isEqualTo(1_048_568);
  }

  static Stream<Arguments> bad() {
    byte[] good = S2Frame.zstd(Input.of("x".repeat(500)).encode());
    byte[] flipped = good.clone();
    flipped[good.length - 3] ^= 0x55;
    flipped[0] ^= 1;
    return Stream.of(
        arguments("cut", java.util.Arrays.copyOf(good, good.length - 1)),
        arguments("damaged", flipped),
        arguments("garbage inside", S2Frame.zstd(new byte[] {-1, -1, -1})),
        arguments("more than a frame holds", S2Frame.zstd(new byte[S2Frame.MAX_LENGTH])),
        arguments("very much", S2Frame.zstd(new byte[60_000_000])));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void what_does_not_unpack_is_a_bad_frame(String name, byte[] payload) {
    S2Stream stream = S2Stream.fresh("bad-zstd");
    S2Session session = S2Session.append(connection, stream).send(Input.of("ok"));
    session.stream().send(S2Frame.of(S2Frame.ZSTD, payload));
    assertThat(session.ack().end().seq()).isEqualTo(1);
    assertThat(session.terminal(400).path("code").asText()).isEqualTo("bad_frame");
    assertThat(stream.tail()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "zstd, gzip"})
  void large_batches_may_come_compressed_to_who_asks(String accepted) {
    S2Stream stream = S2Stream.fresh("accepted");
    stream.write("x".repeat(5_000), "small");
    S2Session session =
        S2Session.read(connection, stream, "?seq_num=0&count=1", "accept-encoding", accepted);
    S2Frame frame = session.next();
    assertThat(frame.flag())
        .isIn(
            0,
            accepted.contains("gzip") ? S2Frame.GZIP : 0,
            accepted.contains("zstd") ? S2Frame.ZSTD : 0);
    assertThat(Batch.decode(frame.message()).records().get(0).text()).isEqualTo("x".repeat(5_000));
    assertThat(session.stream().header("content-encoding")).isEmpty();
    assertThat(session.next()).isNull();
    S2Frame small =
        S2Session.read(connection, stream, "?seq_num=1&count=1", "accept-encoding", accepted)
            .next();
    assertThat(small.flag()).isZero();
  }

  @Test
  void nothing_is_compressed_unasked() {
    S2Stream stream = S2Stream.fresh("unasked");
    stream.write("x".repeat(5_000));
    S2Session session = S2Session.read(connection, stream, "?seq_num=0&count=1");
    assertThat(session.next().flag()).isZero();
  }
}
