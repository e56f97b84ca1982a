package dev.parley.agent;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/** Reads a body that is a stream of messages. */
final class FrameReader implements AnswerReader {
  private final AnswerInProgress answer = new AnswerInProgress();
  private final Framing framing;
  private final BiConsumer<Framing.Frame, AnswerInProgress> understand;
  private final Consumer<AnswerInProgress> atEnd;

  /**
   * @param understand is given each message until one ends the answer
   * @param atEnd ends the answer when no message has
   */
  FrameReader(
      Framing framing,
      BiConsumer<Framing.Frame, AnswerInProgress> understand,
      Consumer<AnswerInProgress> atEnd) {
    this.framing = framing;
    this.understand = understand;
    this.atEnd = atEnd;
  }

  @Override
  public List<AgentOutput> read(ByteString bytes) {
    if (!answer.hasEnded()) {
      try {
        framing.feed(bytes, this::accept);
      } catch (TooLongException e) {
        answer.tooLong(e);
      }
    }
    return answer.take();
  }

  @Override
  public List<AgentOutput> end() {
    if (!answer.hasEnded()) {
      try {
        framing.end(this::accept);
      } catch (TooLongException e) {
        answer.tooLong(e);
      }
      if (!answer.hasEnded()) {
        atEnd.accept(answer);
      }
    }
    return answer.take();
  }

  private void accept(Framing.Frame frame) {
    if (!answer.hasEnded()) {
      understand.accept(frame, answer);
    }
  }
}
