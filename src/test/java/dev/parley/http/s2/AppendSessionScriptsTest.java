package dev.parley.http.s2;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.parley.http.s2.S2Messages.Ack;
import dev.parley.http.s2.S2Messages.Draft;
import dev.parley.http.s2.S2Messages.Head;
import dev.parley.http.s2.S2Messages.Input;
import dev.parley.http.s2.S2Messages.Sequenced;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Long random sessions, each foretold by the plainest reading of s2.md sections 3.2 and 4.4. */
class AppendSessionScriptsTest {
  private static final int INPUTS = 60;

  /** What a stream is when only this test writes it. */
  private static final class Model {
    private final List<Draft> records = new ArrayList<>();
    private String fencingToken = "";

    /** What the input fails with; null when it is written. */
    private @Nullable String append(Input input) {
      if (input.fencingToken() != null && !input.fencingToken().equals(fencingToken)) {
        return "{\"fencing_token_mismatch\":\"" + fencingToken + "\"}";
      }
      if (input.matchSeq() != null && input.matchSeq() != records.size()) {
        return "{\"seq_num_mismatch\":" + records.size() + "}";
      }
      for (Draft record : input.records()) {
        records.add(record);
        if (!record.headers().isEmpty()) {
          fencingToken = record.body().toStringUtf8();
        }
      }
      return null;
    }
  }

  static IntStream seeds() {
    return IntStream.range(0, 25);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void a_session_does_what_is_foretold(int seed) {
    Random random = new Random(seed);
    S2Stream stream = S2Stream.fresh("script");
    Model model = new Model();
    try (H2Connection connection = new H2Connection()) {
      for (int round = 0; round < 6; round++) {
        play(connection, stream, model, random);
      }
    }
    List<Sequenced> found =
        model.records.isEmpty() ? List.of() : ReadFace.SESSION.read(stream, "?seq_num=0&wait=0");
    assertThat(found).hasSameSizeAs(model.records);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).seq()).isEqualTo(i);
      assertThat(found.get(i).body()).isEqualTo(model.records.get(i).body());
      assertThat(found.get(i).headers()).isEqualTo(model.records.get(i).headers());
    }
  }

  /** One session, all its inputs sent before anything is read. */
  private static void play(H2Connection connection, S2Stream stream, Model model, Random random) {
    List<Input> inputs = script(model, random);
    byte[] bytes = S2Frame.join(inputs.stream().map(S2Frame::of).toArray(byte[][]::new));
    S2Session session = S2Session.append(connection, stream);
    for (int sent = 0; sent < bytes.length; ) {
      int next = Math.min(bytes.length, sent + 1 + random.nextInt(3_000));
      session.stream().send(Arrays.copyOfRange(bytes, sent, next));
      sent = next;
    }
    session.stream().end();
    for (Input input : inputs) {
      int before = model.records.size();
      String failure = model.append(input);
      if (failure != null) {
        assertThat(session.terminal(412).toString()).isEqualTo(failure);
        return;
      }
      Ack ack = session.ack();
      assertThat(ack.start().seq()).isEqualTo(before);
      assertThat(ack.end().seq()).isEqualTo(model.records.size());
      assertThat(ack.tail().seq()).isGreaterThanOrEqualTo(ack.end().seq());
      assertThat(ack.end().timestamp()).isGreaterThanOrEqualTo(ack.start().timestamp());
    }
    assertThat(session.next()).isNull();
  }

  /** Inputs whose conditions mostly hold. */
  private static List<Input> script(Model model, Random random) {
    List<Input> inputs = new ArrayList<>();
    int seq = model.records.size();
    String token = model.fencingToken;
    for (int i = 0; i < INPUTS; i++) {
      List<Draft> records = new ArrayList<>();
      for (int j = 1 + random.nextInt(4); j > 0; j--) {
        records.add(record(random));
      }
      Input input = new Input(records, null, null);
      if (random.nextInt(3) == 0) {
        input = input.matching(random.nextInt(40) == 0 ? seq + 1 : seq);
      }
      if (random.nextInt(3) == 0) {
        input = input.fencedBy(random.nextInt(40) == 0 ? "other" : token);
      }
      inputs.add(input);
      seq += records.size();
      for (Draft record : records) {
        token = record.headers().isEmpty() ? token : record.body().toStringUtf8();
      }
    }
    return inputs;
  }

  private static Draft record(Random random) {
    if (random.nextInt(10) == 0) {
      ByteString token = ByteString.copyFromUtf8("t" + random.nextInt(3));
      return new Draft(null, List.of(Head.of("", "fence")), token);
    }
    byte[] body = new byte[random.nextInt(random.nextInt(20) == 0 ? 40_000 : 60)];
    random.nextBytes(body);
    return Draft.of(body);
  }
}
