package dev.parley.agent;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.pekko.util.ByteString;

/** Bytes cut into pieces as a network might. */
final class Cut {
  private Cut() {}

  /**
   * @param seed where to cut; about every {@code length}th byte
   */
  static List<ByteString> pieces(byte[] bytes, long seed, int length) {
    Random random = new Random(seed);
    List<ByteString> pieces = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int end = Math.min(bytes.length, at + 1 + random.nextInt(length));
      pieces.add(ByteString.fromArray(bytes, at, end - at));
      at = end;
    }
    return pieces;
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** All that a reader makes of a body. */
  static List<AgentOutput> outputs(AnswerReader reader, List<ByteString> pieces) {
    List<AgentOutput> outputs = new ArrayList<>();
    pieces.forEach(piece -> outputs.addAll(reader.read(piece)));
    outputs.addAll(reader.end());
    return outputs;
  }

  /** All that a reader makes of a body that comes at once. */
  static List<AgentOutput> outputs(AnswerReader reader, String body) {
    return outputs(reader, List.of(ByteString.fromArray(utf8(body))));
  }
}
