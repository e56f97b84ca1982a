package dev.parley.http.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.agent.MessageRecord;
import dev.parley.entity.Inspection;
import dev.parley.entity.ReadEvent;
import dev.parley.entity.Sessions;
import dev.parley.session.Channel;
import dev.parley.session.SequencedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * Finds the answer to one message among the records of {@code .out} (across.md section 1). Whatever
 * else is said there, to messages before it, passes by.
 */
final class AnswerReader {
  private static final Duration PING_EVERY = Duration.ofSeconds(10);

  private final SentMessage sent;

  /** Of a writer who does not say which message it answers; what ends its turn does. */
  private @Nullable MessageRecord unassigned;

  /** Likewise, why there is no answer. */
  private @Nullable String unassignedError;

  private AnswerReader(SentMessage sent) {
    this.sent = sent;
  }

  /** The answer as it comes; the last element is the only end. */
  static Source<Answer, NotUsed> read(Sessions sessions, SentMessage sent) {
    return Source.completionStageSource(
            sessions
                .inspect(sent.id(), Channel.OUT)
                .thenApply(inspection -> records(sessions, sent, inspection)))
        .<Answer>statefulMapConcat(
            () -> {
              AnswerReader reader = new AnswerReader(sent);
              return reader::answers;
            })
        .takeWhile(answer -> !answer.isEnd(), true)
        .mapMaterializedValue(started -> NotUsed.getInstance());
  }

  /** Of a turn that is over all that will ever be said stands there, should it not be trimmed. */
  private static Source<ReadEvent, NotUsed> records(
      Sessions sessions, SentMessage sent, Inspection inspection) {
    return inspection.answeredTo() > sent.message().seq()
        ? sessions.drain(sent.id(), Channel.OUT, sent.answerFrom(), inspection)
        : sessions.followToTheEnd(
            sent.id(), Channel.OUT, sent.answerFrom(), inspection, PING_EVERY);
  }

  private List<Answer> answers(ReadEvent event) {
    if (event instanceof ReadEvent.Done) {
      return List.of(new Answer.Whole(unassigned));
    }
    if (event instanceof ReadEvent.Failed failed) {
      return List.of(new Answer.None(failed.reason()));
    }
    if (!(event instanceof ReadEvent.Batch batch)) {
      return List.of(new Answer.Waiting());
    }
    List<Answer> answers = new ArrayList<>();
    for (SequencedRecord record : batch.records().records()) {
      Optional<Answer> answer = answer(record);
      answer.ifPresent(answers::add);
      if (answer.filter(Answer::isEnd).isPresent()) {
        break;
      }
    }
    return answers;
  }

  private Optional<Answer> answer(SequencedRecord record) {
    if (record.content().isTurnComplete()) {
      return turnComplete(record.content().consumedSeq());
    }
    Optional<JsonNode> data = MessageRecord.data(record);
    if (data.isEmpty()) {
      return Optional.empty();
    }
    JsonNode replied = data.get().path("inReplyTo");
    boolean ours = replied.asText().equals(sent.message().id());
    return switch (data.get().path("type").asText()) {
      case "text-delta" -> ours ? Optional.of(piece(data.get())) : Optional.empty();
      case "error" -> error(data.get().path("error").asText(), ours, replied.isMissingNode());
      case "message" -> message(record, ours, replied.isMissingNode());
      default -> Optional.empty();
    };
  }

  private Optional<Answer> turnComplete(long consumed) {
    if (consumed < 0 || consumed >= sent.message().seq()) {
      return Optional.of(
          unassignedError == null
              ? new Answer.Whole(unassigned)
              : new Answer.None(unassignedError));
    }
    unassigned = null;
    unassignedError = null;
    return Optional.empty();
  }

  private Optional<Answer> error(String reason, boolean ours, boolean repliesToNone) {
    if (ours) {
      return Optional.of(new Answer.None(reason));
    }
    if (repliesToNone) {
      unassignedError = reason;
    }
    return Optional.empty();
  }

  private static Answer piece(JsonNode data) {
    return new Answer.Piece(
        data.path("messageId").asText(), data.path("index").asInt(), data.path("delta").asText());
  }

  private Optional<Answer> message(SequencedRecord record, boolean ours, boolean repliesToNone) {
    MessageRecord message = MessageRecord.of(record).orElse(null);
    if (ours) {
      return Optional.of(new Answer.Whole(message));
    }
    if (repliesToNone) {
      unassigned = message;
    }
    return Optional.empty();
  }
}
