package dev.parley.http.sessions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.entity.ReadEvent;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Json;
import dev.parley.session.Channel;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionId;
import dev.parley.session.Waitpoint;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * The outputs of waitpoints, which are records of the session's streams (trigger.md section 5.3).
 */
final class WaitOutputs {
  private final ActorSystem<?> system;
  private final Sessions sessions;

  WaitOutputs(ActorSystem<?> system, Sessions sessions) {
    this.system = system;
    this.sessions = sessions;
  }

  /** The output as JSON text; empty when it has none or its record was trimmed away. */
  CompletionStage<Optional<String>> of(SessionId session, Waitpoint.Outcome outcome) {
    Waitpoint.Output output = outcome.output();
    if (output == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return sessions
        .inspect(session, output.channel())
        .thenCompose(
            inspection ->
                // Where something behind that number was trimmed, the first record left may be
                // another one.
                output.fromSeq() < inspection.trimPoint()
                    ? CompletableFuture.completedFuture(Optional.<SequencedRecord>empty())
                    : sessions
                        .drain(session, output.channel(), output.fromSeq(), inspection)
                        .mapConcat(WaitOutputs::records)
                        .filter(record -> !record.content().isCommand())
                        .runWith(Sink.headOption(), system))
        .thenApplyAsync(
            record -> record.map(found -> text(found, output.channel())),
            system.executionContext()::execute);
  }

  private static List<SequencedRecord> records(ReadEvent event) {
    if (event instanceof ReadEvent.Failed failed) {
      throw new IllegalStateException(failed.reason());
    }
    return event instanceof ReadEvent.Batch batch ? batch.records().records() : List.of();
  }

  /** What was appended raw is the text itself; anything else is JSON. */
  private static String text(SequencedRecord record, Channel channel) {
    JsonNode data =
        Json.parse(record.content().body().array())
            .map(envelope -> envelope.path("data"))
            .orElseGet(() -> Json.object().path("data"));
    if (data.isMissingNode()) {
      return record.content().isControl() ? "" : record.content().body().utf8();
    }
    return data.isTextual() && !channel.isServerOnly() ? data.textValue() : Json.text(data);
  }
}
