package dev.parley.agent;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Answers with the text it was sent, bit for bit, word by word. A long text comes in about {@value
 * #MAX_PIECES} pieces at most.
 */
final class EchoAgent implements Agent {
  private static final int MAX_PIECES = 1_000;

  @Override
  public Source<AgentOutput, NotUsed> answer(Turn turn) {
    String text = turn.message().content();
    if (AnswerText.jsonBytes(text) > AgentOutput.MAX_ANSWER_BYTES) {
      return Source.single(
          new AgentOutput.Failed(
              "The message has more than " + AgentOutput.MAX_ANSWER_BYTES + " bytes.", false));
    }
    List<AgentOutput> outputs = new ArrayList<>();
    pieces(text).forEach(piece -> outputs.add(new AgentOutput.TextDelta(piece)));
    outputs.add(AgentOutput.Completed.of(text));
    return Source.from(outputs);
  }

  /**
   * Words with the white space behind them. White space is never half of a surrogate pair, so none
   * is cut.
   */
  static List<String> pieces(String text) {
    int atLeast = Math.max(1, text.length() / MAX_PIECES);
    List<String> pieces = new ArrayList<>();
    int start = 0;
    for (int i = 1; i < text.length(); i++) {
      boolean wordBegins =
          Character.isWhitespace(text.charAt(i - 1)) && !Character.isWhitespace(text.charAt(i));
      if (wordBegins && i - start >= atLeast) {
        pieces.add(text.substring(start, i));
        start = i;
      }
    }
    if (start < text.length()) {
      pieces.add(text.substring(start));
    }
    return pieces;
  }
}
