package dev.parley.http.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Json;
import dev.parley.session.Activity;
import dev.parley.session.Bytes;
import dev.parley.session.Callback;
import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.Clockwork;
import dev.parley.session.Direction;
import dev.parley.session.Header;
import dev.parley.session.Lifetime;
import dev.parley.session.PartIdWindow;
import dev.parley.session.RecordContent;
import dev.parley.session.RestoredPiece;
import dev.parley.session.Session;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SparseIndex;
import dev.parley.session.StreamAppend;
import dev.parley.session.TimeoutPolicy;
import dev.parley.session.Turn;
import dev.parley.session.Turns;
import dev.parley.session.Waitpoint;
import dev.parley.session.Waitpoints;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is read as it was. */
class StateJsonTest {
  private static final Instant AT = Instant.ofEpochMilli(1_795_166_745_123L);
  private static final SessionId ID = SessionId.ofExternal("env", "chat-é");

  private static final Session FULL =
      Session.restore(
          ID,
          new SessionInfo(
              "chat-é",
              "chat",
              "task",
              "{\"a\" : 1.50}",
              List.of("a", "b,c"),
              "{\"k\":\"\\u0000\"}",
              "run_1",
              AT,
              AT.plusMillis(1),
              AT.plusMillis(2),
              AT.plusMillis(3),
              "done",
              AT.plusMillis(4)),
          0,
          Map.of(
              Channel.OUT,
              new ChannelState(
                  9,
                  2,
                  "fence",
                  7,
                  true,
                  8,
                  77,
                  SparseIndex.EMPTY,
                  PartIdWindow.EMPTY,
                  PartIdWindow.NO_BATCHES),
              new Channel("side", Direction.IN),
              ChannelState.EMPTY),
          Waitpoints.of(
              List.of(
                  new Waitpoint(
                      "waitpoint_" + ID.friendlyId().substring(8) + "0".repeat(32),
                      Channel.OUT,
                      4,
                      AT,
                      AT.plusMillis(1),
                      List.of("t"),
                      "key",
                      AT.plusMillis(2),
                      new Waitpoint.Outcome(true, AT, new Waitpoint.Output(Channel.OUT, 5)),
                      new Callback("http://a/b", "http://p", AT, 3, AT.plusMillis(4))),
                  new Waitpoint("other", null, -1, AT, null, List.of(), null, null, null, null))),
          new Clockwork(
              new Lifetime(
                  AT,
                  AT.plusMillis(1),
                  AT.plusMillis(2),
                  3,
                  new TimeoutPolicy(5.1, true, 60, 2),
                  true,
                  true),
              AT,
              Activity.MANUAL),
          new Turns("agent", 0, null),
          AT.toEpochMilli());

  private static ObjectNode line(Session session) {
    return (ObjectNode)
        Json.parse(Json.text(StateJson.of(session)).getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  @Test
  void a_full_state_is_read_as_it_was_written() {
    assertThat(StateReader.read(line(FULL), "env")).isEqualTo(FULL);
  }

  @Test
  void a_bare_state_is_read_as_it_was_written() {
    Session bare =
        Session.restore(
            ID,
            null,
            0,
            Map.of(),
            Waitpoints.EMPTY,
            null,
            new Turns("a", 3, new Turn(5, 1, AT)),
            0);
    assertThat(StateReader.read(line(bare), "env")).isEqualTo(bare);
  }

  @Test
  void in_another_environment_the_session_and_its_waitpoints_have_other_ids() {
    Session moved = StateReader.read(line(FULL), "other");
    SessionId id = SessionId.ofExternal("other", "chat-é");
    assertThat(moved.id()).isEqualTo(id);
    assertThat(moved.waitpoints().all().stream().map(Waitpoint::id))
        .containsExactlyInAnyOrder(
            "waitpoint_" + id.friendlyId().substring(8) + "0".repeat(32), "other");
    assertThat(moved.channels()).isEqualTo(FULL.channels());
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        wrong("session.id must be a text", line -> line.remove("id")),
        wrong(
            "session.id must be like session_ and 32 hexadecimal digits",
            line -> line.put("id", "chat")),
        wrong("session.row must be an object", line -> line.put("row", 7)),
        wrong(
            "session.row.createdAt must be a whole number",
            line -> ((ObjectNode) line.get("row")).put("createdAt", "today")),
        wrong(
            "session.row.metadata must be the text of a JSON object",
            line -> ((ObjectNode) line.get("row")).put("metadata", "[")),
        wrong(
            "session.row: a text of the row must not contain the NUL character",
            line -> ((ObjectNode) line.get("row")).put("type", "\0")),
        wrong(
            "session.timeout: timeoutMinutes must be a number from 1 to 20160, got 0.0",
            line -> ((ObjectNode) line.get("timeout")).put("timeoutMinutes", 0)),
        wrong(
            "a channel must match [A-Za-z0-9._-]{1,128}",
            line -> ((ObjectNode) line.get("streams").get(0)).put("channel", "/")),
        wrong(
            "session.streams.direction must be one of [IN, OUT]",
            line -> ((ObjectNode) line.get("streams").get(0)).put("direction", "up")),
        wrong(
            "session.streams names a stream twice",
            line ->
                ((ObjectNode) line.get("streams").get(0))
                    .put("channel", "side")
                    .put("direction", "in")));
  }

  private static Arguments wrong(String problem, Consumer<ObjectNode> change) {
    return Arguments.of(problem, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void what_is_wrong_is_named(String problem, Consumer<ObjectNode> change) {
    ObjectNode line = line(FULL);
    change.accept(line);
    assertThatThrownBy(() -> StateReader.read(line, "env"))
        .isInstanceOf(LineRefused.class)
        .hasMessage(problem);
  }

  static Stream<RestoredPiece> pieces() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    return Stream.of(
        new RestoredPiece.Records(
            new StreamAppend(
                new Channel("side", Direction.OUT),
                7,
                List.of(
                    new StreamAppend.Entry(5, RecordContent.of(Bytes.EMPTY)),
                    new StreamAppend.Entry(
                        6,
                        new RecordContent(
                            List.of(
                                new Header(Bytes.EMPTY, Bytes.utf8("fence")),
                                new Header(Bytes.wrap(all), Bytes.EMPTY)),
                            Bytes.wrap(all)),
                        true)),
                null)),
        new RestoredPiece.Trimmed(Channel.IN, 9));
  }

  @ParameterizedTest
  @MethodSource("pieces")
  void a_piece_is_read_as_it_was_written(RestoredPiece piece) {
    String text = Json.text(PieceJson.line(piece));
    assertThat(
            PieceJson.records(
                Json.parse(text.getBytes(StandardCharsets.UTF_8)).orElseThrow().get("records")))
        .isEqualTo(piece);
  }

  @Test
  void part_ids_are_read_as_they_were_written() {
    RestoredPiece piece =
        new RestoredPiece.PartIds(
            Channel.OUT,
            true,
            new PartIdWindow.Block(5, new long[] {-1, 5}, new long[] {6, -7}, new long[] {3, 8}));
    String text = Json.text(PieceJson.line(piece));
    assertThat(
            PieceJson.partIds(
                Json.parse(text.getBytes(StandardCharsets.UTF_8)).orElseThrow().get("partIds")))
        .isEqualTo(piece);
  }
}
