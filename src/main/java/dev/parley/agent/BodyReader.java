package dev.parley.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.pekko.util.ByteString;

/** Reads a body that is one JSON document, of at most {@link LineDecoder#MAX_LINE} bytes. */
final class BodyReader implements AnswerReader {
  private final AnswerInProgress answer = new AnswerInProgress();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final BiConsumer<Optional<ObjectNode>, AnswerInProgress> understand;

  /**
   * @param understand is given the object, or empty when the body is none, and ends the answer
   */
  BodyReader(BiConsumer<Optional<ObjectNode>, AnswerInProgress> understand) {
    this.understand = understand;
  }

  @Override
  public List<AgentOutput> read(ByteString bytes) {
    if (!answer.hasEnded()) {
      if (body.size() + bytes.size() > LineDecoder.MAX_LINE) {
        answer.tooLong(new TooLongException("more than " + LineDecoder.MAX_LINE + " bytes"));
      } else {
        body.writeBytes(bytes.toArrayUnsafe());
      }
    }
    return answer.take();
  }

  @Override
  public List<AgentOutput> end() {
    if (!answer.hasEnded()) {
      understand.accept(AgentJson.object(body.toString(StandardCharsets.UTF_8)), answer);
    }
    return answer.take();
  }
}
